package dev.vectorstore.supabase.tables;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionInfo.UnreadColumn;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.IdKind;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which tables are collections, and of what kind. */
public final class Discovery {
  private Discovery() {}

  /**
   * The tables that look like a store: with vectors, or referenced by one with vectors.
   *
   * @param tables by the names by which they are opened
   */
  public static Map<String, Table> stores(Map<String, Table> tables) {
    Set<String> referenced = new HashSet<>();
    for (Table table : tables.values()) {
      if (table.hasAnyVector() && !table.isView()) {
        referenced.addAll(table.references());
      }
    }
    Map<String, Table> stores = new TreeMap<>(tables);
    stores
        .values()
        .removeIf(
            table ->
                table.isView()
                    || !(table.hasAnyVector() || referenced.contains(table.qualified())));
    return stores;
  }

  /** Refuses a table whose rows can't be told apart. */
  public static void requireKey(Table table) {
    if (table.isView()) {
      throw new UnsupportedFeature(
          "it is a view, and nothing says that its rows are read once each; use the table below"
              + " it");
    }
    if (table.key().isEmpty()) {
      throw new UnsupportedFeature(
          "the table has no primary key, so its rows have no ids and can't be read page by page;"
              + " add one (alter table ... add primary key (...)), and let PostgREST reload its schema"
              + " (notify pgrst, 'reload schema')");
    }
    if (!new RowKey(table.key()).isUsable()) {
      throw new UnsupportedFeature(
          "the table's primary key has a column of jsonb or vectors, which can't be an id; add a"
              + " key of numbers, UUIDs or texts");
    }
  }

  /** A table that is read over PostgREST, under the name by which it was asked for. */
  public static CollectionInfo info(String name, TableShape shape) {
    boolean searched = !shape.vectors().isEmpty() && shape.table().match().isPresent();
    Set<Capability> more = searched ? EnumSet.of(Capability.VECTOR_SEARCH) : Set.of();
    return info(name, shape, more);
  }

  /** A table that is read with these capabilities, and those of every Postgres. */
  public static CollectionInfo info(String name, TableShape shape, Set<Capability> more) {
    Table table = shape.table();
    CollectionSpec.Builder spec = CollectionSpec.builder(name);
    List<IdKind> kinds = List.copyOf(shape.key().idKinds());
    spec.idKinds(kinds.get(0), kinds.toArray(new IdKind[0]));
    shape.specs().forEach((vector, each) -> VectorColumn.declare(spec, vector, each));
    Set<Capability> capabilities = EnumSet.of(Capability.DURABLE, Capability.REMOTE);
    capabilities.addAll(more);
    List<UnreadColumn> unread =
        table.columns().stream()
            .filter(shape::isUnread)
            .map(column -> new UnreadColumn(column.name(), column.type().format()))
            .toList();
    return CollectionInfo.of(spec.build(), capabilities).withUnreadColumns(unread);
  }
}
