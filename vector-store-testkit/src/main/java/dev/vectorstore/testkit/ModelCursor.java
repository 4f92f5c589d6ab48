package dev.vectorstore.testkit;

import dev.vectorstore.IdKind;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.util.UUID;

/** The model's cursors: the collection, the kind of the last id, and the id. */
final class ModelCursor {
  private ModelCursor() {}

  static String write(String collection, RecordId last) {
    return collection + ":" + last.kind() + ":" + last;
  }

  static RecordId read(String collection, String cursor) {
    for (IdKind kind : IdKind.values()) {
      String start = collection + ":" + kind + ":";
      if (cursor.startsWith(start)) {
        return id(kind, cursor.substring(start.length()));
      }
    }
    throw new InvalidRequest("the cursor isn't one of this collection; start the scan anew");
  }

  private static RecordId id(IdKind kind, String text) {
    return switch (kind) {
      case NUMBER -> RecordId.of(Long.parseLong(text));
      case UUID -> RecordId.of(UUID.fromString(text));
      case TEXT -> RecordId.of(text);
    };
  }
}
