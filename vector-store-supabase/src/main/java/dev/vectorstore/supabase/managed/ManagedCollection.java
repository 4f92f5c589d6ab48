package dev.vectorstore.supabase.managed;

import com.fasterxml.jackson.core.JsonParser;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.WriteMode;
import dev.vectorstore.supabase.tables.Advice;
import dev.vectorstore.supabase.tables.RequestTooLarge;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Batch;
import dev.vectorstore.support.Bounds;
import dev.vectorstore.support.CollectionEngine;
import dev.vectorstore.support.Legs;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.RankedFields;
import dev.vectorstore.support.RankedLegs;
import dev.vectorstore.support.RankedQuery;
import dev.vectorstore.support.ScanQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A collection that our SQL manages. Its functions mean every filter exactly, so counts, limits and
 * deletes are native. Safe for threads.
 */
public final class ManagedCollection implements CollectionEngine<FilterJson> {
  /** An answer's rows stay far below the gigabyte that Postgres' values can have. */
  private static final long PAGE_BYTES = 8L << 20;

  /** Each row also goes into its indexes, and on Supabase a statement has 8 seconds. */
  private static final int BATCH = 1_000;

  private final Description description;
  private final Functions functions;
  private final ManagedRequests requests;
  private final ManagedRows rows;
  private final ManagedSearches searches;

  ManagedCollection(Description description, Functions functions) {
    this.description = description;
    this.functions = functions;
    requests = new ManagedRequests(description);
    rows = new ManagedRows(info().spec().vectors(), description.adopted().isPresent());
    searches = new ManagedSearches(functions, requests, rows);
  }

  ManagedRequests requests() {
    return requests;
  }

  @Override
  public CollectionInfo info() {
    return description.info();
  }

  @Override
  public void check(VectorRecord record) {
    info().spec().check(record);
    description.adopted().ifPresent(table -> table.check(record));
  }

  @Override
  public Bounds<FilterJson> compile(Filter filter) {
    return Bounds.exactly(filter.accept(new ManagedFilterCompiler(description.texts())));
  }

  @Override
  public int maxBatchRecords() {
    return BATCH;
  }

