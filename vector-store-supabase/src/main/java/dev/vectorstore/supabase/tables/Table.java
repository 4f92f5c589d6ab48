package dev.vectorstore.supabase.tables;

import dev.vectorstore.supabase.tables.ColumnType.Kind;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A table or view as PostgREST describes it. Immutable. */
public final class Table {
  /** The schema of which a name alone is told, where nothing says another one. */
  public static final String USUAL_SCHEMA = "public";

  private final String schema;
  private final String name;
  private final Map<String, Column> columns;
  private final Set<String> references;
  private final @Nullable MatchFunction match;

  /**
   * A table.
   *
   * @param references the tables that its foreign keys name, as schema.table
   * @param match the function that searches it
   */
  public Table(
      String schema,
      String name,
      List<Column> columns,
      Set<String> references,
      @Nullable MatchFunction match) {
    this.schema = schema;
    this.name = name;
    Map<String, Column> byName = new LinkedHashMap<>();
    columns.forEach(column -> byName.put(column.name(), column));
    this.columns = Collections.unmodifiableMap(byName);
    this.references = Set.copyOf(references);
    this.match = match;
  }

  public String schema() {
    return schema;
  }

  public String name() {
    return name;
  }

  /** Its name with that of its schema, as {@code rag.docs}. */
  public String qualified() {
    return qualified(schema, name);
  }

  public static String qualified(String schema, String name) {
    return schema + '.' + name;
  }

  public Collection<Column> columns() {
    return columns.values();
  }

  public @Nullable Column column(String column) {
    return columns.get(column);
  }

  /** The columns that have vectors. */
  public List<Column> vectors() {
    return columns().stream().filter(column -> column.is(Kind.VECTOR)).toList();
  }

  /** The tables that its foreign keys name, as schema.table. */
  Set<String> references() {
    return references;
  }

  public Optional<MatchFunction> match() {
    return Optional.ofNullable(match);
  }

  List<Column> key() {
    return columns().stream().filter(Column::key).collect(Collectors.toUnmodifiableList());
  }

  /** A table's key is never null; a view is described as nullable throughout. */
  boolean isView() {
    return columns().stream().anyMatch(column -> column.key() && column.nullable());
  }

  boolean hasAnyVector() {
    return columns().stream().anyMatch(c -> c.is(Kind.VECTOR) || c.is(Kind.FOREIGN_VECTOR));
  }

  /** A column that becomes a key of the payload, or null if there is none of this name. */
  public @Nullable Column payloadColumn(String column) {
    Column found = columns.get(column);
    return found == null || found.is(Kind.VECTOR) || found.is(Kind.FOREIGN_VECTOR) ? null : found;
  }
}
