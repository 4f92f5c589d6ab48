package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
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

/**
 * Compares what the two stores answer with what is right, and names the cause of each difference.
 * Stateless.
 */
final class Parity {
  /** Scores that differ by less are a tie. */
  static final double RESOLUTION = 1e-6;

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
  static final String COUNT = "target counts other records for the filter";

  private final VectorCollection source;
  private final VectorCollection target;
  private final Mapping mapping;

  /** How a store answered one query: the overlap and each difference's cause, by record. */
  record Outcome(double overlap, Map<RecordId, String> causes) {}

  Parity(VectorCollection source, VectorCollection target, Mapping mapping) {
    this.source = source;
    this.target = target;
    this.mapping = mapping;
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
      Answer answer = answer(target.search(request), probe);
      Map<RecordId, String> causes = new LinkedHashMap<>();
      if (!answer.absent().isEmpty()) {
        causes.putAll(targetCauses(answer, request));
      }
      return Optional.of(new Outcome(answer.overlap(), causes));
    } catch (UnsupportedFeature e) {
      return Optional.empty(); // a filter that this collection can't be asked
    }
  }

  /** What the source's own search answers; empty where it can't be asked. */
  Optional<Outcome> ofSource(Probe probe) {
    boolean askable =
        probe.kind() != Probe.Kind.COUNT
            && source.capabilities().containsAll(needed(probe))
            && (mapping.keepsRecords() || probe.query().filter().isEmpty());
    if (!askable) {
      return Optional.empty();
    }
    try {
      List<SearchHit> hits = source.search(probe.request());
      Answer answer = answer(hits, probe);
      String cause = hits.size() < probe.expected().size() ? SOURCE_SHORT : SOURCE_INDEX;
      Map<RecordId, String> causes = new LinkedHashMap<>();
      answer.absent().forEach(id -> causes.put(id, answer.overlap() < 1 ? cause : TIE));
      return Optional.of(new Outcome(answer.overlap(), causes));
    } catch (UnsupportedFeature | InvalidRequest e) {
      return Optional.empty(); // a filter or a text field that only the target has
    }
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

  /** An answer held against the right one: what it lacks, and which share of it is good. */
  private record Answer(Set<RecordId> absent, double overlap) {}

  private Answer answer(List<SearchHit> hits, Probe probe) {
    List<ExactOrder.Scored> expected = probe.expected();
    if (expected.isEmpty()) {
      return new Answer(Set.of(), hits.isEmpty() ? 1 : 0);
    }
    Map<RecordId, Double> answered = new LinkedHashMap<>();
    hits.forEach(hit -> answered.putIfAbsent(hit.id(), hit.score()));
    Set<RecordId> absent =
        expected.stream()
            .map(ExactOrder.Scored::id)
            .filter(id -> !answered.containsKey(id))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    int good = expected.size() - absent.size();
    if (!absent.isEmpty()) {
      expected.forEach(scored -> answered.remove(scored.id()));
      good += equallyGood(answered, probe, expected.get(expected.size() - 1).score());
    }
    return new Answer(absent, Math.min(1, (double) good / expected.size()));
  }

  /** How many others of the answer are as near as the last of the right one. */
  private int equallyGood(Map<RecordId, Double> others, Probe probe, double worstExpected) {
    int good = 0;
    for (VectorRecord row : source.fetch(others.keySet(), Projection.all())) {
      double reported = others.getOrDefault(row.id(), Double.NEGATIVE_INFINITY);
      if (probe.equallyGood(mapping.apply(row), reported, worstExpected)) {
        good++;
      }
    }
    return good;
  }

  private Map<RecordId, String> targetCauses(Answer answer, SearchRequest request) {
    Map<RecordId, String> causes = new LinkedHashMap<>();
    Map<RecordId, VectorRecord> there = byId(target, answer.absent());
    Map<RecordId, VectorRecord> here = byId(source, answer.absent());
    List<RecordId> unexplained = new ArrayList<>();
    for (RecordId id : answer.absent()) {
      VectorRecord stored = there.get(id);
      VectorRecord original = here.get(id);
      if (stored == null) {
        causes.put(id, MISSING);
      } else if (original != null && !same(mapping.apply(original), stored)) {
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

  private boolean same(VectorRecord wanted, VectorRecord stored) {
    Metric metric = target.describe().spec().metric().orElse(Metric.COSINE);
    return wanted.payload().equals(stored.payload())
        && Vectors.same(wanted.vector(), stored.vector(), metric);
  }

  private Set<RecordId> exactAnswer(SearchRequest request) {
    boolean askable =
        request.vector().isPresent() && target.capabilities().contains(Capability.EXACT);
    return !askable
        ? Set.of()
        : target.search(request.toBuilder().exact().build()).stream()
            .map(SearchHit::id)
            .collect(Collectors.toSet());
  }

  private static Map<RecordId, VectorRecord> byId(VectorCollection store, Set<RecordId> ids) {
    return store.fetch(ids, Projection.all()).stream()
        .collect(Collectors.toMap(VectorRecord::id, record -> record));
  }

  /** The mean of some overlaps; empty without any. */
  static OptionalDouble mean(List<Double> overlaps) {
    return overlaps.stream().mapToDouble(Double::doubleValue).average();
  }
}
