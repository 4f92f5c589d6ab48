package dev.vectorstore.supabase.managed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.supabase.tables.Column;
import dev.vectorstore.supabase.tables.ColumnType;
import dev.vectorstore.supabase.tables.RowKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Checks before a record is sent whether an adopted table can hold it, as far as that is known by
 * then. Immutable.
 *
 * @param columns the keys that a payload can have
 * @param key the columns of its key
 */
record AdoptedTable(Set<String> columns, RowKey key) {
  static AdoptedTable of(JsonNode described) {
    Set<String> columns = new HashSet<>();
    described.path("columns").forEach(column -> columns.add(column.asText()));
    List<Column> key = new ArrayList<>();
    described
        .path("keyTypes")
        .forEach(type -> key.add(new Column("key", ColumnType.of(type.asText()), false, true)));
    return new AdoptedTable(columns, new RowKey(key));
  }

  void check(VectorRecord record) {
    if (!key.takes(record.id())) {
      throw new InvalidRequest(
          named(record.id())
              + " has an id that isn't a key of the table, whose columns are "
              + key.columns().stream().map(column -> column.type().format()).toList());
    }
    if (!columns.containsAll(record.payload().keys())) {
      throw new InvalidRequest(
          named(record.id())
              + " has a key that is no column of the table; put it below a column of jsonb, or add"
              + " the column and adopt the table again");
    }
  }

  /** Shortened: a text id can be 512 bytes long. */
  private static String named(RecordId id) {
    String text = id.toString();
    return "the record with "
        + id.kind().name().toLowerCase(Locale.ROOT)
        + " id "
        + (text.length() <= 80 ? text : text.substring(0, 80) + "...");
  }
}
