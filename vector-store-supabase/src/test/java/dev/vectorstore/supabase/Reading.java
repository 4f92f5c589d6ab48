package dev.vectorstore.supabase;

import dev.vectorstore.CallOptions;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.PostgresDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How these tests open stores and read them whole. */
public final class Reading {
  static final List<String> PAGE_COLUMNS =
      List.of("url", "chunk_number", "content", "metadata", "source_id", "embedding");

  /** One attempt, and not a long one: a failure shows at once. */
  static final CallOptions ONCE =
      CallOptions.builder()
          .attemptTimeout(Duration.ofSeconds(20))
          .retry(RetryPolicy.none())
          .build();

  private Reading() {}

  static String address(ExistingSupabaseStore store) {
    return store.url().substring("postgrest:".length());
  }

  static VectorStore open(ExistingSupabaseStore store) {
    return Supabase.postgrest(address(store)).key(store::serviceKey).callOptions(ONCE).open();
  }

  /** The same store by a connection to its database. */
  static VectorStore openDirect(ExistingSupabaseStore store) {
    return openDirect(store, "postgres");
  }

  static VectorStore openDirect(ExistingSupabaseStore store, String role) {
    return Postgres.at(store.database().url(role)).callOptions(ONCE).open();
  }

  /** The store of the tables' owner, who alone can adopt them. */
  static VectorStore openAsOwner(PostgresDatabase database) {
    return Postgres.at(database.url("postgres")).callOptions(ONCE).open();
  }

  static Whole all(VectorCollection collection) {
    return all(collection, ScanRequest.all().projection(Projection.all()));
  }

  static Whole all(VectorCollection collection, ScanRequest request) {
    Whole whole = new Whole(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    ScanRequest next = request;
    while (true) {
      Page page = collection.scan(next);
      whole.records.addAll(page.records());
      whole.issues.addAll(page.issues());
      whole.pageSizes.add(page.records().size());
      if (page.next().isEmpty()) {
        return whole;
      }
      next = request.from(page.next().get());
    }
  }

  /** Everything that a scan gave. */
  record Whole(List<VectorRecord> records, List<RecordIssue> issues, List<Integer> pageSizes) {
    List<String> ids() {
      return records.stream().map(record -> record.id().toString()).toList();
    }

    VectorRecord only() {
      if (records.size() != 1) {
        throw new AssertionError("expected one record, but there are " + ids());
      }
      return records.get(0);
    }
  }
}
