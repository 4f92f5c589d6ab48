package dev.vectorstore.supabase.tables;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.vectorstore.IdKind;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.supabase.tables.ColumnType.Kind;
import dev.vectorstore.support.PayloadJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Makes ids of the primary keys of a table, and keys of ids. A key of one column is an id of the
 * column's kind. A key of several columns is the text that is their JSON array; so is that of a
 * negative number. A key is held as the texts of its columns, as Postgres prints and takes them.
 * Immutable.
 */
public final class RowKey {
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,19}");
  private static final Pattern CANONICAL_UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final List<Column> columns;

  public RowKey(List<Column> columns) {
    this.columns = List.copyOf(columns);
  }

  public List<Column> columns() {
    return columns;
  }

  int size() {
    return columns.size();
  }

  /** Whether each column prints as one text that compares as it is stored. */
  boolean isUsable() {
    return !columns.isEmpty()
        && columns.stream()
            .noneMatch(c -> c.is(Kind.JSONB) || c.is(Kind.VECTOR) || c.is(Kind.FOREIGN_VECTOR));
  }

  /** Whether two texts of a key are equal exactly where their rows are the same. */
  boolean isComparable() {
    return columns.stream()
        .allMatch(
            c -> c.is(Kind.INTEGER) || c.is(Kind.TEXT) || c.is(Kind.UUID) || c.is(Kind.BOOLEAN));
  }

  Set<IdKind> idKinds() {
    if (size() > 1) {
      return Set.of(IdKind.TEXT);
    }
    return switch (columns.get(0).type().kind()) {
      case INTEGER -> Set.of(IdKind.NUMBER, IdKind.TEXT);
      case UUID -> Set.of(IdKind.UUID);
      default -> Set.of(IdKind.TEXT);
    };
  }

  /**
   * The id of a row.
   *
   * @param texts the texts of its key columns
   * @throws InvalidRequest if no id can be this key
   */
  RecordId id(List<String> texts) {
    String first = texts.get(0);
    if (size() > 1) {
      return RecordId.of(array(texts));
    }
    return switch (columns.get(0).type().kind()) {
      case INTEGER ->
          first.startsWith("-") ? RecordId.of(array(texts)) : RecordId.of(Long.parseLong(first));
      case UUID -> RecordId.of(UUID.fromString(first));
      default -> RecordId.of(first);
    };
  }

  /**
   * The key columns of an id.
   *
   * @return their texts, or empty if no row of this table can have that id
   */
  public Optional<List<String>> texts(RecordId id) {
    Kind kind = columns.get(0).type().kind();
    if (id instanceof RecordId.NumberId number) {
      boolean fits =
          size() == 1 && kind == Kind.INTEGER && columns.get(0).type().holds(number.value());
      return fits ? Optional.of(List.of(number.toString())) : Optional.empty();
    }
    if (id instanceof RecordId.UuidId uuid) {
      return size() == 1 && kind == Kind.UUID
          ? Optional.of(List.of(uuid.toString()))
          : Optional.empty();
    }
    if (size() == 1 && kind != Kind.INTEGER) {
      return kind == Kind.UUID ? Optional.empty() : Optional.of(List.of(id.toString()));
    }
    // Only the text that id() would make names a row.
    return parse(id.toString())
        .filter(texts -> array(texts).equals(id.toString()))
        .filter(texts -> size() > 1 || texts.get(0).startsWith("-"));
  }

  /** Whether a row can have this id; of several columns, without a look at how it is written. */
  public boolean takes(RecordId id) {
    return size() == 1
        ? texts(id).isPresent()
        : id instanceof RecordId.TextId && parse(id.toString()).isPresent();
  }

  /** The text of the array, for cursors, messages and ids. */
  public String array(List<String> texts) {
    StringBuilder array = new StringBuilder("[");
    for (int i = 0; i < texts.size(); i++) {
      Column column = columns.get(i);
      boolean bare = column.is(Kind.INTEGER) || column.is(Kind.BOOLEAN);
      array
          .append(i == 0 ? "" : ",")
          .append(bare ? texts.get(i) : PayloadJson.toText(new Value.StringValue(texts.get(i))));
    }
    return array.append(']').toString();
  }

  /** Reads what {@link #array} wrote; empty if it is something else. */
  public Optional<List<String>> parse(String array) {
    List<String> texts = new ArrayList<>(size());
    try (JsonParser in = PayloadJson.factory().createParser(array)) {
      if (in.nextToken() != JsonToken.START_ARRAY) {
        return Optional.empty();
      }
      while (in.nextToken() != null && in.currentToken().isScalarValue()) {
        texts.add(in.getText());
      }
      boolean whole = in.currentToken() == JsonToken.END_ARRAY && in.nextToken() == null;
      return whole && fits(texts) ? Optional.of(texts) : Optional.empty();
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }

  private boolean fits(List<String> texts) {
    if (texts.size() != size()) {
      return false;
    }
    for (int i = 0; i < size(); i++) {
      if (!fits(columns.get(i), texts.get(i))) {
        return false;
      }
    }
    return true;
  }

  static boolean isCanonicalUuid(String text) {
    return CANONICAL_UUID.matcher(text).matches();
  }

  private static boolean fits(Column column, String text) {
    return switch (column.type().kind()) {
      case INTEGER -> INTEGER.matcher(text).matches() && inRange(column, text);
      case UUID -> isCanonicalUuid(text);
      case BOOLEAN -> text.equals("true") || text.equals("false");
      default -> true;
    };
  }

  private static boolean inRange(Column column, String text) {
    try {
      long value = Long.parseLong(text);
      return column.type().holds(value) && Long.toString(value).equals(text);
    } catch (NumberFormatException beyond) {
      return false;
    }
  }
}
