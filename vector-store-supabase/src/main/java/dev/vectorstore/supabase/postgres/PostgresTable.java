package dev.vectorstore.supabase.postgres;

import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.supabase.tables.Column;
import dev.vectorstore.supabase.tables.Table;
import dev.vectorstore.supabase.tables.TableShape;
import dev.vectorstore.supabase.tables.VectorColumn;

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

  /** The table, and the columns that become the payload as one row. */
  String fromRows(Projection projection) {
    StringBuilder columns = new StringBuilder();
    for (Column column : shape.table().columns()) {
      if (column.key() || shape.isWanted(column, projection)) {
        columns.append(columns.length() == 0 ? "" : ", ").append(name(column));
      }
    }
    return from() + ", lateral (select " + columns + ") " + row();
  }

  /** A name that no column has: that would be meant by it otherwise. */
  private String row() {
    String name = "r";
    while (shape.table().column(name) != null) {
      name += "r";
    }
    return name;
  }

  /** The row as JSON, and behind it the vectors that are asked for as bytes. */
  String select(Projection projection) {
    StringBuilder select = new StringBuilder("select row_to_json(" + row() + ")");
    for (VectorColumn vector : shape.vectors(projection)) {
      select.append(", ").append(ofVectors("vector_send"));
      select.append('(').append(asVector(vector)).append(')');
    }
    return select.toString();
  }

  /** The vectors as pgvector's full floats. */
  String asVector(VectorColumn vector) {
    String column = name(vector.column());
    return vector.isHalf() ? column + "::" + ofVectors("vector") : column;
  }

  String dimensionOf(Column vector) {
    return ofVectors("vector_dims") + "(" + name(vector) + ")";
  }

  /** What pgvector calls so. */
  String ofVectors(String name) {
    return SqlText.quote(entry.vectorSchema()) + '.' + name;
  }

  /** The distance of a metric. */
  String distance(Metric metric) {
    String operator =
        switch (metric) {
          case COSINE -> "<=>";
          case DOT -> "<#>";
          case EUCLIDEAN -> "<->";
        };
    return " operator(" + SqlText.quote(entry.vectorSchema()) + "." + operator + ") ";
  }

  /** What makes a distance a score. */
  static double score(Metric metric, double distance) {
    return metric == Metric.COSINE ? Math.max(-1, Math.min(1, 1 - distance)) : -distance + 0.0;
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
