package dev.vectorstore.supabase;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.WriteMode;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Bounds;
import dev.vectorstore.support.CollectionEngine;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.ScanQuery;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An existing table as a collection that is read by SQL. Safe for threads. */
final class PostgresTableEngine implements CollectionEngine<Condition> {
  private final CollectionInfo info;
  private final PostgresRows rows;
  private final SqlFilter filters;

  PostgresTableEngine(CollectionInfo info, PostgresTable table, PostgresCalls calls) {
    this.info = info;
    rows = new PostgresRows(table, calls);
    filters = new SqlFilter(table.shape());
  }

  @Override
  public CollectionInfo info() {
    return info;
  }

  @Override
  public Bounds<Condition> compile(Filter filter) {
    return filter.accept(filters).bounds();
  }

  @Override
  public Optional<String> instead(Capability lacking) {
    return Optional.of(Refused.instead(lacking));
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

  @Override
  public void write(List<VectorRecord> records, WriteMode mode, Attempt attempt) {
    throw Refused.write();
  }

  @Override
  public long patch(List<RecordId> ids, Payload set, Set<String> remove, Attempt attempt) {
    throw Refused.write();
  }

  @Override
  public void delete(List<RecordId> ids, Attempt attempt) {
    throw Refused.write();
  }

  @Override
  public void deleteWhere(Condition filter, Attempt attempt) {
    throw Refused.write();
  }

  @Override
  public void deleteThose(List<RecordId> ids, @Nullable Condition filter, Attempt attempt) {
    throw Refused.write();
  }

  @Override
  public void deleteAll(Attempt attempt) {
    throw Refused.write();
  }
}
