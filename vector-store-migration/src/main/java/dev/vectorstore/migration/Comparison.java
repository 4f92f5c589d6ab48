package dev.vectorstore.migration;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds every row of the source against the target's record, fetched by id, since the two have
 * orders of their own. Not safe for threads.
 */
final class Comparison {
  private static final int LISTED = 20;
  private static final int SOURCES = 100;

  private final VectorCollection source;
  private final VectorCollection target;
  private final PageSorter sorter;
  private final CollectionSpec spec;
  private final RecordDigest sourceDigest = new RecordDigest();
  private final RecordDigest targetDigest = new RecordDigest();
  private final List<String> examples = new ArrayList<>();
  private final Map<String, Long> bySource = new LinkedHashMap<>();
  private long rows;
  private long found;
  private long missing;
  private long extra;
  private long payloads;
  private long vectors;
  private long withoutVector;
  private long unmovable;
  private long uncompared;

  Comparison(VectorCollection source, VectorCollection target, Mapping mapping) {
    this.source = source;
    this.target = target;
    this.spec = target.describe().spec();
    this.sorter = PageSorter.checking(mapping, spec, false);
  }

  /** Compares a page; gives back its records as the target shall hold them. */
  List<VectorRecord> compare(SourcePage page) {
    SortedPage sorted = sorter.sort(page);
    rows += sorted.read();
    unmovable += sorted.rejects().size();
    sorted.rejects().forEach(r -> list(r.row() + " can't be moved: " + r.reason()));
    List<VectorRecord> wanted = sorted.items().stream().map(MappedRecord::mapped).toList();
    Map<RecordId, VectorRecord> there =
        target.fetch(ids(wanted), Projection.all()).stream()
            .collect(Collectors.toMap(VectorRecord::id, record -> record));
    wanted.forEach(record -> compare(record, Optional.ofNullable(there.get(record.id()))));
    return wanted;
  }

  /** Rows came or went meanwhile, or the source hides some from a scan. */
  void differsFromCount(long count) {
    uncompared = Math.abs(count - rows);
    list("the source counts " + count + " rows, and its scan gave " + rows);
  }

  private void compare(VectorRecord wanted, Optional<VectorRecord> stored) {
    byte[] hash = sourceDigest.of(wanted.id(), wanted.payload());
    sourceDigest.add(hash);
    withoutVector += wanted.vectors().isEmpty() ? 1 : 0;
    count(wanted);
    if (stored.isEmpty()) {
      missing++;
      list(wanted.id() + " is missing in the target");
      return;
    }
    found++;
    byte[] otherHash = targetDigest.of(stored.get().id(), stored.get().payload());
    targetDigest.add(otherHash);
    if (!Arrays.equals(hash, otherHash)) {
      payloads++;
      list(wanted.id() + " has another payload in the target");
    }
    if (!Vectors.same(wanted, stored.get(), spec)) {
      vectors++;
      list(wanted.id() + " has another vector in the target");
    }
  }

  /** Rows by source; a store with very many sources shows the first of them. */
  private void count(VectorRecord wanted) {
    wanted
        .payload()
        .text("source_id")
        .filter(id -> bySource.size() < SOURCES || bySource.containsKey(id))
        .ifPresent(id -> bySource.merge(id, 1L, Long::sum));
  }

  /** Looks for records of the target that the source doesn't have. */
  void findExtra(StopSignal stop) throws InterruptedException {
    try (PageSource pages = new ScanPages(target, Projection.ids(), 1000, Optional.empty())) {
      for (Optional<SourcePage> page = pages.next();
          page.isPresent() && !stop.requested();
          page = pages.next()) {
        List<RecordId> ids = page.get().records().stream().map(row -> row.record().id()).toList();
        Set<RecordId> here = new HashSet<>(ids(source.fetch(ids, Projection.ids())));
        for (RecordId id : ids) {
          if (!here.contains(id)) {
            extra++;
            list(id + " is in the target alone");
          }
        }
      }
    }
  }

  private static List<RecordId> ids(List<VectorRecord> records) {
    return records.stream().map(VectorRecord::id).toList();
  }

  private void list(String example) {
    if (examples.size() < LISTED) {
      examples.add(example);
    }
  }

  /** The rows of the source so far. */
  long rows() {
    return rows;
  }

  /** How many of them the target has. */
  long found() {
    return found;
  }

  /** How many of them have a vector. */
  long withVector() {
    return found + missing - withoutVector;
  }

  /** Rows by their {@code source_id}. */
  Map<String, Long> bySource() {
    return bySource;
  }

  /** What was found. */
  Result result() {
    return new Result(
        new Differences(missing, extra, payloads, vectors, uncompared),
        withoutVector,
        unmovable,
        List.of(sourceDigest.total(), targetDigest.total()),
        List.copyOf(examples));
  }

  /** How many records differ, and how; and by how many rows a scan and a count differ. */
  record Differences(long missing, long extra, long payloads, long vectors, long uncompared) {
    long all() {
      return missing + extra + payloads + vectors + uncompared;
    }
  }

  /** What a comparison found. */
  record Result(
      Differences differences,
      long withoutVector,
      long unmovable,
      List<String> hashes,
      List<String> examples) {}
}
