package dev.vectorstore.supabase.tables;

import dev.vectorstore.Projection;
import dev.vectorstore.VectorSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table as a collection: its key, which columns are vectors, and which are keys of the payload. A
 * vector has the name of its column, and none where it is the table's only one. Immutable.
 */
public final class TableShape {
  private final Table table;
  private final RowKey key;
  private final Map<String, VectorColumn> vectors;
  private final Map<String, VectorSpec> specs;

  /**
   * A table as a collection.
   *
   * @param specs of its vectors, by the names of the columns; one that isn't there isn't read
   */
  public TableShape(Table table, Map<String, VectorSpec> specs) {
    this.table = table;
    this.key = new RowKey(table.key());
    Map<String, VectorColumn> made = new LinkedHashMap<>();
    Map<String, VectorSpec> named = new LinkedHashMap<>();
    boolean only = table.vectors().size() == 1;
    for (Column column : table.vectors()) {
      VectorSpec spec = specs.get(column.name());
      if (spec != null) {
        String name = only ? VectorSpec.PLAIN : column.name();
        made.put(name, new VectorColumn(name, column, spec));
        named.put(name, spec);
      }
    }
    vectors = Collections.unmodifiableMap(made);
    this.specs = Collections.unmodifiableMap(named);
  }

  public Table table() {
    return table;
  }

  public RowKey key() {
    return key;
  }

  public Collection<VectorColumn> vectors() {
    return vectors.values();
  }

  /** Dimension and metric of each vector by its name. */
  Map<String, VectorSpec> specs() {
    return specs;
  }

  public VectorColumn vector(String name) {
    VectorColumn vector = vectors.get(name);
    if (vector == null) {
      throw new IllegalStateException("the core names vectors of the collection only");
    }
    return vector;
  }

  /** The vectors that a projection has, in the order of the columns. */
  public List<VectorColumn> vectors(Projection projection) {
    return vectors().stream().filter(vector -> projection.hasVector(vector.name())).toList();
  }

  /** What the column is read as, or null if it is read as no vector. */
  @Nullable VectorColumn vectorOf(Column column) {
    return vectors().stream()
        .filter(vector -> vector.column().equals(column))
        .findFirst()
        .orElse(null);
  }

  /** Whether neither a vector nor the payload holds the column. */
  boolean isUnread(Column column) {
    return table.payloadColumn(column.name()) == null && vectorOf(column) == null;
  }

  public boolean isWanted(Column column, Projection projection) {
    return table.payloadColumn(column.name()) != null
        && projection.fields().map(fields -> fields.contains(column.name())).orElse(true);
  }

  /** The columns to ask for, quoted. */
  public String select(Projection projection) {
    List<String> names = new ArrayList<>();
    for (Column column : table.columns()) {
      VectorColumn vector = vectorOf(column);
      boolean asVector = vector != null && projection.hasVector(vector.name());
      if (column.key() || asVector || isWanted(column, projection)) {
        names.add(Condition.quote(column.name()));
      }
    }
    return String.join(",", names);
  }

  public String order() {
    List<String> names = new ArrayList<>();
    key.columns().forEach(column -> names.add(Condition.quote(column.name()) + ".asc"));
    return String.join(",", names);
  }
}
