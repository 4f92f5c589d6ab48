package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what the two stores answer with what is right, and names the cause of each difference.
 * Used by one thread.
 */
final class Parity {
  /** Scores that differ by less are a tie, as engines sum up in float32; larger ones by more. */
  private static final double RESOLUTION = 1e-6;

  static final String TIE = "tie: another record with the same score took the place";
  static final String MISSING = "missing in target";
  static final String NO_EMBEDDING = "no embedding in target";
  static final String DIFFERS = "record differs in target";
  static final String TARGET_INDEX = "target index approximate: its exact search finds the record";
  static final String TARGET_SEARCH = "target search differs from the exact order";
  static final String TARGET_TEXT = "target text search missed the record, which matches";
  static final String NO_MATCH = "found by a text or a filter that the record doesn't match";
  static final String EXTRA = "in the target alone";
  static final String SOURCE_INDEX =
      "source index approximate: its own search missed rows that are nearer";
  static final String SOURCE_SHORT =
      "source index approximate: its own search returned fewer rows than match";
  static final String SOURCE_TEXT = "source text search missed the record, which matches";
  static final String SOURCE_FAILED = "source search failed: its own search gave an error";
  static final String WRONG = "the answer has more records than match, and this one doesn't";
  static final String COUNT = "target counts other records for the filter";

  /** A search that failed so often in a row isn't asked again. */
  private static final int PATIENCE = 3;

  private static final Logger LOG = LoggerFactory.getLogger(Parity.class);

  private final VectorCollection target;
  private final Mapping mapping;
  private final SourceRows rows;
  private final Asking askTarget;
  private final Asking askSource;
  private int failures;

  /** How a store answered one query: the overlap and each difference's cause, by record. */
  record Outcome(double overlap, Map<RecordId, String> causes) {}

  Parity(VectorCollection source, VectorCollection target, Mapping mapping) {
    this.target = target;
    this.mapping = mapping;
    this.rows = new SourceRows(source, mapping, target.describe().spec());
    this.askTarget = new Asking(target, rows, request -> request);
    this.askSource = new Asking(source, rows, request -> inSource(request, mapping));
  }

  /** The request as the source names its vectors. */
  private static SearchRequest inSource(SearchRequest request, Mapping mapping) {
    return request.using().isEmpty()
        ? request
        : request.using(mapping.vectorInSource(request.using().get()));
  }

  /** How far below a score another one is still a tie. */
  static double resolution(double score) {
    return Double.isInfinite(score) ? 0 : RESOLUTION * Math.max(1, Math.abs(score));
  }

  /** What the target answers; empty where it can't be asked. */
  Optional<Outcome> ofTarget(Probe probe) {
    if (probe.kind() == Probe.Kind.COUNT) {
      return Optional.of(counted(probe));
    }
    if (!askTarget.can(probe, probe.inTarget())) {
      return Optional.empty();
    }
    try {
      Asking.Judged judged = askTarget.ask(probe, probe.inTarget());
      Map<RecordId, String> causes = new LinkedHashMap<>();
      judged.byText().ifPresent(answer -> causes.putAll(textCauses(answer)));
      judged.ordered().ifPresent(answer -> causes.putAll(orderCauses(answer, probe.request())));
      return Optional.of(new Outcome(judged.overlap(), causes));
    } catch (UnsupportedFeature e) {
      return Optional.empty(); // a filter that this collection can't be asked
    }
  }

  /** What the source's own search answers; empty where it can't be asked. */
  Optional<Outcome> ofSource(Probe probe) {
    boolean askable =
        probe.kind() != Probe.Kind.COUNT
            && failures < PATIENCE
            && askSource.can(probe, probe.inSource())
            && (mapping.keepsRecords() || probe.query().filter().isEmpty());
    if (!askable) {
      return Optional.empty();
    }
    try {
      Asking.Judged judged = askSource.ask(probe, probe.inSource());
      failures = 0;
      Map<RecordId, String> causes = new LinkedHashMap<>();
      judged.byText().ifPresent(answer -> name(answer, SOURCE_TEXT, NO_MATCH, causes));
      judged
          .ordered()
          .ifPresent(
              answer -> {
                String cause = answer.isShort() ? SOURCE_SHORT : SOURCE_INDEX;
                name(answer, answer.overlap() < 1 ? cause : TIE, WRONG, causes);
              });
      return Optional.of(new Outcome(judged.overlap(), causes));
    } catch (UnsupportedFeature | InvalidRequest e) {
      return Optional.empty(); // a filter or a text field that only the target has
    } catch (VectorStoreException e) {
      return failed(probe, e);
    }
  }

