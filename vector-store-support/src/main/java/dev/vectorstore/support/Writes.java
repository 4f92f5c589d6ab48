package dev.vectorstore.support;

import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.PatchReport;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.VectorStoreException.PartialWrite.Outcome;
import dev.vectorstore.VectorStoreException.PartialWrite.Range;
import dev.vectorstore.WriteMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Writes, patches and deletes. */
final class Writes<N> {
  /** Far below what engines take in one request. */
  private static final long BATCH_BYTES = 16L << 20;

  private static final int PAGE = 1_000;

  private final CollectionEngine<N> engine;

  Writes(CollectionEngine<N> engine) {
    this.engine = engine;
  }

  void requireMode(WriteMode mode) {
    if (mode == WriteMode.INSERT_ONLY) {
      Selection.require(engine, List.of(Capability.INSERT_ONLY));
    }
  }

  /** The record as the collection names its vectors, unless it is refused. */
  static VectorRecord checked(CollectionEngine<?> engine, VectorRecord record) {
    VectorRecord named = engine.info().spec().named(record);
    engine.check(named);
    return named;
  }

  void upsert(Call call, List<VectorRecord> records, WriteMode mode) {
    requireMode(mode);
    List<Batch> batches = batches(records);
    for (int i = 0; i < batches.size(); i++) {
      Batch batch = batches.get(i);
      try {
        attempt(call, batch, mode);
      } catch (VectorStoreException failure) {
        boolean nothing = i == 0 && !inDoubt(failure);
        throw nothing || batches.size() == 1 ? failure : partial(records, batches, i, failure);
      }
    }
  }

  /** Not by {@code run}: what is written before a failure is for PartialWrite to say. */
  private void attempt(Call call, Batch batch, WriteMode mode) {
    call.attempt(
        attempt -> {
          engine.write(batch, mode, attempt);
          return true;
        });
  }

  private static List<VectorRecord> lastOfEachId(List<VectorRecord> records) {
    Map<RecordId, VectorRecord> last = new LinkedHashMap<>();
    for (VectorRecord record : records) {
      last.remove(record.id());
      last.put(record.id(), record);
    }
    return new ArrayList<>(last.values());
  }

  /** What the caller has cut stays as it is where the engine takes so much. */
  private List<Batch> batches(List<VectorRecord> records) {
    List<VectorRecord> checked = records.stream().map(r -> checked(engine, r)).toList();
    List<VectorRecord> distinct = lastOfEachId(checked);
    boolean whole = distinct.size() == records.size() && records.size() <= engine.maxBatchRecords();
    if (whole && records instanceof Batch cut && cut.bytes() <= BATCH_BYTES) {
      return cut.isEmpty() ? List.of() : List.of(new Batch(distinct, cut.bytes()));
    }
    Batcher<VectorRecord> batcher =
        new Batcher<>(engine.maxBatchRecords(), BATCH_BYTES, RecordSize::estimate);
    List<Batch> batches = new ArrayList<>();
    distinct.forEach(record -> batcher.add(record).map(Batch::of).ifPresent(batches::add));
    batcher.rest().map(Batch::of).ifPresent(batches::add);
    return batches;
  }

  /** Positions are those of the caller's list, where an id may stand more than once. */
  private static PartialWrite partial(
      List<VectorRecord> records, List<Batch> batches, int failed, VectorStoreException failure) {
    Map<RecordId, Outcome> outcomes = new HashMap<>();
    for (int i = 0; i < batches.size(); i++) {
      Outcome outcome = i < failed ? Outcome.WRITTEN : Outcome.NOT_WRITTEN;
      Outcome known = i == failed && inDoubt(failure) ? Outcome.UNKNOWN : outcome;
      batches.get(i).forEach(record -> outcomes.put(record.id(), known));
    }
    int prefix = 0;
    while (prefix < records.size() && outcomes.get(records.get(prefix).id()) == Outcome.WRITTEN) {
      prefix++;
    }
    return new PartialWrite(
        prefix + " records from the start are written; then: " + failure.getMessage(),
        prefix,
        ranges(records, prefix, outcomes),
        failure);
  }

  private static List<Range> ranges(
      List<VectorRecord> records, int from, Map<RecordId, Outcome> outcomes) {
    List<Range> ranges = new ArrayList<>();
    int start = from;
    for (int i = from + 1; i <= records.size(); i++) {
      Outcome outcome = Objects.requireNonNull(outcomes.get(records.get(start).id()));
      if (i == records.size() || outcomes.get(records.get(i).id()) != outcome) {
        ranges.add(new Range(start, i, outcome));
        start = i;
      }
    }
    return ranges;
  }

  private static boolean inDoubt(VectorStoreException failure) {
    return failure instanceof OutcomeUnknown
        || failure instanceof VectorStoreException.MalformedResponse;
  }

  PatchReport patch(Call call, List<RecordId> ids, Payload set, List<String> remove) {
    if (remove.contains(Payload.RESERVED_KEY)) {
      throw new InvalidRequest(
          "the key " + Payload.RESERVED_KEY + " is reserved for the engines and can't be removed");
    }
    Set<String> removed = new HashSet<>(remove);
    removed.removeAll(set.keys());
    long patched = 0;
    long asked = 0;
    for (List<RecordId> chunk : Reads.chunks(ids)) {
      asked += chunk.size();
      patched +=
          set.isEmpty() && removed.isEmpty()
              ? call.attempt(attempt -> engine.fetch(chunk, Projection.ids(), attempt)).size()
              : call.write(attempt -> engine.patch(chunk, set, removed, attempt));
    }
    return new PatchReport(patched, asked - patched);
  }

  void delete(Call call, List<RecordId> ids) {
    for (List<RecordId> chunk : Reads.chunks(ids)) {
      call.run(attempt -> engine.delete(chunk, attempt));
    }
  }

  /** What can be told before anything is sent. */
  static void requireNarrow(Filter filter) {
    if (filter.isAll()) {
      throw new InvalidRequest(
          "a filter that is true for every record would delete all; use deleteAll()");
    }
  }

  void deleteWhere(Call call, Filter filter) {
    Selection<N> selection = Selection.of(engine, filter);
    if (selection.isNone()) {
      return;
    }
    N upper = selection.bounds().upper();
    if (selection.bounds().exact() && upper == null) {
      throw new InvalidRequest(
          "the filter compiles to every record and would delete all; use deleteAll()");
    } else if (upper == null || !selection.isProven()) {
      deleteTested(call, selection);
    } else {
      call.run(attempt -> engine.deleteWhere(upper, attempt));
    }
  }

  /** Page by page, so that ids don't pile up; a keyset scan isn't disturbed by the deletes. */
  private void deleteTested(Call call, Selection<N> selection) {
    List<RecordId> ids = new ArrayList<>();
    selection.forEach(
        call,
        Projection.ids(),
        PAGE,
        record -> {
          ids.add(record.id());
          if (ids.size() == PAGE) {
            deleteThose(call, selection, ids);
          }
        });
    deleteThose(call, selection, ids);
  }

  private void deleteThose(Call call, Selection<N> selection, List<RecordId> ids) {
    if (!ids.isEmpty()) {
      List<RecordId> chunk = List.copyOf(ids);
      call.run(attempt -> engine.deleteThose(chunk, selection.bounds().upper(), attempt));
      ids.clear();
    }
  }
}
