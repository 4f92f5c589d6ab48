package dev.vectorstore.support;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.TextTerms;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.WriteMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A slow engine with one collection over a sorted map, whose native filters say nothing unless told
 * to be exact, and whose approximate search misses every other record: what the core must make up
 * for.
 */
final class ListEngine implements StoreEngine, CollectionEngine<Predicate<VectorRecord>> {
  static final CollectionSpec SPEC =
      CollectionSpec.builder("pages")
          .vectors(2, Metric.DOT)
          .field("content", FieldType.TERMS)
          .field("ranked", FieldType.TEXT)
          .field("title", FieldType.TEXT)
          .build();

  final ConcurrentSkipListMap<RecordId, VectorRecord> records = new ConcurrentSkipListMap<>();
  final List<String> requests = new ArrayList<>();
  boolean exactFilters;
  boolean approximate;
  boolean fillsLimit;
  int mostIds = Integer.MAX_VALUE;
  boolean cutsTiesById;
  boolean scansById = true;
  boolean inOneRoundTrip;
  volatile boolean closed;
  CollectionSpec spec = SPEC;
  List<String> names = new ArrayList<>(List.of("pages"));
  Optional<String> advice = Optional.empty();
  Set<Capability> capabilities = EnumSet.complementOf(EnumSet.of(Capability.ATOMIC_BATCH));
  Set<Capability> lackingInCollection = EnumSet.noneOf(Capability.class);
  Consumer<Batch> beforeWrite = batch -> {};
  Consumer<List<RecordId>> beforeDelete = ids -> {};
  Runnable beforeScan = () -> {};
  Runnable onDrop = () -> {};
  Runnable onBeginBulk = () -> {};
  Consumer<Attempt> onPing = attempt -> {};
  Predicate<Attempt> indexed = attempt -> true;

  /** What filters compile to, where it isn't as {@link #exactFilters} says. */
  @Nullable Bounds<Predicate<VectorRecord>> compiled;

  boolean provesFilters = true;

  /** The engine of the collection as a look tells. */
  Supplier<? extends CollectionEngine<?>> looked = () -> this;

  /** The engine of the collection as its description tells. */
  Supplier<? extends CollectionEngine<?>> renewed = () -> this;

  private synchronized void log(String request) {
    requests.add(request);
  }

  @Override
  public CollectionInfo info() {
    Set<Capability> ofCollection = EnumSet.copyOf(capabilities);
    ofCollection.removeAll(lackingInCollection);
    return CollectionInfo.of(spec, ofCollection);
  }

  @Override
  public Bounds<Predicate<VectorRecord>> compile(Filter filter) {
    if (compiled != null) {
      return compiled;
    }
    boolean few =
        filter.getClass().getSimpleName().equals("Ids")
            && records.values().stream().filter(filter::test).count() <= mostIds;
    return exactFilters || few ? Bounds.exactly(filter::test) : Bounds.unknown();
  }

  @Override
  public boolean provesFilters() {
    return provesFilters;
  }

  @Override
  public Supplier<? extends CollectionEngine<?>> look(Attempt attempt) {
    return looked;
  }

  @Override
  public CollectionEngine<?> renewed(Attempt attempt) {
    log("renewed");
    return renewed.get();
  }

  /** The score of a record is how often a field has the first term. */
  @Override
  public List<List<SearchHit>> ranked(
      List<RankedQuery<Predicate<VectorRecord>>> queries, Attempt attempt) {
    log("ranked " + queries.get(0).limit());
    return queries.stream().map(this::ranked).toList();
  }

  private List<SearchHit> ranked(RankedQuery<Predicate<VectorRecord>> query) {
    return records.values().stream()
        .filter(record -> query.filter() == null || query.filter().test(record))
        .map(
            record ->
                SearchHit.of(
                    query.projection().apply(record),
                    Collections.frequency(
                        TextTerms.of(
                            record.payload().text(query.field().segments().get(0)).orElse("")),
                        query.terms().get(0)),
                    ScoreKind.RANKED_TEXT))
        .filter(hit -> hit.score() > 0)
        .sorted(Searches.ORDER)
        .limit(query.limit())
        .toList();
  }

  @Override
  public void write(Batch batch, WriteMode mode, Attempt attempt) {
    beforeWrite.accept(batch);
    log("write " + batch.size());
    for (VectorRecord record : batch) {
      if (mode == WriteMode.REPLACE) {
        records.put(record.id(), record);
      } else {
        records.putIfAbsent(record.id(), record);
      }
    }
  }

  @Override
  public List<VectorRecord> fetch(List<RecordId> ids, Projection projection, Attempt attempt) {
    log("fetch " + ids.size());
    return ids.stream()
        .filter(records::containsKey)
        .map(records::get)
        .map(projection::apply)
        .toList();
  }

  @Override
  public List<SearchHit> nearest(NearestQuery<Predicate<VectorRecord>> query, Attempt attempt) {
    log((query.exact() ? "exact " : "nearest ") + query.limit());
    boolean[] take = {false};
    return records.values().stream()
        .filter(record -> query.filter() == null || query.filter().test(record))
        .filter(record -> record.vector(query.using()).isPresent())
        .filter(record -> query.exact() || !approximate || (take[0] = !take[0]))
        .map(
            record ->
                SearchHit.of(
                    query.projection().apply(record),
                    Metric.DOT.score(query.vector(), record.vector(query.using()).orElseThrow()),
                    ScoreKind.METRIC))
        .sorted(Searches.ORDER)
        .limit(query.limit())
        .toList();
  }

