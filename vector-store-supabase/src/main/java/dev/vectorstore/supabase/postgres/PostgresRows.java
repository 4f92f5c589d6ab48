package dev.vectorstore.supabase.postgres;

import dev.vectorstore.Metric;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.supabase.tables.Condition;
import dev.vectorstore.supabase.tables.Found;
import dev.vectorstore.supabase.tables.Keyset;
import dev.vectorstore.supabase.tables.PageBudget;
import dev.vectorstore.supabase.tables.Row;
import dev.vectorstore.supabase.tables.RowReader;
import dev.vectorstore.supabase.tables.TableShape;
import dev.vectorstore.supabase.tables.VectorColumn;
import dev.vectorstore.supabase.tables.VectorText;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.ScanQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Reads and searches the rows of one table by SQL. Safe for threads. */
final class PostgresRows {
  private final PostgresTable table;
  private final TableShape shape;
  private final PostgresClient calls;
  private final PageBudget budget = new PageBudget();
  private final AtomicBoolean seen = new AtomicBoolean();

  PostgresRows(PostgresTable table, PostgresClient calls) {
    this.table = table;
    this.shape = table.shape();
    this.calls = calls;
  }

  /** A page by keyset, which ends early where its rows are long. */
  Page scan(ScanQuery<Condition> query, Attempt attempt) {
    int limit = budget.rows(query.pageSize());
    Page page;
    try {
      page = run(statement(query, limit), attempt, rows -> page(query.projection(), limit, rows));
    } catch (Unavailable tooSlow) {
      budget.halve(); // the next attempt asks for less, in case it was too much
      throw tooSlow;
    }
    if (query.cursor() == null) {
      requireSight(!page.records().isEmpty() || !page.issues().isEmpty(), attempt);
    }
    return page;
  }

  /**
   * The rows of a page: at most so many, and none behind the one that fills it. The driver holds a
   * whole answer, so the server has to cut it, by what it sends and not by what it stores.
   */
  SqlText statement(ScanQuery<Condition> query, int limit) {
    List<String> columns = new ArrayList<>(List.of("j"));
    shape.vectors(query.projection()).forEach(vector -> columns.add("v" + columns.size()));
    String all = String.join(", ", columns);
    StringJoiner length = new StringJoiner(" + ");
    columns.forEach(column -> length.add("coalesce(pg_column_size(" + column + "), 0)"));
    SqlText sql = new SqlText().add("select " + all + " from (select " + all + ", sum(" + length);
    sql.add(") over (rows between unbounded preceding and 1 preceding) as sent from (");
    rows(sql, query, limit);
    sql.add(") as page(" + all + ")) as cut where coalesce(sent, 0) < " + PageBudget.BYTES);
    return sql;
  }

  private void rows(SqlText sql, ScanQuery<Condition> query, int limit) {
    List<Condition> conditions = new ArrayList<>();
    if (query.filter() != null) {
      conditions.add(query.filter());
    }
    if (query.cursor() != null) {
      conditions.add(Keyset.after(shape.key(), cursor(query.cursor())));
    }
    sql.add(table.select(query.projection())).add(table.fromRows(query.projection()));
    where(sql, conditions).add(table.order()).add(" limit " + limit);
  }

  int pageRows(int wanted) {
    return budget.rows(wanted);
  }

  private List<String> cursor(String cursor) {
    return shape
        .key()
        .parse(cursor)
        .orElseThrow(
            () ->
                new InvalidRequest(
                    "the cursor isn't a key of the table; start the scan without a cursor"));
  }

  private Page page(Projection projection, int limit, ResultSet rows) throws SQLException {
    List<VectorRecord> records = new ArrayList<>();
    List<RecordIssue> issues = new ArrayList<>();
    List<String> last = null;
    int count = 0;
    long bytes = 0;
    while (rows.next()) {
      byte[] json = rows.getBytes(1);
      Map<String, byte @Nullable []> vectors = vectors(projection, rows);
      Row row = RowReader.read(shape, projection, json, vectors);
      last = row.key();
      count++;
      bytes += json.length + lengths(vectors);
      issues.addAll(row.issues());
      if (row.record() != null) {
        records.add(row.record());
      }
    }
    budget.read(count, bytes);
    // The server counts headers too, of four bytes at most.
    long counted = bytes + 8L * count * (1 + shape.vectors(projection).size());
    boolean end = count < limit && counted < PageBudget.BYTES;
    Optional<String> next =
        end ? Optional.empty() : Optional.ofNullable(last).map(shape.key()::array);
    return new Page(records, next, issues);
  }

  /** The rows that are there. */
  List<VectorRecord> fetch(List<RecordId> ids, Projection projection, Attempt attempt) {
    List<Condition> wanted = new ArrayList<>();
    for (RecordId id : ids) {
      shape.key().texts(id).ifPresent(texts -> wanted.add(Keyset.is(shape.key(), texts)));
    }
    if (wanted.isEmpty()) {
      return List.of();
    }
    SqlText sql = new SqlText().add(table.select(projection)).add(table.fromRows(projection));
    where(sql, List.of(Condition.or(wanted)));
    List<VectorRecord> found =
        run(sql, attempt, rows -> records(Set.copyOf(ids), projection, rows));
    requireSight(!found.isEmpty(), attempt);
    return found;
  }

  private List<VectorRecord> records(Set<RecordId> asked, Projection projection, ResultSet rows)
      throws SQLException {
    List<VectorRecord> records = new ArrayList<>();
    while (rows.next()) {
      VectorRecord record = row(projection, rows).requireRecord();
      if (asked.contains(record.id())) { // a type may have several texts for one value
        records.add(record);
      }
    }
    return records;
  }

