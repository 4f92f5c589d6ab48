package dev.vectorstore.supabase;

import dev.vectorstore.Projection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table as a collection: its key, which column is the vector, and which are keys of the payload.
 * Immutable.
 */
final class TableShape {
  private final Table table;
  private final RowKey key;
  private final int dimension;

  /**
   * A table as a collection.
   *
   * @param dimension of its vectors, or 0 if it has none that can be read
   */
  TableShape(Table table, int dimension) {
    this.table = table;
    this.key = new RowKey(table.key());
    this.dimension = dimension;
  }

  Table table() {
    return table;
  }

  RowKey key() {
    return key;
  }

  int dimension() {
    return dimension;
  }

  /** The column that is read as vectors. */
  @Nullable Column vector() {
    return dimension == 0 ? null : table.vector().orElse(null);
  }

  boolean isWanted(Column column, Projection projection) {
    return table.payloadColumn(column.name()) != null
        && projection.fields().map(fields -> fields.contains(column.name())).orElse(true);
  }

  /** The columns to ask for, quoted. */
  String select(Projection projection) {
    Column vector = vector();
    List<String> names = new ArrayList<>();
    for (Column column : table.columns()) {
      boolean asVector = column.equals(vector) && projection.hasVectors();
      if (column.key() || asVector || isWanted(column, projection)) {
        names.add(Query.quote(column.name()));
      }
    }
    return String.join(",", names);
  }

  String order() {
    List<String> names = new ArrayList<>();
    key.columns().forEach(column -> names.add(Query.quote(column.name()) + ".asc"));
    return String.join(",", names);
  }
}
