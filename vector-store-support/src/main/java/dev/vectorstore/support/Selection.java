package dev.vectorstore.support;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
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

  static <N> Selection<N> of(CollectionEngine<N> engine, Filter filter) {
    return of(engine, filter, engine::compile);
  }

  /** What a delete takes. */
  static <N> Selection<N> ofDelete(CollectionEngine<N> engine, Filter filter) {
    return of(engine, filter, engine::compileDelete);
  }

  private static <N> Selection<N> of(
      CollectionEngine<N> engine, Filter wanted, Function<Filter, Bounds<N>> compiler) {
    engine.info().spec().check(wanted);
    require(engine, wanted.accept(FilterNeeds.INSTANCE));
    boolean constant = wanted.isAll() || wanted.isNone();
    return new Selection<>(engine, wanted, constant ? Bounds.all() : compiler.apply(wanted));
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

  boolean test(VectorRecord record) {
    return filter.test(record);
  }

  /** What must be read so that the test can see what it needs. */
  Projection toRead(Projection wanted) {
    if (bounds.exact()) {
      return wanted;
    }
    return wanted
        .vectors()
        .map(names -> Projection.payload().withVectors(names.toArray(String[]::new)))
        .orElse(Projection.all());
  }

  /** One page: the records that match, and the engine's cursor of the next one. */
  Page page(Call call, @Nullable String cursor, int size, Projection projection) {
    Page page =
        call.attempt(
            attempt ->
                engine.scan(
                    new ScanQuery<>(bounds.upper(), cursor, size, toRead(projection)), attempt));
    if (bounds.exact()) {
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
    String cursor = null;
    do {
      Page page = page(call, cursor, pageSize, projection);
      page.records().forEach(consumer);
      cursor = page.next().orElse(null);
    } while (cursor != null);
  }
}
