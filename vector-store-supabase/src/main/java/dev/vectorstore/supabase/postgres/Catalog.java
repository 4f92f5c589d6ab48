package dev.vectorstore.supabase.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.VectorStores;
import dev.vectorstore.supabase.tables.Column;
import dev.vectorstore.supabase.tables.ColumnType;
import dev.vectorstore.supabase.tables.Table;
import dev.vectorstore.support.Attempt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads from Postgres' catalogs which tables there are, as the same {@link Table}s that PostgREST's
 * description gives. A table of the client's own schema goes by its name, one of another schema by
 * {@code schema.name}. A name that could be either is the former. Safe for threads.
 */
public final class Catalog {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Types are written as PostgREST writes them: with their length where they are an extension's. A
   * view's columns count as a key that may be null, which is how a view shows in that description.
   */
  private static final String COLUMNS =
      """
      select json_agg(json_build_object(
          'name', a.attname,
          'format', format_type(a.atttypid, case when t.typnamespace = 'pg_catalog'::regnamespace
            then null else a.atttypmod end),
          'nullable', not a.attnotnull,
          'key', c.relkind in ('v', 'm') or exists (
            select from pg_index i where i.indrelid = c.oid and i.indisprimary
              and a.attnum = any (i.indkey)),
          'metrics', (select json_agg(distinct split_part(o.opcname, '_', 2))
            from pg_depend d join pg_index i on i.indexrelid = d.objid and i.indrelid = c.oid
              join pg_opclass o on o.oid = any (i.indclass)
            where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
              and d.refobjid = c.oid and d.refobjsubid = a.attnum
              and o.opcname ~ '^(vector|halfvec)_(ip|l2|cosine)_ops$')) order by a.attnum)
        from pg_attribute a join pg_type t on t.oid = a.atttypid
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      """;

  /**
   * What row-level security lets the role see: "all" where it is off for the role or a policy says
   * true, "none" where no policy lets it read, else "some".
   */
  private static final String VISIBLE =
      """
      case
        when not row_security_active(c.oid) then 'all'
        when not exists (select from reading where permissive) then 'none'
        when exists (select from reading where permissive and condition = 'true')
          and not exists (select from reading where not permissive) then 'all'
        else 'some'
      end
      """;

  private static final String POLICIES =
      """
      with reading as (
        select p.polpermissive as permissive, pg_get_expr(p.polqual, p.polrelid) as condition
          from pg_policy p where p.polrelid = c.oid and p.polcmd in ('r', '*')
            and exists (select from unnest(p.polroles) r
              where r = 0 or pg_has_role(current_user, r, 'usage')))
      """;

  /** Where the comparisons of keys live whose types aren't Postgres' own, such as citext. */
  private static final String PATH =
      """
      (select coalesce(string_agg(distinct quote_ident(n.nspname), ','), '')
        from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
          join pg_type t on t.oid = a.atttypid join pg_namespace n on n.oid = t.typnamespace
        where i.indrelid = c.oid and i.indisprimary and n.nspname <> 'pg_catalog')
      """;

  private static final String TABLES =
      "select coalesce(json_agg(json_build_object('schema', n.nspname, 'name', c.relname, 'readable',"
          + " has_table_privilege(c.oid, 'select'), 'columns', ("
          + COLUMNS
          + "), 'visible', case when c.relrowsecurity then ("
          + POLICIES
          + " select "
          + VISIBLE
          + ") else 'all' end, 'references', (select json_agg(rn.nspname || '.' || r.relname) from"
          + " pg_constraint f join pg_class r on r.oid = f.confrelid join pg_namespace rn on rn.oid ="
          + " r.relnamespace where f.conrelid = c.oid and f.contype = 'f'), 'path', "
          + PATH
          + ") order by n.nspname = ?::text desc, length(n.nspname)), '[]'),"
          + " (select n.nspname from pg_extension e"
          + " join pg_namespace n on n.oid = e.extnamespace where e.extname = 'vector'),"
          + " (select has_schema_privilege(oid, 'usage') from pg_namespace where nspname = ?::text)"
          + " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
          + " where c.relkind in ('r', 'p', 'f', 'v', 'm') and not c.relispartition"
          + " and has_schema_privilege(n.oid, 'usage') and (n.nspname = ?::text";

  /** Postgres' own, and that of our SQL. */
  private static final String OTHERS =
      " or n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'vector_store')";

  /** What holds vectors, or is referred to by what does. */
  private static final String STORES =
      """
      and c.oid in (
        with vectors as (
          select a.attrelid as oid from pg_attribute a join pg_type t on t.oid = a.atttypid
            where t.typname in ('vector', 'halfvec', 'sparsevec') and a.attnum > 0
              and not a.attisdropped)
        select oid from vectors union all select f.confrelid from pg_constraint f
          join vectors v on v.oid = f.conrelid where f.contype = 'f'))
      """;

