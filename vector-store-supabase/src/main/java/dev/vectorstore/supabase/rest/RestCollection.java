package dev.vectorstore.supabase.rest;

import dev.vectorstore.CollectionInfo;
import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.supabase.tables.Condition;
import dev.vectorstore.supabase.tables.MatchFunction;
import dev.vectorstore.supabase.tables.ReadOnlyCollection;
import dev.vectorstore.supabase.tables.RowFilterCompiler;
import dev.vectorstore.supabase.tables.Table;
import dev.vectorstore.supabase.tables.TableShape;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Bounds;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.ScanQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An existing table as a collection that is read. Safe for threads. */
final class RestCollection implements ReadOnlyCollection<RestFilter> {
  /** An address is short. */
  private static final int MOST_SPELLINGS = 8;

  private final CollectionInfo info;
  private final TableShape shape;
  private final RestRows pages;
  private final RowFilterCompiler rowFilter;
  private final @Nullable MatchFilterCompiler searchFilter;
  private final @Nullable MatchCalls searches;

  RestCollection(CollectionInfo info, TableShape shape, RestClient client) {
    this.info = info;
    this.shape = shape;
    pages = new RestRows(shape, client);
    rowFilter = new RowFilterCompiler(shape, new RestTextConditions(), MOST_SPELLINGS);
    MatchFunction function = shape.vectors().isEmpty() ? null : shape.table().match().orElse(null);
    searchFilter = function == null ? null : new MatchFilterCompiler(shape.table(), function);
    searches = function == null ? null : new MatchCalls(shape, function, client, pages);
  }

  @Override
  public Table table() {
    return shape.table();
  }

  @Override
  public CollectionInfo info() {
    return info;
  }

  /** For rows or for the search function, whichever can say it; both mean it exactly. */
  @Override
  public Bounds<RestFilter> compile(Filter filter) {
    Bounds<Condition> rows = filter.accept(rowFilter);
    Bounds<List<MatchFilter>> calls =
        searchFilter == null ? Bounds.unknown() : filter.accept(searchFilter);
    if (!calls.exact()) {
      rows.requireExact();
    }
    return Bounds.exactly(new RestFilter(rows, calls));
  }

  @Override
  public List<VectorRecord> fetch(List<RecordId> ids, Projection projection, Attempt attempt) {
    return pages.fetch(ids, projection, attempt);
  }

  @Override
  public List<SearchHit> nearest(NearestQuery<RestFilter> query, Attempt attempt) {
    return requireSearches().nearest(query, attempt);
  }

  @Override
  public Page scan(ScanQuery<RestFilter> query, Attempt attempt) {
    return pages.scan(query, attempt);
  }

  @Override
  public long count(Bounds<RestFilter> filter, Attempt attempt) {
    RestFilter wanted = filter.upper();
    return pages.count(wanted == null ? null : wanted.rows().requireExact(), attempt);
  }

  @Override
  public String explain(NearestQuery<RestFilter> query) {
    return requireSearches().explain(query);
  }

  @Override
  public String explain(ScanQuery<RestFilter> query) {
    return "GET " + pages.request(query, false);
  }

  private MatchCalls requireSearches() {
    if (searches == null) {
      throw new UnsupportedFeature(
          "the table has no function match_" + shape.table().name() + " that searches it");
    }
    return searches;
  }
}
