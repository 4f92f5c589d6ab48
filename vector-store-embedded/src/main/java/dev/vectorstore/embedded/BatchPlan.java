package dev.vectorstore.embedded;

import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.WriteBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.document.Document;

/**
 * Plans what a batch leaves of each id of one collection, before anything is written. Whatever can
 * fail has failed by then. One thread makes the plan and carries it out, alone with the collection.
 */
final class BatchPlan {
  private final CollectionIndex index;
  private final Map<RecordId, Optional<VectorRecord>> outcome = new LinkedHashMap<>();
  private final Map<RecordId, Document> documents = new LinkedHashMap<>();

  BatchPlan(CollectionIndex index) {
    this.index = index;
  }

  /** Takes up the next operation of the batch, which sees what those before it leave. */
  void add(WriteBatch.Operation operation, Deadline deadline) throws IOException {
    if (operation instanceof WriteBatch.Upsert upsert) {
      upsert.records().forEach(record -> outcome.put(record.id(), Optional.of(record)));
    } else if (operation instanceof WriteBatch.Delete delete) {
      delete.ids().forEach(this::remove);
    } else if (operation instanceof WriteBatch.DeleteWhere delete) {
      List<RecordId> selected = new ArrayList<>();
      outcome.forEach(
          (id, record) -> record.filter(delete.filter()::test).ifPresent(r -> selected.add(id)));
      index.matching(FilterCompiler.compile(delete.filter(), index.lateTexts()), deadline).stream()
          .filter(id -> !outcome.containsKey(id))
          .forEach(selected::add);
      selected.forEach(this::remove);
    }
  }

  private void remove(RecordId id) {
    outcome.put(id, Optional.empty());
  }

  /** Makes the documents, and sees that the index can be written. */
  void prepare() throws IOException {
    index.requireOpen();
    for (Map.Entry<RecordId, Optional<VectorRecord>> entry : outcome.entrySet()) {
      if (entry.getValue().isPresent()) {
        documents.put(entry.getKey(), index.document(entry.getValue().get()));
      }
    }
  }

  /** Writes; nothing here depends on the batch's contents any more. */
  void carryOut() throws IOException {
    for (Map.Entry<RecordId, Document> entry : documents.entrySet()) {
      index.put(entry.getKey(), entry.getValue());
    }
    List<RecordId> removed = new ArrayList<>(outcome.keySet());
    removed.removeAll(documents.keySet());
    index.remove(removed);
  }
}
