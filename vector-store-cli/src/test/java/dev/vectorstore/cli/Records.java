package dev.vectorstore.cli;

import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import java.util.Map;
import java.util.TreeMap;

/** Reads whole collections. */
final class Records {
  private Records() {}

  static VectorStore open(String url, String key) {
    return VectorStores.open(url, StoreOptions.builder().key(() -> key).build());
  }

  /** All records of a small collection by id. */
  static Map<RecordId, VectorRecord> all(VectorCollection collection) {
    Map<RecordId, VectorRecord> records = new TreeMap<>();
    ScanRequest request = ScanRequest.all().projection(Projection.all());
    for (ScanRequest next = request; next != null; ) {
      var page = collection.scan(next);
      page.records().forEach(record -> records.put(record.id(), record));
      next = page.next().map(request::from).orElse(null);
    }
    return records;
  }
}