  @Override
  public List<List<SearchHit>> nearestBatch(
      List<NearestQuery<Predicate<VectorRecord>>> queries, Attempt attempt) {
    log("batch " + queries.size());
    return CollectionEngine.super.nearestBatch(queries, attempt);
  }

  @Override
  public Optional<Function<Attempt, Legs>> legs(
      NearestQuery<Predicate<VectorRecord>> nearest,
      NearestQuery<Predicate<VectorRecord>> matching,
      ScanQuery<Predicate<VectorRecord>> lacking) {
    if (!inOneRoundTrip) {
      return Optional.empty();
    }
    return Optional.of(
        attempt -> {
          log("legs " + nearest.limit());
          ScanQuery<Predicate<VectorRecord>> without =
              new ScanQuery<>(
                  record ->
                      record.vector(nearest.using()).isEmpty()
                          && (lacking.filter() == null || lacking.filter().test(record)),
                  lacking.cursor(),
                  lacking.pageSize(),
                  lacking.projection());
          List<VectorRecord> first = scan(without, attempt).records();
          return new Legs(
              nearest(nearest, attempt),
              nearest(matching, attempt),
              scansById || first.size() < lacking.pageSize() ? first : null);
        });
  }

  @Override
  public boolean cutsTiesById() {
    return cutsTiesById || CollectionEngine.super.cutsTiesById();
  }

  @Override
  public boolean fillsLimit() {
    return fillsLimit || CollectionEngine.super.fillsLimit();
  }

  @Override
  public Page scan(ScanQuery<Predicate<VectorRecord>> query, Attempt attempt) {
    beforeScan.run();
    log("scan " + query.pageSize());
    List<VectorRecord> page =
        (query.cursor() == null
                ? records
                : records.tailMap(RecordId.of(Long.parseLong(query.cursor())), false))
            .values().stream()
                .filter(record -> query.filter() == null || query.filter().test(record))
                .limit(query.pageSize())
                .toList();
    Optional<String> next =
        page.size() < query.pageSize()
            ? Optional.empty()
            : Optional.of(page.get(page.size() - 1).id().toString());
    return new Page(page.stream().map(query.projection()::apply).toList(), next);
  }

  @Override
  public long count(Bounds<Predicate<VectorRecord>> filter, Attempt attempt) {
    log("count");
    Predicate<VectorRecord> upper = filter.upper();
    return records.values().stream().filter(r -> upper == null || upper.test(r)).count();
  }

  @Override
  public long patch(List<RecordId> ids, Payload set, Set<String> remove, Attempt attempt) {
    log("patch " + ids.size() + " " + set.keys() + " " + remove);
    return ids.stream().filter(records::containsKey).count();
  }

  @Override
  public void delete(List<RecordId> ids, Attempt attempt) {
    beforeDelete.accept(ids);
    log("delete " + ids.size());
    ids.forEach(records::remove);
  }

  @Override
  public void deleteWhere(Predicate<VectorRecord> filter, Attempt attempt) {
    log("deleteWhere");
    records.values().removeIf(filter);
  }

  @Override
  public void deleteThose(
      List<RecordId> ids, @Nullable Predicate<VectorRecord> filter, Attempt attempt) {
    log("deleteThose " + ids.size());
    ids.forEach(records::remove);
  }

  @Override
  public void deleteAll(Attempt attempt) {
    records.clear();
  }

  @Override
  public boolean indexed(Attempt attempt) {
    log("indexed");
    return indexed.test(attempt) && CollectionEngine.super.indexed(attempt);
  }

  @Override
  public Duration indexedPollInterval() {
    return Duration.ofMillis(1);
  }

  @Override
  public void beginBulk(Attempt attempt) {
    onBeginBulk.run();
    log("beginBulk");
  }

  @Override
  public void endBulk(Attempt attempt) {
    log("endBulk");
  }

  @Override
  public String explain(NearestQuery<Predicate<VectorRecord>> query) {
    return "nearest " + query.limit();
  }

  @Override
  public String explain(RankedQuery<Predicate<VectorRecord>> query) {
    return "ranked " + query.field() + " " + query.limit();
  }

  @Override
  public String explain(ScanQuery<Predicate<VectorRecord>> query) {
    return "scan";
  }

  @Override
  public String name() {
    return "list";
  }

  @Override
  public void ping(Attempt attempt) {
    onPing.accept(attempt);
  }

  @Override
  public Set<Capability> capabilities() {
    return capabilities;
  }

  @Override
  public void ensure(CollectionSpec spec, Attempt attempt) {
    log("ensure");
  }

  @Override
  public ListEngine open(String name, Attempt attempt) {
    if (!name.equals("pages")) {
      throw new VectorStoreException.NotFound("there is no such collection");
    }
    log("describe");
    return this;
  }

  @Override
  public List<String> collections(Attempt attempt) {
    return names;
  }

  @Override
  public boolean exists(String name, Attempt attempt) {
    return names.contains(name);
  }

  @Override
  public boolean drop(String name, Attempt attempt) {
    onDrop.run();
    return names.remove(name);
  }

  @Override
  public boolean dropVector(String collection, String vector, Attempt attempt) {
    onDrop.run();
    return names.remove(collection + "." + vector);
  }

  @Override
  public Optional<String> advice(Capability lacking) {
    return advice.or(() -> CollectionEngine.super.advice(lacking));
  }

  @Override
  public void apply(
      WriteBatch batch, Map<String, CollectionEngine<?>> collections, Attempt attempt) {
    log("apply " + batch.operations().size() + " on " + collections.keySet());
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> type) {
    return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
  }

  @Override
  public void close() {
    closed = true;
  }
}
