package dev.vectorstore.supabase;

import dev.vectorstore.Metric;
import dev.vectorstore.Projection;

/**
 * How the rows of a table are asked for in SQL, by its name {@code t}. Immutable.
 *
 * @param shape the table as a collection
 * @param entry where pgvector is, and what is known of the table
 */
record PostgresTable(TableShape shape, Catalog.Entry entry) {
  String from() {
    Table table = shape.table();
    return " from " + SqlText.quote(table.schema()) + '.' + SqlText.quote(table.name()) + " t";
  }

  /** The table, and the columns that become the payload as one row {@code r}. */
  String fromRows(Projection projection) {
    StringBuilder columns = new StringBuilder();
    for (Column column : shape.table().columns()) {
      if (column.key() || shape.isWanted(column, projection)) {
        columns.append(columns.length() == 0 ? "" : ", ").append(name(column));
      }
    }
    return from() + ", lateral (select " + columns + ") r";
  }

  /** The row as JSON, and its vector as bytes if it is asked for. */
  String select(Projection projection) {
    Column vector = shape.vector();
    boolean asked = vector != null && projection.hasVectors();
    return "select row_to_json(r), "
        + (asked ? ofVectors("vector_send") + "(" + asVector() + ")" : "null::bytea");
  }

  /** The vectors as pgvector's full floats. */
  String asVector() {
    Column vector = shape.vector();
    if (vector == null) {
      throw new IllegalStateException("the table has no vectors");
    }
    return isHalf() ? name(vector) + "::" + ofVectors("vector") : name(vector);
  }

  boolean isHalf() {
    Column vector = shape.vector();
    return vector != null && vector.type().format().contains("halfvec");
  }

  /** What pgvector calls so. */
  String ofVectors(String name) {
    return SqlText.quote(entry.vectorSchema()) + '.' + name;
  }

  /** The distance of the table's metric. */
  String distance() {
    String operator =
        switch (entry.metric()) {
          case COSINE -> "<=>";
          case DOT -> "<#>";
          case EUCLIDEAN -> "<->";
        };
    return " operator(" + SqlText.quote(entry.vectorSchema()) + "." + operator + ") ";
  }

  /** What makes a distance a score. */
  double score(double distance) {
    return entry.metric() == Metric.COSINE
        ? Math.max(-1, Math.min(1, 1 - distance))
        : -distance + 0.0;
  }

  static String name(Column column) {
    return "t." + SqlText.quote(column.name());
  }

  String order() {
    StringBuilder order = new StringBuilder(" order by ");
    for (Column column : shape.key().columns()) {
      order.append(order.length() == 10 ? "" : ", ").append(name(column));
    }
    return order.toString();
  }
}