  private static void name(
      Answer answer, String absent, String wrong, Map<RecordId, String> causes) {
    answer.absent().forEach(id -> causes.put(id, absent));
    answer.wrong().forEach(id -> causes.put(id, wrong));
  }

  /** A search that its users can't have either, such as one that the server has no time for. */
  private Optional<Outcome> failed(Probe probe, VectorStoreException error) {
    failures++;
    LOG.warn(
        "a search of the source counts as not answered{}: {}",
        failures < PATIENCE ? "" : ", and no more are asked",
        error.getMessage());
    Map<RecordId, String> causes = new LinkedHashMap<>();
    Stream.concat(
            probe.nearest().stream().map(ExactOrder.Scored::id),
            probe.inSource().stream().flatMap(leg -> leg.first().stream()))
        .distinct()
        .limit(probe.k())
        .forEach(id -> causes.put(id, SOURCE_FAILED));
    return causes.isEmpty() ? Optional.empty() : Optional.of(new Outcome(0, causes));
  }

  private Outcome counted(Probe probe) {
    long found = target.count(probe.filter());
    if (found == probe.matching()) {
      return new Outcome(1, Map.of());
    }
    double overlap = (double) Math.min(found, probe.matching()) / Math.max(found, probe.matching());
    return new Outcome(overlap, Map.of(RecordId.of(0), COUNT));
  }

  /** Why a text found too few records of the target, or others. */
  private Map<RecordId, String> textCauses(Answer answer) {
    Map<RecordId, String> causes = ofRecords(answer.absent());
    answer.absent().forEach(id -> causes.putIfAbsent(id, TARGET_TEXT));
    Set<RecordId> here = rows.of(answer.wrong()).keySet();
    Map<RecordId, String> others = ofRecords(answer.wrong());
    for (RecordId id : answer.wrong()) {
      boolean differs = DIFFERS.equals(others.get(id));
      causes.put(id, !here.contains(id) ? EXTRA : differs ? DIFFERS : NO_MATCH);
    }
    return causes;
  }

  private Map<RecordId, String> orderCauses(Answer answer, SearchRequest request) {
    Map<RecordId, String> causes = ofRecords(answer.absent());
    Set<RecordId> unexplained = new LinkedHashSet<>(answer.absent());
    unexplained.removeAll(causes.keySet());
    if (answer.overlap() >= 1) {
      unexplained.forEach(id -> causes.put(id, TIE));
    } else if (!unexplained.isEmpty()) {
      Set<RecordId> exactly = exactAnswer(request);
      unexplained.forEach(
          id -> causes.put(id, exactly.contains(id) ? TARGET_INDEX : TARGET_SEARCH));
    }
    answer.wrong().forEach(id -> causes.put(id, WRONG));
    return causes;
  }

  /** The causes that lie in the records themselves. */
  private Map<RecordId, String> ofRecords(Set<RecordId> ids) {
    Map<RecordId, String> causes = new LinkedHashMap<>();
    if (ids.isEmpty()) {
      return causes;
    }
    Map<RecordId, VectorRecord> there =
        target.fetch(ids, Projection.all()).stream()
            .collect(Collectors.toMap(VectorRecord::id, record -> record));
    Map<RecordId, VectorRecord> wanted = rows.of(ids);
    for (RecordId id : ids) {
      VectorRecord stored = there.get(id);
      VectorRecord original = wanted.get(id);
      if (stored == null) {
        causes.put(id, MISSING);
      } else if (original != null && !same(original, stored)) {
        boolean bare = !stored.vectors().keySet().containsAll(original.vectors().keySet());
        causes.put(id, bare ? NO_EMBEDDING : DIFFERS);
      }
    }
    return causes;
  }

  private boolean same(VectorRecord wanted, VectorRecord stored) {
    return wanted.payload().equals(stored.payload())
        && Vectors.same(wanted, stored, target.describe().spec());
  }

  private Set<RecordId> exactAnswer(SearchRequest request) {
    boolean askable =
        request.vector().isPresent() && target.capabilities().contains(Capability.EXACT);
    return !askable
        ? Set.of()
        : target.search(request.exact()).stream().map(SearchHit::id).collect(Collectors.toSet());
  }

  /** The mean of some overlaps; empty without any. */
  static OptionalDouble mean(List<Double> overlaps) {
    return overlaps.stream().mapToDouble(Double::doubleValue).average();
  }
}
