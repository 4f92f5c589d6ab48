package dev.vectorstore.support;

import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Reads by id, by page and by count. */
final class Reads<N> {
  static final int IDS = 1_000;
  private static final int PAGE = 1_000;

  private final CollectionEngine<N> engine;

  Reads(CollectionEngine<N> engine) {
    this.engine = engine;
  }

  List<VectorRecord> fetch(Call call, List<RecordId> ids, Projection projection) {
    Projection named = engine.info().spec().named(projection);
    Map<RecordId, VectorRecord> found = new HashMap<>();
    for (List<RecordId> chunk : chunks(ids)) {
      call.attempt(attempt -> engine.fetch(chunk, named, attempt))
          .forEach(record -> found.put(record.id(), record));
    }
    return new LinkedHashSet<>(ids)
        .stream().map(found::get).filter(Objects::nonNull).collect(Collectors.toList());
  }

  Page scan(Call call, ScanRequest request, String engineName) {
    Selection<N> selection = Selection.of(engine, request.filter());
    Projection projection = engine.info().spec().named(request.projection());
    String name = engine.info().name();
    String cursor =
        request.cursor().map(text -> Cursors.decode(engineName, name, text)).orElse(null);
    if (selection.isNone()) {
      return new Page(List.of(), Optional.empty());
    }
    Page page = selection.page(call, cursor, request.pageSize(), projection);
    Optional<String> next = page.next().map(text -> Cursors.encode(engineName, name, text));
    return new Page(page.records(), next, page.issues());
  }

  long count(Call call, Filter filter) {
    Selection<N> selection = Selection.of(engine, filter);
    if (selection.isNone()) {
      return 0;
    }
    if (selection.bounds().exact() && engine.canCount()) {
      long counted = call.attempt(attempt -> engine.count(selection.bounds(), attempt));
      if (selection.isProven() || call.attempt(engine::renewed) == engine) {
        return counted;
      }
    }
    AtomicLong count = new AtomicLong();
    // What can't be read can't be tested either, and is there all the same.
    selection.forEachPage(
        call,
        Projection.ids(),
        PAGE,
        page -> count.addAndGet(page.records().size() + (filter.isAll() ? unreadable(page) : 0)));
    return count.get();
  }

  private static long unreadable(Page page) {
    return page.issues().stream()
        .filter(issue -> issue.kind() == RecordIssue.Kind.UNREADABLE)
        .count();
  }

  /** Distinct ids, as many as one request takes. */
  static List<List<RecordId>> chunks(List<RecordId> ids) {
    List<RecordId> distinct = new ArrayList<>(new LinkedHashSet<>(ids));
    List<List<RecordId>> chunks = new ArrayList<>();
    for (int from = 0; from < distinct.size(); from += IDS) {
      chunks.add(List.copyOf(distinct.subList(from, Math.min(from + IDS, distinct.size()))));
    }
    return chunks;
  }
}
