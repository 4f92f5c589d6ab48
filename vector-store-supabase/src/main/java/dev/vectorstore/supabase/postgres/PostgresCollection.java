package dev.vectorstore.supabase.postgres;

import dev.vectorstore.CollectionInfo;
import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.supabase.tables.Condition;
import dev.vectorstore.supabase.tables.ReadOnlyCollection;
import dev.vectorstore.supabase.tables.RowFilterCompiler;
import dev.vectorstore.supabase.tables.Table;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Bounds;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.ScanQuery;
import java.util.List;

/** An existing table as a collection that is read by SQL. Safe for threads. */
final class PostgresCollection implements ReadOnlyCollection<Condition> {
  /** As many as the doubles have that people write; where there are more, rows are tested. */
  private static final int MOST_SPELLINGS = 64;

  private final CollectionInfo info;
  private final PostgresTable table;
  private final PostgresRows rows;
  private final RowFilterCompiler filters;

  PostgresCollection(CollectionInfo info, PostgresTable table, PostgresClient calls) {
    this.info = info;
    this.table = table;
    rows = new PostgresRows(table, calls);
    filters = new RowFilterCompiler(table.shape(), new SqlTextConditions(), MOST_SPELLINGS);
  }

  @Override
  public Table table() {
    return table.shape().table();
  }

  @Override
  public CollectionInfo info() {
    return info;
  }

  @Override
  public Bounds<Condition> compile(Filter filter) {
    return filter.accept(filters);
  }

  @Override
  public List<VectorRecord> fetch(List<RecordId> ids, Projection projection, Attempt attempt) {
    return rows.fetch(ids, projection, attempt);
  }

  @Override
  public List<SearchHit> nearest(NearestQuery<Condition> query, Attempt attempt) {
    return rows.nearest(query, attempt);
  }

  @Override
  public Page scan(ScanQuery<Condition> query, Attempt attempt) {
    return rows.scan(query, attempt);
  }

  @Override
  public long count(Bounds<Condition> filter, Attempt attempt) {
    return rows.count(filter.upper(), attempt);
  }

  @Override
  public String explain(NearestQuery<Condition> query) {
    return rows.statement(query).toString();
  }

  @Override
  public String explain(ScanQuery<Condition> query) {
    return rows.statement(query, rows.pageRows(query.pageSize())).toString();
  }
}
