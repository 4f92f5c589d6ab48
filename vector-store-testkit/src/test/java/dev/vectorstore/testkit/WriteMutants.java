package dev.vectorstore.testkit;

import dev.vectorstore.Filter;
import dev.vectorstore.PatchReport;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.WriteMode;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.WriteReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Stores that write, patch or delete wrongly. */
final class WriteMutants {
  private WriteMutants() {}

  static List<Mutant> all() {
    List<Mutant> mutants = new ArrayList<>(upserts());
    mutants.addAll(bulkWrites());
    mutants.addAll(patches());
    mutants.addAll(deletes());
    return mutants;
  }

  private static List<Mutant> upserts() {
    return List.of(
        Mutant.upsert(
            "W-03",
            "of the same id in one call the first wins",
            records -> {
              Map<RecordId, VectorRecord> first = new LinkedHashMap<>();
              records.forEach(record -> first.putIfAbsent(record.id(), record));
              return List.copyOf(first.values());
            }),
        Mutant.collection(
            "W-02",
            "the records before a bad one are written",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public void upsert(Collection<VectorRecord> records, WriteMode mode) {
                    records.forEach(record -> to.upsert(List.of(record), mode));
                  }
                }),
        Mutant.collection(
            "W-07",
            "INSERT_ONLY overwrites",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public void upsert(Collection<VectorRecord> records, WriteMode mode) {
                    to.upsert(records, WriteMode.REPLACE);
                  }
                }),
        Mutant.collection(
            "W-01",
            "an upsert merges payloads",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public void upsert(Collection<VectorRecord> records, WriteMode mode) {
                    List<VectorRecord> merged = new ArrayList<>();
                    for (VectorRecord record : records) {
                      Payload.Builder payload =
                          to
                              .fetch(record.id())
                              .map(VectorRecord::payload)
                              .orElse(Payload.empty())
                              .toBuilder();
                      record.payload().toValue().entries().forEach(payload::put);
                      merged.add(record.withPayload(payload.build()));
                    }
                    to.upsert(merged, mode);
                  }
                }));
  }

  private static List<Mutant> bulkWrites() {
    return List.of(
        Mutant.collection(
            "W-14",
            "a bulk write reports its batches as records",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public WriteReport upsertAll(Stream<VectorRecord> records, WriteOptions options) {
                    WriteReport report = to.upsertAll(records, options);
                    return WriteReport.of(report.batches(), report.batches(), report.duration());
                  }
                }),
        Mutant.collection(
            "W-15",
            "batches overtake each other",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public WriteReport upsertAll(Stream<VectorRecord> records, WriteOptions options) {
                    List<VectorRecord> reversed = new ArrayList<>(records.toList());
                    Collections.reverse(reversed);
                    return to.upsertAll(reversed.stream(), options);
                  }
                }));
  }

  private static List<Mutant> patches() {
    return List.of(
        Mutant.collection(
            "W-08",
            "a patch replaces the whole payload",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public PatchReport patchPayload(
                      Collection<RecordId> ids, Payload set, Collection<String> remove) {
                    for (RecordId id : ids) {
                      to.fetch(id).ifPresent(record -> to.upsert(record.withPayload(set)));
                    }
                    return to.patchPayload(ids, set, remove);
                  }
                }),
        Mutant.collection(
            "W-09",
            "a patch counts unknown ids as patched",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public PatchReport patchPayload(
                      Collection<RecordId> ids, Payload set, Collection<String> remove) {
                    PatchReport report = to.patchPayload(ids, set, remove);
                    return new PatchReport(report.patched() + report.missing(), 0);
                  }
                }),
        Mutant.collection(
            "M-01",
            "a patch of a UUID is forgotten",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public PatchReport patchPayload(
                      Collection<RecordId> ids, Payload set, Collection<String> remove) {
                    PatchReport report = to.patchPayload(ids, Payload.empty(), List.of());
                    List<RecordId> others =
                        ids.stream().filter(id -> !(id instanceof RecordId.UuidId)).toList();
                    to.patchPayload(others, set, remove);
                    return report;
                  }
                }));
  }

  private static List<Mutant> deletes() {
    return List.of(
        Mutant.collection("D-06", "a delete doesn't wait", LazyDeletes::new),
        Mutant.collection(
            "D-02",
            "a filter that is true for all deletes all",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public void deleteWhere(Filter filter) {
                    if (filter.isAll()) {
                      to.deleteAll();
                    } else {
                      to.deleteWhere(filter);
                    }
                  }
                }),
        Mutant.collection(
            "F-14",
            "a delete takes what the upper bound selects",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public void deleteWhere(Filter filter) {
                    Filter wider =
                        filter.accept(
                            new FilterRewriter() {
                              @Override
                              public Filter containsJson(List<String> path, Value contained) {
                                return Filter.not(Filter.ids(List.of(RecordId.of("none"))));
                              }
                            });
                    to.deleteWhere(wider);
                  }
                }),
        Mutant.collection(
            "R-01",
            "ids of texts aren't deleted",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public void delete(Collection<RecordId> ids) {
                    to.delete(ids.stream().filter(id -> !SearchMutants.isText(id)).toList());
                  }
                }));
  }

  /** What a delete does is seen after the next read. */
  private static final class LazyDeletes extends ForwardingCollection {
    private final List<RecordId> pending = new ArrayList<>();

    LazyDeletes(VectorCollection to) {
      super(to);
    }

    @Override
    public void delete(Collection<RecordId> ids) {
      pending.addAll(ids);
    }

    @Override
    public long count(Filter filter) {
      long before = to.count(filter);
      to.delete(pending);
      pending.clear();
      return before;
    }
  }
}
