package dev.vectorstore.support;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A filter on a collection: what the engine can say of it, and the test of what comes back where
 * that isn't exact.
 */
final class Selection<N> {
  private final CollectionEngine<N> engine;
  private final Filter filter;
  private final Bounds<N> bounds;

  private Selection(CollectionEngine<N> engine, Filter filter, Bounds<N> bounds) {
    this.engine = engine;
    this.filter = filter;
    this.bounds = bounds;
  }

  static <N> Selection<N> of(CollectionEngine<N> engine, Filter wanted) {
    engine.info().spec().check(wanted);
    require(engine, wanted.accept(FilterNeeds.INSTANCE));
    boolean constant = wanted.isAll() || wanted.isNone();
    return new Selection<>(engine, wanted, constant ? Bounds.all() : engine.compile(wanted));
  }

  static void require(CollectionEngine<?> engine, Iterable<Capability> needs) {
    CollectionInfo info = engine.info();
    for (Capability need : needs) {
      if (!info.capabilities().contains(need)) {
        throw new UnsupportedFeature(
            "the collection has no capability "
                + need
                + ", which this needs; it has "
                + info.capabilities()
                + engine.advice(need).map(advice -> "; " + advice).orElse(""));
      }
    }
  }

  /** Whether no record can match, so that nothing needs to be asked. */
  boolean isNone() {
    return filter.isNone();
  }

  Bounds<N> bounds() {
    return bounds;
  }

  /** Whether what comes back certainly matches, so that it isn't tested. */
  boolean isProven() {
    return filter.isAll() || (bounds.exact() && engine.provesFilters());
  }

  boolean test(VectorRecord record) {
    return filter.test(record);
  }

  /** Whether each of these records, read for the test, matches. */
  boolean isMatchedBy(List<VectorRecord> records) {
    return isProven() || records.stream().allMatch(this::test);
  }

  /** Those hits that match, with what was asked for. */
  List<SearchHit> matching(List<SearchHit> answer, Projection projection) {
    if (isProven()) {
      return answer;
    }
    return answer.stream()
        .filter(hit -> test(hit.record()))
        .map(hit -> SearchHit.of(projection.apply(hit.record()), hit.score(), hit.scoreKind()))
        .toList();
  }

  /**
   * What must be read so that the test can see what it needs: where it is there for certainty
   * alone, no more than that.
   */
  Projection toRead(Projection wanted) {
    if (isProven() || (bounds.exact() && wanted.fields().isEmpty())) {
      return wanted;
    }
    Projection read = Projection.payload();
    if (bounds.exact()) {
      Set<String> keys = new LinkedHashSet<>(wanted.fields().orElseThrow());
      keys.addAll(filter.accept(FilterKeys.INSTANCE));
      read = Projection.fields(keys.toArray(String[]::new));
    }
    Projection payload = read;
    return wanted
        .vectors()
        .map(names -> payload.withVectors(names.toArray(String[]::new)))
        .orElseGet(payload::withVectors);
  }

  /** One page: the records that match, and the engine's cursor of the next one. */
  Page page(Call call, @Nullable String cursor, int size, Projection projection) {
    Page page =
        call.attempt(
            attempt ->
                engine.scan(
                    new ScanQuery<>(bounds.upper(), cursor, size, toRead(projection)), attempt));
    if (isProven()) {
      return page;
    }
    List<VectorRecord> matching =
        page.records().stream()
            .filter(this::test)
            .map(projection::apply)
            .collect(Collectors.toList());
    return new Page(matching, page.next(), page.issues());
  }

  /** Every record that matches, page by page. */
  void forEach(Call call, Projection projection, int pageSize, Consumer<VectorRecord> consumer) {
    forEachPage(call, projection, pageSize, page -> page.records().forEach(consumer));
  }

  /** Every page, of those records that match. */
  void forEachPage(Call call, Projection projection, int pageSize, Consumer<Page> consumer) {
    String cursor = null;
    do {
      Page page = page(call, cursor, pageSize, projection);
      consumer.accept(page);
      cursor = page.next().orElse(null);
    } while (cursor != null);
  }
}
