package dev.vectorstore.qdrant;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.WriteMode;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Batch;
import dev.vectorstore.support.Bounds;
import dev.vectorstore.support.CollectionEngine;
import dev.vectorstore.support.Legs;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.RankedLegs;
import dev.vectorstore.support.RankedQuery;
import dev.vectorstore.support.ScanQuery;
import dev.vectorstore.support.Ticker;
import io.qdrant.client.grpc.Common.Filter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One collection of a Qdrant server. Safe for threads. */
final class QdrantCollection implements CollectionEngine<Filter> {
  private final Connection connection;
  private final Layout layout;
  private final CollectionInfo info;
  private final FilterCompiler compiler;
  private final Reads reads;
  private final SearchReads searches;
  private final Writes writes;
  private final Deletes deletes;
  private final TokenIndex tokens;
  private final Indexing indexing;
  private final DescribedVectors described;
  private final Look look;

  /** Why every call is refused since another collection has this one's name. */
  private volatile @Nullable Conflict replaced;

  QdrantCollection(Connection connection, Layout layout, Indexing indexing, Ticker ticker) {
    this.connection = connection;
    this.layout = layout;
    this.info = layout.info();
    this.compiler = new FilterCompiler(layout);
    this.reads = new Reads(connection, layout);
    this.searches = new SearchReads(connection, layout, reads);
    this.deletes = new Deletes(connection, layout);
    this.tokens = new TokenIndex(connection, layout);
    this.indexing = indexing;
    this.described = new DescribedVectors(connection, layout);
    this.writes = new Writes(connection, layout, described, tokens);
    this.look = new Look(connection, layout.spec().name(), ticker);
  }

  /**
   * Never: other clients can make and remove indexes, with which conditions mean something else,
   * and after a cancelled optimization a filter sees what a record was before.
   */
  @Override
  public boolean provesFilters() {
    return false;
  }

  @Override
  public Supplier<QdrantCollection> look(Attempt attempt) {
    requireNotReplaced();
    Supplier<Optional<io.qdrant.client.grpc.Collections.CollectionInfo>> told = look.begin(attempt);
    return () -> told.get().map(this::renewed).orElse(this);
  }

  @Override
  public QdrantCollection renewed(Attempt attempt) {
    return renewed(described.info(attempt));
  }

  private QdrantCollection renewed(io.qdrant.client.grpc.Collections.CollectionInfo info) {
    try {
      Layout now = layout.renewed(info);
      return now == layout ? this : new QdrantCollection(connection, now, indexing, look.ticker());
    } catch (Conflict anew) {
      replaced = anew;
      throw anew;
    }
  }

  private void requireNotReplaced() {
    Conflict anew = replaced;
    if (anew != null) {
      throw new Conflict(anew.getMessage(), anew);
    }
  }

  @Override
  public CollectionInfo info() {
    return info;
  }

  @Override
  public Bounds<Filter> compile(dev.vectorstore.Filter filter) {
    // A ranked search has a condition of its own besides.
    int more = layout.rankedSlots().isEmpty() ? 0 : 1;
    return compiler
        .compile(filter)
        .map(Conditions::filter)
        .retain(upper -> layout.limits().allow(upper, more));
  }

  @Override
  public void write(Batch batch, WriteMode mode, Attempt attempt) {
    indexing.renew(attempt);
    described.during(
        attempt,
        () -> {
          writes.write(batch, mode, attempt);
          return true;
        });
  }

  @Override
  public int maxBatchRecords() {
    return layout.limits().batch();
  }

  @Override
  public List<VectorRecord> fetch(List<RecordId> ids, Projection projection, Attempt attempt) {
    return described.during(attempt, () -> reads.fetch(ids, projection, attempt));
  }

  @Override
  public List<SearchHit> nearest(NearestQuery<Filter> query, Attempt attempt) {
    return described.during(attempt, () -> searches.nearest(query, attempt));
  }

  @Override
  public List<List<SearchHit>> nearestBatch(List<NearestQuery<Filter>> queries, Attempt attempt) {
    return described.during(attempt, () -> searches.nearestBatch(queries, attempt));
  }

  @Override
  public List<List<SearchHit>> ranked(List<RankedQuery<Filter>> queries, Attempt attempt) {
    return searches.ranked(queries, attempt);
  }

  @Override
  public RankedLegs rankedLegs(
      NearestQuery<Filter> nearest, List<RankedQuery<Filter>> fields, Attempt attempt) {
    return described.during(attempt, () -> searches.rankedLegs(nearest, fields, attempt));
  }

  @Override
  public Optional<Function<Attempt, Legs>> legs(
      NearestQuery<Filter> nearest, NearestQuery<Filter> matching, ScanQuery<Filter> lacking) {
    ScanQuery<Filter> without = SearchReads.lacking(nearest.using(), lacking);
    return searches.canAskTogether(nearest.limit(), matching.limit(), without)
        ? Optional.of(
            attempt ->
                described.during(attempt, () -> searches.legs(nearest, matching, without, attempt)))
        : Optional.empty();
  }

  @Override
  public Page scan(ScanQuery<Filter> query, Attempt attempt) {
    return described.during(attempt, () -> reads.scan(query, attempt));
  }

  /** A strict mode that forbids exact searches forbids exact counts as well. */
  @Override
  public boolean canCount() {
    return layout.limits().allowExact();
  }

  @Override
  public long count(Bounds<Filter> filter, Attempt attempt) {
    return reads.count(filter.upper(), attempt);
  }

  @Override
  public long patch(List<RecordId> ids, Payload set, Set<String> remove, Attempt attempt) {
    tokens.require(attempt);
    return new PatchWriter(connection, layout, set, remove).patch(ids, attempt);
  }

  @Override
  public void delete(List<RecordId> ids, Attempt attempt) {
    deletes.delete(ids, attempt);
  }

  @Override
  public void deleteWhere(Filter filter, Attempt attempt) {
    deletes.deleteWhere(filter, attempt);
  }

  @Override
  public void deleteThose(List<RecordId> ids, @Nullable Filter filter, Attempt attempt) {
    deletes.deleteThose(ids, filter, attempt);
  }

  @Override
  public void deleteAll(Attempt attempt) {
    deletes.deleteAll(attempt);
  }

  @Override
  public boolean indexed(Attempt attempt) {
    return indexing.isDone(attempt);
  }

  @Override
  public void beginBulk(Attempt attempt) {
    indexing.defer(attempt);
  }

  @Override
  public void endBulk(Attempt attempt) {
    indexing.resume(attempt);
  }

  @Override
  public Optional<String> advice(Capability lacking) {
    return layout.advice(lacking);
  }

  @Override
  public String explain(NearestQuery<Filter> query) {
    return searches.explain(query);
  }

  @Override
  public String explain(RankedQuery<Filter> query) {
    return searches.explain(query);
  }

  @Override
  public String explain(ScanQuery<Filter> query) {
    Decoder decoder = new Decoder(layout, query.projection());
    return FilterText.scroll(reads.request(query, decoder, query.pageSize(), null));
  }
}
