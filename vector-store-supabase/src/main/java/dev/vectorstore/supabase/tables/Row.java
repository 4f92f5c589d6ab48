package dev.vectorstore.supabase.tables;

import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A row that was read.
 *
 * @param key the texts of its key columns
 * @param record the record, or null if none can hold it
 * @param issues what must be known of it
 * @param similarity what a search function says, empty for none and for NaN
 */
public record Row(
    List<String> key,
    @Nullable VectorRecord record,
    List<RecordIssue> issues,
    OptionalDouble similarity) {
  /** For answers that can't leave a row out and go on. */
  public VectorRecord requireRecord() {
    if (record == null) {
      throw new MalformedResponse(
          "a row can't be read: " + issues.get(0) + "; a scan leaves such rows out and lists them");
    }
    return record;
  }

  @Nullable RecordId id() {
    return record == null ? null : record.id();
  }
}