  @Override
  public void write(Batch records, WriteMode mode, Attempt attempt) {
    try {
      functions.call(
          ServerFunction.WRITE,
          out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("operations");
            requests.upsert(out, records, mode);
            out.writeEndArray();
            out.writeEndObject();
          },
          JsonParser::getBooleanValue,
          attempt);
    } catch (InvalidRequest refused) {
      if (!(refused.getCause() instanceof RequestTooLarge) || records.size() == 1) {
        throw refused;
      }
      writeHalves(records, mode, attempt);
    }
  }

  private void writeHalves(Batch records, WriteMode mode, Attempt attempt) {
    int half = records.size() / 2;
    write(Batch.of(records.subList(0, half)), mode, attempt);
    try {
      write(Batch.of(records.subList(half, records.size())), mode, attempt);
    } catch (VectorStoreException failure) {
      throw new OutcomeUnknown(
          "the batch was too large for one request, and a first part is written; the next one"
              + " failed: "
              + failure.getMessage(),
          failure);
    }
  }

  @Override
  public List<VectorRecord> fetch(List<RecordId> ids, Projection projection, Attempt attempt) {
    return functions.call(
        ServerFunction.FETCH,
        out -> {
          requests.begin(out, requests.vectors(projection));
          ManagedRequests.ids(out, "ids", ids);
          requests.projection(out, projection);
          out.writeEndObject();
        },
        in -> rows.records(in, requests.vectors(projection)),
        attempt);
  }

  @Override
  public List<SearchHit> nearest(NearestQuery<FilterJson> query, Attempt attempt) {
    return searches.nearest(query, attempt);
  }

  @Override
  public List<List<SearchHit>> nearestBatch(
      List<NearestQuery<FilterJson>> queries, Attempt attempt) {
    return searches.nearestBatch(queries, attempt);
  }

  /** The function asks a short answer of an index again without it. */
  @Override
  public boolean fillsLimit() {
    return true;
  }

  @Override
  public boolean cutsTiesById() {
    return true;
  }

  @Override
  public List<List<SearchHit>> ranked(List<RankedQuery<FilterJson>> queries, Attempt attempt) {
    return searches.ranked(queries, attempt);
  }

  @Override
  public RankedLegs rankedLegs(
      NearestQuery<FilterJson> nearest, List<RankedQuery<FilterJson>> fields, Attempt attempt) {
    return searches.rankedLegs(nearest, fields, attempt);
  }

  @Override
  public Optional<Function<Attempt, Legs>> legs(
      NearestQuery<FilterJson> nearest,
      NearestQuery<FilterJson> matching,
      ScanQuery<FilterJson> lacking) {
    return Optional.of(attempt -> searches.legs(nearest, matching, lacking, attempt));
  }

  @Override
  public Page scan(ScanQuery<FilterJson> query, Attempt attempt) {
    return functions.call(
        ServerFunction.SCAN,
        out -> {
          requests.begin(out, requests.vectors(query.projection()));
          ManagedRequests.filter(out, "filter", query.filter());
          if (query.cursor() != null) {
            out.writeStringField("after", query.cursor());
          }
          out.writeNumberField("limit", query.pageSize());
          out.writeNumberField("bytes", PAGE_BYTES);
          requests.projection(out, query.projection());
          out.writeEndObject();
        },
        in -> rows.page(in, requests.vectors(query.projection())),
        attempt);
  }

  @Override
  public long count(Bounds<FilterJson> filter, Attempt attempt) {
    return functions.call(
        ServerFunction.COUNT,
        out -> {
          requests.begin(out);
          ManagedRequests.filter(out, "filter", filter.upper());
          out.writeEndObject();
        },
        JsonParser::getLongValue,
        attempt);
  }

  @Override
  public long patch(List<RecordId> ids, Payload set, Set<String> remove, Attempt attempt) {
    List<String> changed = new ArrayList<>(remove);
    changed.addAll(set.keys());
    return functions.call(
        ServerFunction.PATCH,
        out -> {
          requests.beginWrite(out);
          ManagedRequests.ids(out, "ids", ids);
          requests.patch(out, set, remove, changed);
          out.writeEndObject();
        },
        JsonParser::getLongValue,
        attempt);
  }

  @Override
  public void delete(List<RecordId> ids, Attempt attempt) {
    run(out -> ManagedRequests.ids(out, "delete", ids), attempt);
  }

  @Override
  public void deleteWhere(FilterJson filter, Attempt attempt) {
    run(out -> ManagedRequests.filter(out, "where", filter), attempt);
  }

  @Override
  public void deleteThose(List<RecordId> ids, @Nullable FilterJson filter, Attempt attempt) {
    run(
        out -> {
          ManagedRequests.ids(out, "delete", ids);
          ManagedRequests.filter(out, "where", filter);
        },
        attempt);
  }

  @Override
  public void deleteAll(Attempt attempt) {
    run(out -> out.writeBooleanField("all", true), attempt);
  }

  /** One operation of a write. */
  private void run(Functions.Request operation, Attempt attempt) {
    functions.call(
        ServerFunction.WRITE,
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("operations");
          requests.beginWrite(out);
          operation.write(out);
          out.writeEndObject();
          out.writeEndArray();
          out.writeEndObject();
        },
        JsonParser::getBooleanValue,
        attempt);
  }

  @Override
  public String explain(NearestQuery<FilterJson> query) {
    return searches.explain(query);
  }

  @Override
  public String explain(ScanQuery<FilterJson> query) {
    return "select "
        + ServerFunction.SCAN.sqlName()
        + "(...): "
        + query.pageSize()
        + " rows in the order of the ids"
        + FilterJson.outline(query.filter());
  }

  @Override
  public String explain(RankedQuery<FilterJson> query) {
    return searches.explain(query);
  }

  @Override
  public Optional<String> advice(Capability lacking) {
    boolean undeclared =
        lacking == Capability.RANKED_TEXT && RankedFields.of(info().spec()).isEmpty();
    return Optional.of(undeclared ? RankedFields.ADVICE : Advice.insteadOfManaged(lacking));
  }
}
