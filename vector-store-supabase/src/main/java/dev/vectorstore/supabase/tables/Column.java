package dev.vectorstore.supabase.tables;

/**
 * A column of a table.
 *
 * @param name its name
 * @param type its type
 * @param nullable whether it can be null
 * @param key whether it belongs to the primary key
 */
public record Column(String name, ColumnType type, boolean nullable, boolean key) {
  public boolean is(ColumnType.Kind kind) {
    return type.kind() == kind;
  }
}
