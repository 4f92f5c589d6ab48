package dev.vectorstore.testkit;

import dev.vectorstore.Capability;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.NotFound;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/** Stores that search, scan or count wrongly. */
final class SearchMutants {
  private SearchMutants() {}

  static List<Mutant> all() {
    List<Mutant> mutants = new ArrayList<>(limits());
    mutants.addAll(refusals());
    mutants.addAll(scores());
    mutants.addAll(ties());
    mutants.addAll(hybrids());
    mutants.addAll(scans());
    return mutants;
  }

  /** The defect is in the answer of a search. */
  private static Mutant search(
      String rule,
      String defect,
      BiFunction<VectorCollection, SearchRequest, List<SearchHit>> body) {
    return Mutant.collection(
        rule,
        defect,
        to ->
            new ForwardingCollection(to) {
              @Override
              public List<SearchHit> search(SearchRequest request) {
                return body.apply(to, request);
              }
            });
  }

  private static List<Mutant> limits() {
    return List.of(
        search(
            "S-01",
            "one hit too many",
            (to, request) -> to.search(request.limit(Math.min(10_000, request.limit() + 1)))),
        search(
            "S-01",
            "a filtered answer is short",
            (to, request) -> {
              List<SearchHit> hits = to.search(request);
              boolean filtered = !request.filter().isAll();
              return filtered && hits.size() == request.limit() && hits.size() > 1
                  ? hits.subList(0, hits.size() - 1)
                  : hits;
            }),
        search(
            "S-01",
            "the filter is applied after the limit",
            (to, request) ->
                to.search(request.filter(Filter.all())).stream()
                    .filter(hit -> request.filter().test(hit.record()))
                    .toList()),
        search(
            "S-08",
            "records without a vector are hits",
            (to, request) -> {
              List<SearchHit> hits = new ArrayList<>(to.search(request));
              ScanRequest all = ScanRequest.all().projection(request.projection().withVectors());
              to.scan(all).records().stream()
                  .filter(record -> record.vector().isEmpty())
                  .forEach(record -> hits.add(SearchHit.of(record, -1, ScoreKind.METRIC)));
              return hits.subList(0, Math.min(request.limit(), hits.size()));
            }),
        search(
            "S-06",
            "exact() is ignored",
            (to, request) -> {
              List<SearchHit> hits = new ArrayList<>(to.search(request));
              if (hits.size() > 3 && request.limit() < 60) {
                hits.remove(1);
              }
              return request.isExact() ? hits : to.search(request);
            }),
        Mutant.collection(
            "S-07",
            "a batch answers in another order",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public List<List<SearchHit>> searchBatch(List<SearchRequest> requests) {
                    List<List<SearchHit>> answers = new ArrayList<>(to.searchBatch(requests));
                    Collections.reverse(answers);
                    return answers;
                  }
                }));
  }

  private static List<Mutant> refusals() {
    return List.of(
        search(
            "S-09",
            "errors of a search are swallowed",
            (to, request) -> {
              try {
                return to.search(request);
              } catch (InvalidRequest swallowed) {
                return List.of();
              }
            }),
        search(
            "S-11",
            "a search by text that can't be ranked is answered by a scan",
            (to, request) ->
                byText(request) && !to.capabilities().contains(Capability.RANKED_TEXT)
                    ? scanned(to, request)
                    : to.search(request)),
        search(
            "T-06",
            "terms alone are searched without a ranking",
            (to, request) ->
                byText(request) && !to.capabilities().contains(Capability.RANKED_TEXT)
                    ? scanned(to, request)
                    : to.search(request)),
        search(
            "S-15",
            "a question without terms is refused",
            (to, request) -> {
              if (request.text().isPresent() && request.terms().isEmpty()) {
                throw new InvalidRequest("no terms");
              }
              return to.search(request);
            }));
  }

  private static List<SearchHit> rescored(List<SearchHit> hits, DoubleUnaryOperator change) {
    return hits.stream()
        .map(
            hit ->
                hit.scoreKind() == ScoreKind.METRIC
                    ? SearchHit.of(
                        hit.record(), change.applyAsDouble(hit.score()), ScoreKind.METRIC)
                    : hit)
        .toList();
  }

  private static List<Mutant> scores() {
    return List.of(
        search(
            "S-02",
            "the distance comes without its minus",
            (to, request) -> rescored(to.search(request), Math::abs)),
        search(
            "S-02",
            "a cosine is a little more than one",
            (to, request) -> rescored(to.search(request), score -> score * 1.0000002)),
        search(
            "S-02",
            "scores are of half precision",
            (to, request) -> rescored(to.search(request), score -> Math.rint(score * 1000) / 1000)),
        search(
            "S-03",
            "negative scores are dropped",
            (to, request) -> to.search(request).stream().filter(hit -> hit.score() >= 0).toList()),
        search(
            "S-05",
            "minScore is exclusive",
            (to, request) ->
                to.search(request).stream()
                    .filter(hit -> hit.score() != request.minScore().orElse(Double.NaN))
                    .toList()),
        search(
            "S-10",
            "tiny vectors are taken for zero",
            (to, request) -> {
              Embedding query = request.vector().orElseThrow();
              boolean tiny = Math.abs(query.at(0)) < 1e-5;
              return rescored(to.search(request), score -> tiny ? 0 : score);
            }));
  }

  private static List<Mutant> ties() {
    return List.of(
        search(
            "S-04",
            "equal scores come in any order",
            (to, request) -> {
              List<SearchHit> hits = new ArrayList<>(to.search(request));
              hits.sort(
                  Comparator.comparingDouble(SearchHit::score)
                      .thenComparing(SearchHit::id)
                      .reversed());
              return hits;
            }),
        search(
            "S-04",
            "a record comes twice",
            (to, request) -> {
              List<SearchHit> hits = new ArrayList<>(to.search(request));
              if (hits.size() > 2) {
                hits.set(1, hits.get(0));
              }
              return hits;
            }),
        search(
            "S-16",
            "of equal scores, the last ids come",
            (to, request) ->
                request.isExact() || byText(request)
                    ? to.search(request.limit(10_000)).stream()
                        .sorted(
                            Comparator.comparingDouble(SearchHit::score)
                                .thenComparing(SearchHit::id)
                                .reversed())
                        .limit(request.limit())
                        .toList()
                    : to.search(request)));
  }

  private static List<Mutant> hybrids() {
    return List.of(
        search(
            "S-14",
            "unranked text comes in the order of a scan",
            (to, request) -> {
              if (request.fusion().isEmpty()
                  || to.capabilities().contains(Capability.RANKED_TEXT)) {
                return to.search(request);
              }
              int leg = 2 * request.limit();
              SearchRequest byVector =
                  SearchRequest.nearest(request.vector().orElseThrow())
                      .filter(request.filter())
                      .limit(leg);
              return request
                  .fusion()
                  .get()
                  .fuse(to.search(byVector), scanned(to, request.limit(leg)), request.limit());
            }),
        search(
            "S-12",
            "what text alone finds is dropped",
            (to, request) ->
                to.search(request).stream()
                    .filter(hit -> request.fusion().isEmpty() || hit.score() != 0.5)
                    .toList()),
        search(
            "S-12",
            "the legs are no longer than the limit",
            (to, request) ->
                request.fusion().isEmpty()
                    ? to.search(request)
                    : request
                        .fusion()
                        .get()
                        .fuse(leg(to, request), scanned(to, request), request.limit())),
        search(
            "S-13",
            "minScore cuts the fused answer",
            (to, request) ->
                to.search(request).stream()
                    .filter(
                        hit -> hit.score() >= request.minScore().orElse(Double.NEGATIVE_INFINITY))
                    .toList()));
  }

  private static boolean byText(SearchRequest request) {
    return request.text().isPresent() && request.vector().isEmpty();
  }

  /** The records that have all terms, in the order of a scan. */
  static List<SearchHit> scanned(VectorCollection to, SearchRequest request) {
    Filter all = request.textFilter(to.describe().spec());
    try (Stream<VectorRecord> records =
        to.stream(ScanRequest.all().filter(all).projection(request.projection()))) {
      return records
          .limit(request.limit())
          .map(record -> SearchHit.of(record, 0, ScoreKind.NONE))
          .toList();
    }
  }

  private static List<SearchHit> leg(VectorCollection to, SearchRequest request) {
    return to.search(
        SearchRequest.nearest(request.vector().orElseThrow())
            .filter(request.filter())
            .limit(request.limit()));
  }

  private static List<Mutant> scans() {
    return List.of(
        Mutant.collection("N-01", "a cursor skips a record", SkippingCursor::new),
        Mutant.collection(
            "N-01", "a page starts with the last record of the one before", Repeating::new),
        Mutant.collection("N-05", "pages are keyed by position", ByPosition::new),
        Mutant.collection(
            "F-01",
            "a count is an estimate",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public long count(Filter filter) {
                    long exact = to.count(filter);
                    return exact > 9 ? exact - exact % 10 : exact;
                  }
                }),
        Mutant.collection(
            "E-08",
            "a collection that isn't there counts as empty",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public long count(Filter filter) {
                    try {
                      return to.count(filter);
                    } catch (NotFound swallowed) {
                      return 0;
                    }
                  }
                }));
  }

  private static final class SkippingCursor extends ForwardingCollection {
    SkippingCursor(VectorCollection to) {
      super(to);
    }

    @Override
    public Page scan(ScanRequest request) {
      Page page = to.scan(request);
      return request.cursor().isEmpty() || page.records().isEmpty()
          ? page
          : new Page(page.records().subList(1, page.records().size()), page.next());
    }
  }

  private static final class Repeating extends ForwardingCollection {
    private Optional<VectorRecord> last = Optional.empty();

    Repeating(VectorCollection to) {
      super(to);
    }

    @Override
    public Page scan(ScanRequest request) {
      Page page = to.scan(request);
      List<VectorRecord> records = new ArrayList<>(page.records());
      if (request.cursor().isPresent()) {
        last.ifPresent(record -> records.add(0, record));
      }
      last = page.records().stream().reduce((a, b) -> b);
      return new Page(records, page.next());
    }
  }

  private static final class ByPosition extends ForwardingCollection {
    ByPosition(VectorCollection to) {
      super(to);
    }

    @Override
    public Page scan(ScanRequest request) {
      ScanRequest all = ScanRequest.all().projection(request.projection()).filter(request.filter());
      List<VectorRecord> records = Samples.scan(to, all);
      int from = Math.min(records.size(), request.cursor().map(Integer::parseInt).orElse(0));
      int until = Math.min(records.size(), from + request.pageSize());
      return new Page(
          records.subList(from, until),
          until == records.size() ? Optional.empty() : Optional.of("" + until));
    }
  }

  /** Whether an id is of a kind that some engines forget. */
  static boolean isText(RecordId id) {
    return id instanceof RecordId.TextId;
  }
}
