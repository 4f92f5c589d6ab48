package dev.vectorstore.supabase;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.IdKind;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.PostgresDatabase;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * The owner of tables that {@link AdoptedStore} adopts: makes and drops them by plain SQL, as
 * people do who don't know this library. Safe for threads.
 */
final class AdoptedTables {
  /** Not the one that PostgREST serves, so that a table is a collection once it is adopted. */
  static final String SCHEMA = "rag";

  /** Of which the second writes elsewhere, by the caller's right to do so. */
  private static final String TRIGGERS =
      """
      create table rag.notes_of_changes (what text, at timestamptz default now());
      create function rag.touched() returns trigger language plpgsql as $$
        begin new.changed := now(); return new; end $$;
      create function rag.noted() returns trigger language plpgsql as $$
        begin
          if random() < 0.01 then insert into rag.notes_of_changes (what) values (tg_op); end if;
          return null;
        end $$;
      """;

  private final PostgresDatabase database;
  private final Map<String, Made> made = new ConcurrentHashMap<>();

  AdoptedTables(PostgresDatabase database) {
    this.database = database;
    database.sql(
        "create schema rag; create extension if not exists vector;"
            + " grant usage on schema rag to service_role; alter default privileges in schema rag"
            + " grant select, insert, update, delete on tables to service_role;"
            + TRIGGERS);
  }

  /** Does what only the owner may do, over connections that no restart of the server has cut. */
  <T> T asOwner(Function<SupabaseTables, T> work) {
    try (VectorStore owner = Reading.openAsOwner(database)) {
      return work.apply(owner.unwrap(SupabaseTables.class));
    }
  }

  /**
   * A table.
   *
   * @param plain which column of several has the vector without a name
   * @param lock who may write to it: a patch of {@link AdoptedCollection} reads before it
   */
  record Made(String name, AdoptedRows rows, Optional<String> plain, ReadWriteLock lock) {
    Made(String name, AdoptedRows rows, Optional<String> plain) {
      this(name, rows, plain, new ReentrantReadWriteLock());
    }
  }

  /** What is known of a table; of one that isn't there, what it would most likely be. */
  Made table(String name) {
    Made known = made.get(key(name));
    return known == null ? new Made(name, new AdoptedRows(false, ""), Optional.empty()) : known;
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
      boolean several = spec.vectors().size() > 1;
      boolean plain = several && spec.vectors().containsKey(VectorSpec.PLAIN);
      String only = several ? "" : spec.defaultVector().orElse("");
      made.put(
          key(spec.name()),
          new Made(
              spec.name(),
              new AdoptedRows(numbers, only),
              plain ? Optional.of(column(VectorSpec.PLAIN)) : Optional.empty()));
      return true;
    }
    return known.name().equals(spec.name());
  }

  private static String sql(CollectionSpec spec, String keyType) {
    String table = SCHEMA + ".\"" + spec.name() + "\"";
    StringBuilder columns = new StringBuilder();
    StringBuilder indexes = new StringBuilder();
    spec.vectors()
        .forEach(
            (name, vector) -> {
              String column = '"' + column(name) + '"';
              columns.append(", ").append(column).append(" vector(");
              columns.append(vector.dimension()).append(')');
              indexes.append(index(table, column, vector));
            });
    return "create table "
        + table
        + " (chunk "
        + keyType
        + " primary key, metadata jsonb not null default '{}'"
        + columns
        // What people have beside these: defaults, a generated column, and triggers of their own.
        + ", made timestamptz not null default now(), changed timestamptz, writer text default"
        + " current_user, size int generated always as (octet_length(metadata::text)) stored);\n"
        + "create index on "
        + table
        + " using gin (metadata jsonb_path_ops);\n"
        + "create trigger touched before insert or update on "
        + table
        + " for each row execute function rag.touched();\n"
        + "create trigger noted after insert or update or delete on "
        + table
        + " for each row execute function rag.noted();\n"
        + indexes;
  }

  private static String column(String vector) {
    return vector.equals(VectorSpec.PLAIN) ? "embedding" : vector;
  }

  /** Beyond 2,000 dimensions, as pgvector's own page says: of half precision. */
  private static String index(String table, String column, VectorSpec vector) {
    int dimension = vector.dimension();
    String ops =
        switch (vector.metric()) {
          case COSINE -> "_cosine_ops";
          case DOT -> "_ip_ops";
          case EUCLIDEAN -> "_l2_ops";
        };
    String indexed =
        dimension <= 2_000
            ? column + " vector" + ops
            : "(" + column + "::halfvec(" + dimension + ")) halfvec" + ops;
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
