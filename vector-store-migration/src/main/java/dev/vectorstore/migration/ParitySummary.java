package dev.vectorstore.migration;

import dev.vectorstore.RecordId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** How one store answered all queries. Not safe for threads. */
final class ParitySummary {
  private static final int LISTED = 50;

  /**
   * A difference between an answer and the right one.
   *
   * @param query what the report calls the query
   * @param record the record that the answer lacks
   * @param cause why
   */
  record Difference(String query, String record, String cause) {}

  private final Map<Probe.Kind, List<Double>> overlaps = new EnumMap<>(Probe.Kind.class);
  private final Map<String, Long> causes = new TreeMap<>();
  private final List<Difference> differences = new ArrayList<>();

  void add(Probe probe, Parity.Outcome outcome) {
    overlaps.computeIfAbsent(probe.kind(), kind -> new ArrayList<>()).add(outcome.overlap());
    for (Map.Entry<RecordId, String> entry : outcome.causes().entrySet()) {
      causes.merge(entry.getValue(), 1L, Long::sum);
      if (differences.size() < LISTED) {
        String name = probe.query().origin() + ", " + probe.kind().name().toLowerCase(Locale.ROOT);
        differences.add(new Difference(name, entry.getKey().toString(), entry.getValue()));
      }
    }
  }

  /** The queries that were asked. */
  int queries() {
    return overlaps.values().stream().mapToInt(List::size).sum();
  }

  /** The mean over all queries; empty without any. */
  OptionalDouble overlap() {
    return Parity.mean(overlaps.values().stream().flatMap(List::stream).toList());
  }

  /** The mean by kind of query. */
  Map<Probe.Kind, Double> byKind() {
    Map<Probe.Kind, Double> means = new EnumMap<>(Probe.Kind.class);
    overlaps.forEach((kind, values) -> means.put(kind, Parity.mean(values).orElse(0)));
    return means;
  }

  Map<String, Long> causes() {
    return causes;
  }

  List<Difference> differences() {
    return differences;
  }
}
