package dev.vectorstore.supabase;

import dev.vectorstore.CollectionInfo;
import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Bounds;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.ScanQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An existing table as a collection that is read. Safe for threads. */
final class TableEngine implements ReadOnlyCollection<NativeFilter> {
  private final CollectionInfo info;
  private final TableShape shape;
  private final Pages pages;
  private final @Nullable SearchFilter searchFilter;
  private final @Nullable MatchCalls searches;

  TableEngine(CollectionInfo info, TableShape shape, Gateway gateway) {
    this.info = info;
    this.shape = shape;
    pages = new Pages(shape, gateway);
    MatchFunction function = shape.vectors().isEmpty() ? null : shape.table().match().orElse(null);
    searchFilter = function == null ? null : new SearchFilter(shape.table(), function);
    searches = function == null ? null : new MatchCalls(shape, function, gateway, pages);
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
  public Bounds<NativeFilter> compile(Filter filter) {
    Condition rows = null;
    List<MatchFilter> calls = null;
    UnsupportedFeature refusal = null;
    try {
      rows = filter.accept(new RowFilter(shape));
    } catch (UnsupportedFeature noRows) {
      refusal = noRows;
    }
    try {
      calls = searchFilter == null ? null : filter.accept(searchFilter);
    } catch (UnsupportedFeature noCalls) {
      if (refusal != null) {
        throw refusal;
      }
      refusal = noCalls;
    }
    if (rows == null && calls == null && refusal != null) {
      throw refusal;
    }
    String reason = refusal == null ? "" : String.valueOf(refusal.getMessage());
    return new Bounds<>(new NativeFilter(rows, calls, reason), true);
  }

  @Override
  public List<VectorRecord> fetch(List<RecordId> ids, Projection projection, Attempt attempt) {
    return pages.fetch(ids, projection, attempt);
  }

  @Override
  public List<SearchHit> nearest(NearestQuery<NativeFilter> query, Attempt attempt) {
    return requireSearches().nearest(query, attempt);
  }

  @Override
  public Page scan(ScanQuery<NativeFilter> query, Attempt attempt) {
    return pages.scan(query, attempt);
  }

  @Override
  public long count(Bounds<NativeFilter> filter, Attempt attempt) {
    NativeFilter wanted = filter.upper();
    return pages.count(wanted == null ? null : wanted.requireRows(), attempt);
  }

  @Override
  public String explain(NearestQuery<NativeFilter> query) {
    return requireSearches().explain(query);
  }

  @Override
  public String explain(ScanQuery<NativeFilter> query) {
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
