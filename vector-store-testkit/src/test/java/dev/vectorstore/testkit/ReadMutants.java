package dev.vectorstore.testkit;

import dev.vectorstore.CollectionInfo;
import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.PatchReport;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Stores that fetch, scan or patch wrongly. */
final class ReadMutants {
  private ReadMutants() {}

  static List<Mutant> all() {
    return List.of(
        fetch("R-02", "fetch sorts by id", (to, ids) -> sorted(to.fetch(ids, Projection.all()))),
        fetch("R-03", "fetch ignores its projection", (to, ids) -> to.fetch(ids, Projection.all())),
        scan("N-02", "a page is larger than asked", ReadMutants::larger),
        scan("N-03", "a scan ignores its filter", ReadMutants::unfiltered),
        scan("N-07", "a foreign cursor starts anew", ReadMutants::anew),
        scan(
            "N-08",
            "a scan always brings vectors",
            (to, request) -> to.scan(request.projection(request.projection().withVectors()))),
        Mutant.collection(
            "N-09",
            "a stream ends with its first page",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public Stream<VectorRecord> stream(ScanRequest request) {
                    Objects.requireNonNull(request, "request");
                    return Stream.of(request).flatMap(first -> to.scan(first).records().stream());
                  }
                }),
        Mutant.collection(
            "N-09",
            "a stream reads before it is asked",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public Stream<VectorRecord> stream(ScanRequest request) {
                    return Samples.scan(to, Objects.requireNonNull(request, "request")).stream();
                  }
                }),
        Mutant.collection(
            "E-12",
            "null for nothing",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public void delete(Collection<RecordId> ids) {
                    to.delete(ids.stream().filter(Objects::nonNull).toList());
                  }
                }),
        Mutant.collection("T-05", "text on undeclared fields matches nothing", Lenient::new),
        Mutant.collection("T-07", "a patch leaves the old terms behind", StaleTerms::new),
        Mutant.collection("C-05", "the fields of a payload are called unread", Unread::new));
  }

  private static final class Unread extends ForwardingCollection {
    Unread(VectorCollection to) {
      super(to);
    }

    @Override
    public CollectionInfo describe() {
      return to.describe()
          .withUnreadColumns(List.of(new CollectionInfo.UnreadColumn("content", "text")));
    }
  }

  private static Mutant fetch(
      String rule,
      String defect,
      BiFunction<VectorCollection, Collection<RecordId>, List<VectorRecord>> body) {
    return Mutant.collection(
        rule,
        defect,
        to ->
            new ForwardingCollection(to) {
              @Override
              public List<VectorRecord> fetch(Collection<RecordId> ids, Projection projection) {
                return body.apply(to, ids);
              }
            });
  }

  private static List<VectorRecord> sorted(List<VectorRecord> records) {
    return records.stream().sorted((a, b) -> a.id().compareTo(b.id())).toList();
  }

  private static Mutant scan(
      String rule, String defect, BiFunction<VectorCollection, ScanRequest, Page> body) {
    return Mutant.collection(
        rule,
        defect,
        to ->
            new ForwardingCollection(to) {
              @Override
              public Page scan(ScanRequest request) {
                return body.apply(to, request);
              }
            });
  }

  private static Page larger(VectorCollection to, ScanRequest request) {
    return to.scan(request.pageSize(Math.min(10_000, request.pageSize() + 1)));
  }

  private static Page unfiltered(VectorCollection to, ScanRequest request) {
    return to.scan(request.filter(Filter.all()));
  }

  private static Page anew(VectorCollection to, ScanRequest request) {
    try {
      return to.scan(request);
    } catch (InvalidRequest swallowed) {
      return new Page(List.of(), Optional.empty());
    }
  }

  private static final class Lenient extends ForwardingCollection {
    Lenient(VectorCollection to) {
      super(to);
    }

    @Override
    public long count(Filter filter) {
      try {
        return to.count(filter);
      } catch (InvalidRequest swallowed) {
        return 0;
      }
    }
  }

  private static final class StaleTerms extends ForwardingCollection {
    StaleTerms(VectorCollection to) {
      super(to);
    }

    @Override
    public PatchReport patchPayload(
        Collection<RecordId> ids, Payload set, Collection<String> remove) {
      return to.patchPayload(ids, set.toBuilder().remove("text").build(), List.of());
    }
  }
}
