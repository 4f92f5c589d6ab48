package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.List;

/** A collection whose records are known, and what each filter must select of them. */
final class FilterCheck {
  private final VectorCollection collection;
  private final List<VectorRecord> records;

  private FilterCheck(VectorCollection collection, List<VectorRecord> records) {
    this.collection = collection;
    this.records = records;
  }

  /** Writes a record for each payload: ids from 0, a vector each, in the order given. */
  static FilterCheck of(VectorCollection collection, List<Payload> payloads) {
    List<VectorRecord> records = new ArrayList<>();
    for (Payload payload : payloads) {
      records.add(Samples.record(records.size(), payload));
    }
    collection.upsert(records);
    return new FilterCheck(collection, records);
  }

  /** Writes a record for each value, at the key "x"; the first is without the key. */
  static FilterCheck ofValues(VectorCollection collection, List<Object> values) {
    List<Payload> payloads = new ArrayList<>();
    payloads.add(Payload.empty());
    values.forEach(value -> payloads.add(Samples.payload("x", value)));
    return of(collection, payloads);
  }

  VectorCollection collection() {
    return collection;
  }

  List<VectorRecord> records() {
    return records;
  }

  /** Count, scan and search select exactly what {@link Filter#test} does. */
  void agrees(Filter filter) {
    List<RecordId> expected =
        records.stream().filter(filter::test).map(VectorRecord::id).sorted().toList();
    assertThat(scanned(filter)).as("scan of %s", filter).isEqualTo(expected);
    assertThat(collection.count(filter)).as("count of %s", filter).isEqualTo(expected.size());
    if (collection.capabilities().contains(Capability.VECTOR_SEARCH)) {
      assertThat(found(filter)).as("search of %s", filter).isEqualTo(expected);
    }
  }

  /** The same for the filter and its complement. */
  void agreesBothWays(Filter filter) {
    agrees(filter);
    agrees(Filter.not(filter));
  }

  /** By scan alone. */
  List<RecordId> scanned(Filter filter) {
    ScanRequest request = ScanRequest.all().filter(filter).projection(Projection.ids());
    return Samples.ids(Samples.scan(collection, request)).stream().sorted().toList();
  }

  private List<RecordId> found(Filter filter) {
    Embedding query = Samples.vector(1, 1, 1, 1);
    SearchRequest request =
        SearchRequest.nearest(query)
            .filter(filter)
            .limit(Math.max(1, records.size()))
            .projection(Projection.ids());
    return collection.search(request).stream().map(SearchHit::id).sorted().toList();
  }
}
