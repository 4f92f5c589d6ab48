package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
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
  static final String SOURCE_INDEX =
      "source index approximate: its own search missed rows that are nearer";
  static final String SOURCE_SHORT =
      "source index approximate: its own search returned fewer rows than match";
  static final String SOURCE_FAILED = "source search failed: its own search gave an error";
  static final String WRONG = "the answer has more records than match, and this one doesn't";
  static final String COUNT = "target counts other records for the filter";

  /** A search that failed so often in a row isn't asked again. */
  private static final int PATIENCE = 3;

  private static final Logger LOG = LoggerFactory.getLogger(Parity.class);

  private final VectorCollection source;
  private final VectorCollection target;
  private final Mapping mapping;
  private int failures;

  /** How a store answered one query: the overlap and each difference's cause, by record. */
  record Outcome(double overlap, Map<RecordId, String> causes) {}

  Parity(VectorCollection source, VectorCollection target, Mapping mapping) {
    this.source = source;
    this.target = target;
    this.mapping = mapping;
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
    if (!target.capabilities().containsAll(needed(probe))) {
      return Optional.empty();
    }
    try {
      SearchRequest request = probe.request();
      Answer answer = answer(target.search(request), probe.right());
      Map<RecordId, String> causes = targetCauses(answer, request);
      answer.wrong().forEach(id -> causes.put(id, WRONG));
      return Optional.of(new Outcome(answer.overlap(), causes));
    } catch (UnsupportedFeature e) {
      return Optional.empty(); // a filter that this collection can't be asked
    }
  }

  /** What the source's own search answers; empty where it can't be asked. */
  Optional<Outcome> ofSource(Probe probe) {
    boolean askable =
        probe.kind() != Probe.Kind.COUNT
            && failures < PATIENCE
            && source.capabilities().containsAll(needed(probe))
            && (mapping.keepsRecords() || probe.query().filter().isEmpty());
    if (!askable) {
      return Optional.empty();
    }
    RightAnswer right = probe.right();
    try {
      List<SearchHit> hits = source.search(probe.request());
      failures = 0;
      Answer answer = answer(hits, right);
      String cause = hits.size() < right.best().size() ? SOURCE_SHORT : SOURCE_INDEX;
      Map<RecordId, String> causes = new LinkedHashMap<>();
      answer.absent().forEach(id -> causes.put(id, answer.overlap() < 1 ? cause : TIE));
      answer.wrong().forEach(id -> causes.put(id, WRONG));
      return Optional.of(new Outcome(answer.overlap(), causes));
    } catch (UnsupportedFeature | InvalidRequest e) {
      return Optional.empty(); // a filter or a text field that only the target has
    } catch (VectorStoreException e) {
      return failed(right, e);
    }
  }

  /** A search that its users can't have either, such as one that the server has no time for. */
  private Optional<Outcome> failed(RightAnswer right, VectorStoreException error) {
    failures++;
    LOG.warn(
        "a search of the source counts as not answered{}: {}",
        failures < PATIENCE ? "" : ", and no more are asked",
        error.getMessage());
    Map<RecordId, String> causes = new LinkedHashMap<>();
    right.best().forEach(scored -> causes.put(scored.id(), SOURCE_FAILED));
    return right.best().isEmpty() ? Optional.empty() : Optional.of(new Outcome(0, causes));
  }

  private static Set<Capability> needed(Probe probe) {
    return switch (probe.kind()) {
      case VECTOR, FILTERED -> Set.of(Capability.VECTOR_SEARCH);
      case HYBRID -> Set.of(Capability.VECTOR_SEARCH, Capability.TERMS);
      case TEXT -> Set.of(Capability.TERMS);
      case COUNT -> Set.of();
    };
  }

  private Outcome counted(Probe probe) {
    long found = target.count(probe.filter());
    if (found == probe.matching()) {
      return new Outcome(1, Map.of());
    }
    double overlap = (double) Math.min(found, probe.matching()) / Math.max(found, probe.matching());
    return new Outcome(overlap, Map.of(RecordId.of(0), COUNT));
  }

  /**
   * An answer held against the right one.
   *
   * @param absent what it lacks
   * @param wrong what it has beyond all that match
   * @param overlap which share of it is good
   */
  private record Answer(Set<RecordId> absent, Set<RecordId> wrong, double overlap) {}

  private Answer answer(List<SearchHit> hits, RightAnswer right) {
    Set<RecordId> absent = new LinkedHashSet<>();
    right.best().forEach(scored -> absent.add(scored.id()));
    Set<RecordId> wrong = new LinkedHashSet<>();
    Map<RecordId, Double> others = new LinkedHashMap<>();
    Set<RecordId> expected = right.ids();
    for (SearchHit hit : hits) {
      if (!expected.contains(hit.id())) {
        others.putIfAbsent(hit.id(), hit.score());
      } else if (!absent.remove(hit.id())) {
        wrong.add(hit.id()); // it came twice
      }
    }
    Set<RecordId> substitutes = absent.isEmpty() ? Set.of() : equallyGood(others, right);
    if (hits.size() > expected.size()) {
      wrong.addAll(others.keySet());
      wrong.removeAll(substitutes);
    }
    int good = expected.size() - absent.size() + Math.min(absent.size(), substitutes.size());
    // More hits than rows that match: those beyond are wrong, and not only in excess.
    int asked = Math.max(expected.size(), hits.size());
    return new Answer(absent, wrong, asked == 0 ? 1 : (double) good / asked);
  }

  /** Which others of the answer stand no lower than the last of the right one. */
  private Set<RecordId> equallyGood(Map<RecordId, Double> others, RightAnswer right) {
    Set<RecordId> good = new LinkedHashSet<>();
    for (VectorRecord row : Sound.fetch(source, others.keySet())) {
      double reported = others.getOrDefault(row.id(), Double.NEGATIVE_INFINITY);
      Sound.mapped(mapping, row)
          .filter(mapped -> right.substitute().equallyGood(mapped, reported))
          .ifPresent(mapped -> good.add(mapped.id()));
    }
    return good;
  }

  private Map<RecordId, String> targetCauses(Answer answer, SearchRequest request) {
    Map<RecordId, String> causes = new LinkedHashMap<>();
    if (answer.absent().isEmpty()) {
      return causes;
    }
    Map<RecordId, VectorRecord> there = byId(target.fetch(answer.absent(), Projection.all()));
    Map<RecordId, VectorRecord> here = byId(Sound.fetch(source, answer.absent()));
    List<RecordId> unexplained = new ArrayList<>();
    for (RecordId id : answer.absent()) {
      VectorRecord stored = there.get(id);
      VectorRecord original = here.get(id);
      if (stored == null) {
        causes.put(id, MISSING);
      } else if (original != null && !same(original, stored)) {
        boolean bare = stored.vector().isEmpty() && original.vector().isPresent();
        causes.put(id, bare ? NO_EMBEDDING : DIFFERS);
      } else {
        unexplained.add(id);
      }
    }
    if (answer.overlap() >= 1) {
      unexplained.forEach(id -> causes.put(id, TIE));
    } else if (!unexplained.isEmpty()) {
      Set<RecordId> exactly = exactAnswer(request);
      unexplained.forEach(
          id -> causes.put(id, exactly.contains(id) ? TARGET_INDEX : TARGET_SEARCH));
    }
    return causes;
  }

  private boolean same(VectorRecord original, VectorRecord stored) {
    Metric metric = target.describe().spec().metric().orElse(Metric.COSINE);
    return Sound.mapped(mapping, original)
        .filter(wanted -> wanted.payload().equals(stored.payload()))
        .filter(wanted -> Vectors.same(wanted.vector(), stored.vector(), metric))
        .isPresent();
  }

  private Set<RecordId> exactAnswer(SearchRequest request) {
    boolean askable =
        request.vector().isPresent() && target.capabilities().contains(Capability.EXACT);
    return !askable
        ? Set.of()
        : target.search(request.exact()).stream().map(SearchHit::id).collect(Collectors.toSet());
  }

  private static Map<RecordId, VectorRecord> byId(List<VectorRecord> records) {
    return records.stream().collect(Collectors.toMap(VectorRecord::id, record -> record));
  }

  /** The mean of some overlaps; empty without any. */
  static OptionalDouble mean(List<Double> overlaps) {
    return overlaps.stream().mapToDouble(Double::doubleValue).average();
  }
}
