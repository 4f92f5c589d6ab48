package dev.vectorstore.testkit;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Filter;
import dev.vectorstore.PatchReport;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.WriteMode;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.WriteReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Stores that write, delete, open or close wrongly. */
final class WriteMutants {
  private WriteMutants() {}

  static List<Mutant> all() {
    List<Mutant> mutants = new ArrayList<>(payloads());
    mutants.addAll(upserts());
    mutants.addAll(patches());
    mutants.addAll(deletes());
    mutants.addAll(stores());
    return mutants;
  }

  /** What is written isn't what was given. */
  private static Mutant upsert(
      String rule, String defect, UnaryOperator<List<VectorRecord>> change) {
    return Mutant.collection(
        rule,
        defect,
        to ->
            new ForwardingCollection(to) {
              @Override
              public void upsert(Collection<VectorRecord> records, WriteMode mode) {
                to.upsert(change.apply(List.copyOf(records)), mode);
              }
            });
  }

  private static Mutant stored(String rule, String defect, UnaryOperator<Value> change) {
    return upsert(
        rule,
        defect,
        records ->
            records.stream()
                .map(
                    record ->
                        record.withPayload(
                            Payload.of(
                                (Value.ObjectValue)
                                    Mutant.map(record.payload().toValue(), change))))
                .toList());
  }

  private static List<Mutant> payloads() {
    return List.of(
        stored(
            "R-08",
            "integers are stored as doubles",
            value ->
                value instanceof Value.LongValue number
                    ? new Value.LongValue((long) (double) number.value())
                    : value),
        stored(
            "R-09",
            "doubles that are whole become integers",
            value ->
                value instanceof Value.DoubleValue number
                        && number.value() == Math.rint(number.value())
                        && Math.abs(number.value()) < 1e15
                    ? new Value.LongValue((long) number.value())
                    : value),
        stored(
            "R-09",
            "one double in ten moves by an ulp",
            value ->
                value instanceof Value.DoubleValue number
                        && Double.hashCode(number.value()) % 10 == 0
                        && Math.abs(number.value()) < 1e300
                    ? new Value.DoubleValue(Math.nextUp(number.value()))
                    : value),
        stored(
            "R-07",
            "empty lists become null",
            value -> value.equals(Value.of(List.of())) ? Value.of(null) : value),
        upsert(
            "R-10",
            "the empty key is lost",
            records ->
                records.stream()
                    .map(
                        record ->
                            record.withPayload(record.payload().toBuilder().remove("").build()))
                    .toList()),
        stored(
            "R-10",
            "texts are trimmed",
            value ->
                value instanceof Value.StringValue text
                    ? new Value.StringValue(text.value().trim())
                    : value));
  }

  private static List<Mutant> upserts() {
    return List.of(
        upsert(
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
                }),
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

  private static List<Mutant> stores() {
    return List.of(
        Mutant.store(
            "L-01",
            "close can't be repeated",
            to ->
                new ForwardingStore(to) {
                  private boolean closed;

                  @Override
                  public void close() {
                    if (closed) {
                      throw new IllegalStateException("closed already");
                    }
                    closed = true;
                    to.close();
                  }
                }),
        Mutant.store(
            "L-02",
            "use after close works",
            to ->
                new ForwardingStore(to) {
                  @Override
                  public void close() {
                    // Nothing is closed: the planted defect.
                  }
                }),
        Mutant.store(
            "C-01",
            "ensuring what is there makes it anew",
            to ->
                new ForwardingStore(to) {
                  @Override
                  public VectorCollection ensureCollection(CollectionSpec spec) {
                    to.drop(spec.name());
                    return to.ensureCollection(spec);
                  }
                }),
        Mutant.store(
            "C-09",
            "drop says true of what wasn't there",
            to ->
                new ForwardingStore(to) {
                  @Override
                  public boolean drop(String name) {
                    to.drop(name);
                    return true;
                  }
                }),
        Mutant.store("W-12", "an atomic batch stops half-way", WriteMutants::halfway),
        Mutant.store(
            "W-20", "others come in between the writes of a batch", InterleavedBatches::new),
        Mutant.collection(
            "W-20", "a hybrid search reads its rankings one by one", WriteMutants::legByLeg),
        Mutant.collection(
            "W-20",
            "searches of a batch are answered one by one",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public List<List<SearchHit>> searchBatch(List<SearchRequest> requests) {
                    return requests.stream().map(WriteMutants.late(this::search)).toList();
                  }
                }));
  }

  /** Leaves others the time to come in between. */
  private static Function<SearchRequest, List<SearchHit>> late(
      Function<SearchRequest, List<SearchHit>> search) {
    return request -> {
      LockSupport.parkNanos(100_000);
      return search.apply(request);
    };
  }

  private static VectorCollection legByLeg(VectorCollection to) {
    return new ForwardingCollection(to) {
      @Override
      public List<SearchHit> search(SearchRequest request) {
        if (request.fusion().isEmpty() || !capabilities().contains(Capability.RANKED_TEXT)) {
          return to.search(request);
        }
        int size = 2 * request.limit();
        List<SearchHit> near =
            to.search(SearchRequest.nearest(request.vector().orElseThrow()).limit(size));
        List<SearchHit> relevant =
            late(to::search).apply(SearchRequest.text(request.text().orElseThrow()).limit(size));
        return request.fusion().get().fuse(near, relevant, request.limit());
      }
    };
  }

  private static VectorStore halfway(VectorStore to) {
    return new ForwardingStore(to) {
      @Override
      public void apply(WriteBatch batch) {
        for (WriteBatch.Operation operation : batch.operations()) {
          WriteBatch.Builder one = WriteBatch.builder();
          if (operation instanceof WriteBatch.Upsert upsert) {
            one.upsert(upsert.collection(), upsert.records());
          } else if (operation instanceof WriteBatch.Delete delete) {
            one.delete(delete.collection(), delete.ids());
          } else if (operation instanceof WriteBatch.DeleteWhere where) {
            one.deleteWhere(where.collection(), where.filter());
          }
          to.apply(one.build());
        }
      }
    };
  }
}