  private Row row(Projection projection, ResultSet rows) throws SQLException {
    return RowReader.read(shape, projection, rows.getBytes(1), vectors(projection, rows));
  }

  private Map<String, byte @Nullable []> vectors(Projection projection, ResultSet rows)
      throws SQLException {
    Map<String, byte @Nullable []> vectors = new LinkedHashMap<>();
    int column = 1;
    for (VectorColumn vector : shape.vectors(projection)) {
      vectors.put(vector.name(), rows.getBytes(++column));
    }
    return vectors;
  }

  private static long lengths(Map<String, byte @Nullable []> vectors) {
    long bytes = 0;
    for (byte[] vector : vectors.values()) {
      bytes += vector == null ? 0 : vector.length;
    }
    return bytes;
  }

  long count(@Nullable Condition condition, Attempt attempt) {
    SqlText sql = new SqlText().add("select count(*)").add(table.from());
    where(sql, condition == null ? List.of() : List.of(condition));
    long count =
        run(
            sql,
            attempt,
            rows -> {
              rows.next();
              return rows.getLong(1);
            });
    requireSight(count > 0, attempt);
    return count;
  }

  /** Nearest first; rows whose vector is null or has zeros only are no hits. */
  List<SearchHit> nearest(NearestQuery<Condition> query, Attempt attempt) {
    Metric metric = shape.vector(query.using()).spec().metric();
    List<SearchHit> hits =
        Found.enough(
            query.limit(),
            limit -> {
              NearestQuery<Condition> asked = query.withLimit(limit);
              Found found = run(statement(asked), attempt, rows -> found(metric, asked, rows));
              requireSight(found.rows() > 0, attempt);
              return found;
            });
    return hits.subList(0, Math.min(hits.size(), query.limit()));
  }

  private Found found(Metric metric, NearestQuery<Condition> query, ResultSet rows)
      throws SQLException {
    int distance = distancePlace(query);
    List<SearchHit> hits = new ArrayList<>();
    int count = 0;
    int leftOut = 0;
    while (rows.next()) {
      count++;
      double score = PostgresTable.score(metric, rows.getDouble(distance));
      if (!Double.isNaN(score)) {
        VectorRecord record = row(query.projection(), rows).record();
        if (record == null) {
          leftOut++;
        } else {
          hits.add(SearchHit.of(record, score, ScoreKind.METRIC));
        }
      }
    }
    return new Found(hits, count, leftOut);
  }

  /** Behind the row and its vectors. */
  private int distancePlace(NearestQuery<Condition> query) {
    return 2 + shape.vectors(query.projection()).size();
  }

  /** The table's own index may answer, unless the search is exact: no index has a distance + 0. */
  SqlText statement(NearestQuery<Condition> query) {
    VectorColumn searched = shape.vector(query.using());
    Metric metric = searched.spec().metric();
    List<Condition> conditions = new ArrayList<>(List.of(Condition.isNotNull(searched.column())));
    if (query.filter() != null) {
      conditions.add(query.filter());
    }
    String vector = VectorText.write(query.vector());
    SqlText sql = new SqlText().add(table.select(query.projection()));
    sql.add(", (" + table.asVector(searched) + table.distance(metric)).bind(vector);
    sql.add("::" + table.ofVectors("vector)")).add(query.exact() ? " + 0" : "");
    where(sql.add(table.fromRows(query.projection())), conditions);
    if (searched.takesOthers()) {
      sql.add(" and " + table.dimensionOf(searched.column()) + " = " + query.vector().dimension());
    }
    if (metric != Metric.COSINE) { // under which zeros have no distance
      sql.add(" and " + table.ofVectors("vector_norm") + "(" + table.asVector(searched) + ") > 0");
    }
    sql.add(" order by ");
    if (searched.isHalf() && !query.exact()) {
      sql.add(PostgresTable.name(searched.column()) + table.distance(metric)).bind(vector);
      sql.add("::" + table.ofVectors("halfvec"));
    } else {
      sql.add(Integer.toString(distancePlace(query)));
    }
    return sql.add(" limit " + query.limit());
  }

  private static SqlText where(SqlText sql, List<Condition> conditions) {
    return conditions.isEmpty() ? sql : sql.add(" where ").condition(Condition.and(conditions));
  }

  private <T> T run(SqlText sql, Attempt attempt, PostgresSession.Rows<T> rows) {
    String path = table.entry().path();
    return calls.read(attempt, session -> session.query(path, sql.toString(), sql.values(), rows));
  }

  /**
   * Nothing to see isn't nothing there, where row-level security stands between.
   *
   * @param any whether the answer has rows; else the table is asked for any, unless one was seen
   */
  private void requireSight(boolean any, Attempt attempt) {
    if (any || seen.get() || table.entry().visible() == Catalog.Visible.ALL) {
      seen.compareAndSet(false, any);
      return;
    }
    SqlText sql =
        new SqlText()
            .add("select exists (select")
            .add(table.from())
            .add("), greatest(c.reltuples, pg_stat_get_live_tuples(c.oid)) > 0 from pg_class c")
            .add(" join pg_namespace n on n.oid = c.relnamespace where n.nspname = ")
            .bind(shape.table().schema())
            .add(" and c.relname = ")
            .bind(shape.table().name());
    boolean hidden =
        run(
            sql,
            attempt,
            rows -> {
              boolean there = rows.next();
              seen.compareAndSet(false, there && rows.getBoolean(1));
              return there && !rows.getBoolean(1) && rows.getBoolean(2);
            });
    if (hidden) {
      throw new AccessDenied(PostgresTables.HIDDEN);
    }
  }
}