  private final PostgresClient calls;
  private final String schema;
  private final boolean alone;

  /**
   * A catalog.
   *
   * @param schema whose tables go by their names
   * @param alone whether those of other schemas are left out of the list
   */
  public Catalog(PostgresClient calls, String schema, boolean alone) {
    this.calls = calls;
    this.schema = schema;
    this.alone = alone;
  }

  public String schema() {
    return schema;
  }

  /** What row-level security lets the role see of a table. */
  enum Visible {
    ALL,
    SOME,
    NONE
  }

  /**
   * A table and how it is reached.
   *
   * @param table as PostgREST would describe it
   * @param readable whether the role may read it
   * @param visible what it sees of it
   * @param vectorSchema where pgvector lives
   * @param path the search path under which its keys compare as its index does
   * @param metrics those of the indexes on its vectors by the names of the columns, cosine where
   *     they don't say one
   */
  record Entry(
      Table table,
      boolean readable,
      Visible visible,
      String vectorSchema,
      String path,
      Map<String, Metric> metrics) {}

  /** Every table and view of the schema, and perhaps what looks like a store in others, by name. */
  Map<String, Entry> tables(Attempt attempt) {
    String sql = TABLES + (alone ? ")" : OTHERS + STORES);
    return read(sql, List.of(schema, schema, schema), attempt);
  }

  /** One table or view, or null if there is none of this name. Texts, since names are cut. */
  @Nullable Entry table(String name, Attempt attempt) {
    String sql =
        TABLES
            + " and c.relname = ?::text"
            + OTHERS
            + " and n.nspname || '.' || c.relname = ?::text)";
    Map<String, Entry> found = read(sql, List.of(schema, schema, schema, name, name), attempt);
    return found.isEmpty() ? null : found.values().iterator().next();
  }

  private Map<String, Entry> read(String sql, List<?> values, Attempt attempt) {
    return calls.read(
        attempt,
        session ->
            session.query(
                sql,
                values,
                rows -> {
                  rows.next();
                  requireSchema(rows.getObject(3));
                  return entries(rows.getString(1), rows.getString(2));
                }));
  }

  private void requireSchema(@Nullable Object usage) {
    if (usage == null) {
      throw new InvalidRequest(
          "the database has no schema "
              + VectorStores.shownName(schema)
              + "; check the URL's schema=");
    }
    if (usage.equals(false)) {
      throw new AccessDenied(
          "the role may not use the schema "
              + VectorStores.shownName(schema)
              + "; grant usage on it, or use another role");
    }
  }

  private Map<String, Entry> entries(String tables, @Nullable String vectorSchema) {
    if (vectorSchema == null) {
      throw new UnsupportedFeature(
          "the database has no pgvector; run create extension vector (on Supabase: in the schema"
              + " extensions)");
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    try {
      for (JsonNode table : JSON.readTree(tables)) {
        Table made = table(table);
        entries.putIfAbsent(
            made.schema().equals(schema) ? made.name() : made.qualified(),
            new Entry(
                made,
                table.path("readable").asBoolean(),
                Visible.valueOf(table.path("visible").asText().toUpperCase(Locale.ROOT)),
                vectorSchema,
                table.path("path").asText(),
                metrics(table, made)));
      }
    } catch (IOException impossible) {
      throw new MalformedResponse("the catalogs' answer isn't JSON");
    }
    return entries;
  }

  private static Map<String, Metric> metrics(JsonNode table, Table made) {
    Map<String, Metric> metrics = new HashMap<>();
    made.vectors().forEach(vector -> metrics.put(vector.name(), Metric.COSINE));
    for (JsonNode column : table.path("columns")) {
      JsonNode indexed = column.path("metrics");
      metrics.computeIfPresent(
          column.path("name").asText(),
          (name, usual) -> indexed.size() == 1 ? metric(indexed.path(0).asText()) : usual);
    }
    return metrics;
  }

  private static Metric metric(String indexed) {
    return switch (indexed) {
      case "ip" -> Metric.DOT;
      case "l2" -> Metric.EUCLIDEAN;
      default -> Metric.COSINE;
    };
  }

  private static Table table(JsonNode table) {
    List<Column> columns = new ArrayList<>();
    for (JsonNode column : table.path("columns")) {
      columns.add(
          new Column(
              column.path("name").asText(),
              ColumnType.of(column.path("format").asText()),
              column.path("nullable").asBoolean(),
              column.path("key").asBoolean()));
    }
    Set<String> references = new LinkedHashSet<>();
    table.path("references").forEach(reference -> references.add(reference.asText()));
    return new Table(
        table.path("schema").asText(), table.path("name").asText(), columns, references, null);
  }
}
