package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Payloads written, and read again in every way there is. */
final class RoundTrip {
  private RoundTrip() {}

  /** Asserts that payloads come back equal from a collection of four dimensions. */
  static void assertEqual(VectorCollection collection, List<Payload> payloads) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < payloads.size(); i++) {
      records.add(Samples.record(i, payloads.get(i)));
    }
    collection.upsert(records);
    compare("fetch", collection.fetch(Samples.ids(records), Projection.payload()), records);
    compare("scan", Samples.all(collection), records);
    SearchRequest nearest =
        SearchRequest.nearest(Samples.vector(1, 0, 0, 0)).limit(payloads.size());
    Near.records(collection, nearest).ifPresent(found -> compare("search", found, records));
  }

  /** Key by key, so that a failure shows the value and not thousands. */
  private static void compare(String way, List<VectorRecord> read, List<VectorRecord> written) {
    Map<RecordId, Payload> actual = Samples.payloads(read);
    assertThat(actual.keySet())
        .as("records that %s returns", way)
        .isEqualTo(Samples.payloads(written).keySet());
    for (VectorRecord record : written) {
      Map<String, Value> values =
          Objects.requireNonNull(actual.get(record.id())).toValue().entries();
      record
          .payload()
          .toValue()
          .entries()
          .forEach(
              (key, value) ->
                  assertThat(values).as("payload as %s returns it", way).containsEntry(key, value));
      assertThat(values).as("no other keys by %s", way).hasSize(record.payload().keys().size());
    }
  }
}
