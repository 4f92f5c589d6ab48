package dev.vectorstore.supabase;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.IdKind;
import dev.vectorstore.Metric;
import dev.vectorstore.testkit.PostgresDatabase;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The owner of tables that {@link AdoptedStore} adopts: makes and drops them by plain SQL, as
 * people do who don't know this library. Safe for threads.
 */
final class AdoptedTables {
  /** Not the one that PostgREST serves, so that a table is a collection once it is adopted. */
  static final String SCHEMA = "rag";

  private final PostgresDatabase database;
  private final Map<String, Made> made = new ConcurrentHashMap<>();

  AdoptedTables(PostgresDatabase database) {
    this.database = database;
    database.sql("create schema rag; create extension if not exists vector");
  }

  /** A table, and who may write to it: a patch of {@link AdoptedCollection} reads before it. */
  record Made(String name, AdoptedRows rows, ReadWriteLock lock) {
    Made(String name, AdoptedRows rows) {
      this(name, rows, new ReentrantReadWriteLock());
    }
  }

  /** What is known of a table; of one that isn't there, what it would most likely be. */
  Made table(String name) {
    Made known = made.get(key(name));
    return known == null ? new Made(name, new AdoptedRows(false)) : known;
  }

  /**
   * Makes the table of a collection, unless there is one.
   *
   * @return false if there is one whose name differs in case
   */
  synchronized boolean make(CollectionSpec spec) {
    Made known = made.get(key(spec.name()));
    if (known == null) {
      boolean numbers =
          spec.idKinds().contains(IdKind.NUMBER) && !spec.idKinds().contains(IdKind.UUID);
      database.sql(sql(spec, numbers ? "bigint" : "text"));
      made.put(key(spec.name()), new Made(spec.name(), new AdoptedRows(numbers)));
      return true;
    }
    return known.name().equals(spec.name());
  }

  private static String sql(CollectionSpec spec, String keyType) {
    String table = SCHEMA + ".\"" + spec.name() + "\"";
    String made =
        "create table "
            + table
            + " (chunk "
            + keyType
            + " primary key, metadata jsonb not null default '{}'"
            + (spec.dimension().isPresent()
                ? ", embedding vector(" + spec.dimension().getAsInt() + ")"
                : "")
            + ");\ncreate index on "
            + table
            + " using gin (metadata jsonb_path_ops);\n";
    return spec.metric().isEmpty() ? made : made + index(spec, spec.metric().get(), table);
  }

  /** Beyond 2,000 dimensions, as pgvector's own page says: of half precision. */
  private static String index(CollectionSpec spec, Metric metric, String table) {
    int dimension = spec.dimension().orElseThrow();
    String ops =
        switch (metric) {
          case COSINE -> "_cosine_ops";
          case DOT -> "_ip_ops";
          case EUCLIDEAN -> "_l2_ops";
        };
    String indexed =
        dimension <= 2_000
            ? "embedding vector" + ops
            : "(embedding::halfvec(" + dimension + ")) halfvec" + ops;
    return "create index on " + table + " using hnsw (" + indexed + ");\n";
  }

  /** Drops a table that is adopted no more. */
  synchronized void drop(String name) {
    Made known = made.get(key(name));
    if (known != null && known.name().equals(name)) {
      database.sql("drop table " + SCHEMA + ".\"" + name + "\"");
      made.remove(key(name));
    }
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
