package dev.vectorstore.embedded;

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
import dev.vectorstore.support.Batch;
import dev.vectorstore.support.Bounds;
import dev.vectorstore.support.CollectionEngine;
import dev.vectorstore.support.Legs;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.RankedLegs;
import dev.vectorstore.support.RankedQuery;
import dev.vectorstore.support.ScanQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/**
 * One collection, as it was described when it was opened. Each operation finds the index anew, so
 * that a collection that was dropped or made again is noticed. Safe for threads.
 */
final class EmbeddedCollection implements CollectionEngine<Query> {
  private final CollectionInfo info;
  private final Supplier<CollectionIndex> index;
  private final EmbeddedSearches searches;

  EmbeddedCollection(CollectionInfo info, Supplier<CollectionIndex> index) {
    this.info = info;
    this.index = index;
    searches = new EmbeddedSearches(info.spec());
  }

  @Override
  public CollectionInfo info() {
    return info;
  }

  CollectionIndex index() {
    return index.get();
  }

  /** The index, if it has all vectors that are to be read. */
  private CollectionIndex index(Projection projection) {
    CollectionIndex current = index();
    searches.requireVectors(current, projection);
    return current;
  }

  @Override
  public Bounds<Query> compile(Filter filter) {
    return Bounds.exactly(FilterCompiler.compile(filter, index().lateTexts()));
  }

  @Override
  public void write(Batch records, WriteMode mode, Attempt attempt) {
    CollectionIndex current = index();
    Deadline deadline = new Deadline(attempt);
    if (mode == WriteMode.REPLACE) {
      current.write(deadline, () -> put(current, records, deadline));
    } else {
      current.exclusively(
          deadline, () -> put(current, absent(current, records, deadline), deadline));
    }
  }

  private static void put(CollectionIndex index, List<VectorRecord> records, Deadline deadline)
      throws IOException {
    boolean first = true;
    for (VectorRecord record : records) {
      if (!first) {
        deadline.withinWrite();
      }
      index.put(record.id(), index.document(record));
      first = false;
    }
  }

  private static List<VectorRecord> absent(
      CollectionIndex index, List<VectorRecord> records, Deadline deadline) throws IOException {
    Set<RecordId> present = new HashSet<>();
    index
        .existing(records.stream().map(VectorRecord::id).toList(), Projection.ids(), deadline)
        .forEach(record -> present.add(record.id()));
    return records.stream().filter(record -> !present.contains(record.id())).toList();
  }

  @Override
  public List<VectorRecord> fetch(List<RecordId> ids, Projection projection, Attempt attempt) {
    CollectionIndex current = index(projection);
    return current.read(
        new Deadline(attempt),
        searcher ->
            Records.read(searcher, Records.find(searcher, ids), projection, current.vectors()));
  }

  @Override
  public List<SearchHit> nearest(NearestQuery<Query> query, Attempt attempt) {
    return nearestBatch(List.of(query), attempt).get(0);
  }

  @Override
  public List<List<SearchHit>> nearestBatch(List<NearestQuery<Query>> queries, Attempt attempt) {
    return searches.nearest(index(), queries, new Deadline(attempt));
  }

  /** Where the graph gives fewer, all that the filter selects were compared. */
  @Override
  public boolean fillsLimit() {
    return true;
  }

  @Override
  public boolean cutsTiesById() {
    return true;
  }

  @Override
  public List<List<SearchHit>> ranked(List<RankedQuery<Query>> queries, Attempt attempt) {
    return searches.ranked(index(), queries, new Deadline(attempt));
  }

  @Override
  public RankedLegs rankedLegs(
      NearestQuery<Query> nearest, List<RankedQuery<Query>> fields, Attempt attempt) {
    return searches.rankedLegs(index(), nearest, fields, new Deadline(attempt));
  }

  @Override
  public Optional<Function<Attempt, Legs>> legs(
      NearestQuery<Query> nearest, NearestQuery<Query> matching, ScanQuery<Query> lacking) {
    return Optional.of(
        attempt -> searches.legs(index(), nearest, matching, lacking, new Deadline(attempt)));
  }

  @Override
  public Page scan(ScanQuery<Query> query, Attempt attempt) {
    CollectionIndex current = index(query.projection());
    Deadline deadline = new Deadline(attempt);
    return current.read(
        deadline, searcher -> new ScanPage(searcher, query, current.vectors(), deadline).read());
  }

  @Override
  public long count(Bounds<Query> filter, Attempt attempt) {
    Query query = filter.upper();
    Deadline deadline = new Deadline(attempt);
    return index()
        .read(
            deadline,
            searcher ->
                query == null
                    ? searcher.getIndexReader().numDocs()
                    : new Matches(searcher, query).count(deadline));
  }

  @Override
  public long patch(List<RecordId> ids, Payload set, Set<String> remove, Attempt attempt) {
    CollectionIndex current = index();
    Deadline deadline = new Deadline(attempt);
    List<VectorRecord> patched = new ArrayList<>();
    current.exclusively(
        deadline,
        () -> {
          for (VectorRecord record : current.existing(ids, Projection.all(), deadline)) {
            patched.add(record.withPayload(patched(record.payload(), set, remove)));
          }
          put(current, patched, deadline);
        });
    return patched.size();
  }

  private static Payload patched(Payload payload, Payload set, Set<String> remove) {
    Payload.Builder builder = payload.toBuilder();
    remove.forEach(builder::remove);
    set.toValue().entries().forEach(builder::put);
    return builder.build();
  }

  @Override
  public void delete(List<RecordId> ids, Attempt attempt) {
    CollectionIndex current = index();
    current.write(new Deadline(attempt), () -> current.remove(ids));
  }

  @Override
  public void deleteWhere(Query filter, Attempt attempt) {
    CollectionIndex current = index();
    Deadline deadline = new Deadline(attempt);
    current.exclusively(deadline, () -> current.remove(current.matching(filter, deadline)));
  }

  @Override
  public void deleteThose(List<RecordId> ids, @Nullable Query filter, Attempt attempt) {
    CollectionIndex current = index();
    Deadline deadline = new Deadline(attempt);
    current.exclusively(
        deadline,
        () -> {
          List<RecordId> those = new ArrayList<>(ids);
          if (filter != null) {
            those.retainAll(current.matching(filter, deadline));
          }
          current.remove(those);
        });
  }

  @Override
  public void deleteAll(Attempt attempt) {
    CollectionIndex current = index();
    current.exclusively(new Deadline(attempt), current::removeAll);
  }

  @Override
  public String explain(NearestQuery<Query> query) {
    return searches.explain(query);
  }

  @Override
  public String explain(ScanQuery<Query> query) {
    return "the first " + query.pageSize() + " by id" + Explanation.where(query.filter());
  }

  @Override
  public String explain(RankedQuery<Query> query) {
    return "the best "
        + query.limit()
        + " by "
        + query.terms().size()
        + " terms in "
        + query.field()
        + Explanation.where(query.filter());
  }
}
