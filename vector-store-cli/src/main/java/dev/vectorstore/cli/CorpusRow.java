package dev.vectorstore.cli;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One row of a table of the {@link Corpus}: its columns as plain Java values (text, long, boolean,
 * null, list, map), in the order of the table, and its embedding where the table has one.
 */
final class CorpusRow {

  private final String table;
  private final Map<String, @Nullable Object> columns;
  private final float[] embedding;

  CorpusRow(String table, Map<String, @Nullable Object> columns, float[] embedding) {
    this.table = table;
    this.columns = columns;
    this.embedding = embedding;
  }

  String table() {
    return table;
  }

  Map<String, @Nullable Object> columns() {
    return columns;
  }

  /** A copy of the embedding; empty for a row of {@code sources}. */
  Optional<float[]> embedding() {
    return embedding.length == 0 ? Optional.empty() : Optional.of(embedding.clone());
  }

  /** A column that holds text; a missing one is an error of the caller. */
  String text(String column) {
    return Objects.requireNonNull((String) columns.get(column), column);
  }

  /** The text whose embedding this row holds. */
  String embeddedText() {
    return embeddedText(columns);
  }

  /** Code is found by what it is for more often than by how it reads, so its summary counts too. */
  static String embeddedText(Map<String, @Nullable Object> columns) {
    Object summary = columns.get("summary");
    Object content = columns.get("content");
    return summary == null ? String.valueOf(content) : content + "\n\nSummary: " + summary;
  }
}
