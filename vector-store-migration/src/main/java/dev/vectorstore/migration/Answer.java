package dev.vectorstore.migration;

import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An answer held against the right one.
 *
 * @param absent what it lacks
 * @param wrong what it has and shouldn't
 * @param isShort whether it has fewer records than it should
 * @param overlap which share of it is good
 */
record Answer(Set<RecordId> absent, Set<RecordId> wrong, boolean isShort, double overlap) {
  /** An answer whose order counts: it should be the right one, but for ties. */
  static Answer of(List<SearchHit> hits, RightAnswer right, SourceRows rows) {
    Set<RecordId> expected = right.ids();
    Set<RecordId> absent = new LinkedHashSet<>();
    right.best().forEach(scored -> absent.add(scored.id()));
    Set<RecordId> wrong = new LinkedHashSet<>();
    Set<RecordId> others = new LinkedHashSet<>();
    for (SearchHit hit : hits) {
      if (!expected.contains(hit.id())) {
        others.add(hit.id());
      } else if (!absent.remove(hit.id())) {
        wrong.add(hit.id()); // it came twice
      }
    }
    Set<RecordId> substitutes =
        absent.isEmpty() ? Set.of() : those(others, rows, right.substitute()::equallyGood);
    if (hits.size() > expected.size()) {
      wrong.addAll(others);
      wrong.removeAll(substitutes);
    }
    int good = expected.size() - absent.size() + Math.min(absent.size(), substitutes.size());
    boolean isShort = hits.size() < expected.size();
    return new Answer(absent, wrong, isShort, share(good, expected.size(), hits.size()));
  }

  /**
   * The records that a text found. There should be as many as match, up to the limit, and each
   * should match. Which of more than the limit, and in which order, isn't judged.
   */
  static Answer ofText(List<RecordId> found, TextLeg leg, SourceRows rows) {
    Set<RecordId> known = Set.copyOf(leg.first());
    Set<RecordId> others =
        found.stream()
            .filter(id -> !known.contains(id))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Set<RecordId> good = those(others, rows, leg::matches);
    found.stream().filter(known::contains).forEach(good::add);
    Set<RecordId> wrong = new LinkedHashSet<>();
    Set<RecordId> seen = new LinkedHashSet<>();
    for (RecordId id : found) {
      if (!seen.add(id) || !good.contains(id)) {
        wrong.add(id);
      }
    }
    Set<RecordId> absent = new LinkedHashSet<>();
    boolean isShort = found.size() < leg.size();
    // Of a full answer nobody can say which of the other rows that match it should have had.
    if (leg.isWhole() || isShort) {
      leg.first().stream()
          .filter(id -> !good.contains(id))
          .limit(Math.max(0, leg.size() - good.size()))
          .forEach(absent::add);
    }
    int counted = Math.min(good.size(), leg.size());
    return new Answer(absent, wrong, isShort, share(counted, leg.size(), found.size()));
  }

  private static Set<RecordId> those(
      Set<RecordId> ids, SourceRows rows, Predicate<VectorRecord> test) {
    Set<RecordId> those = new LinkedHashSet<>();
    rows.of(ids)
        .forEach(
            (id, row) -> {
              if (test.test(row)) {
                those.add(id);
              }
            });
    return those;
  }

  /** More hits than rows that match: those beyond are wrong, and not only in excess. */
  private static double share(int good, int expected, int hits) {
    int asked = Math.max(expected, hits);
    return asked == 0 ? 1 : (double) good / asked;
  }
}
