package dev.vectorstore.migration;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rows of the source as the target shall hold them, by their ids. Immutable. */
final class SourceRows {
  private final VectorCollection source;
  private final Mapping mapping;
  private final CollectionSpec target;

  SourceRows(VectorCollection source, Mapping mapping, CollectionSpec target) {
    this.source = source;
    this.mapping = mapping;
    this.target = target;
  }

  /** Those of the rows that are there and can be held. */
  Map<RecordId, VectorRecord> of(Collection<RecordId> ids) {
    Map<RecordId, VectorRecord> rows = new LinkedHashMap<>();
    if (!ids.isEmpty()) {
      SourceReads.fetch(source, ids)
          .forEach(row -> mapping.tryApply(row, target).ifPresent(r -> rows.put(r.id(), r)));
    }
    return rows;
  }
}
