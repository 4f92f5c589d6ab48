package dev.vectorstore.migration;

import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** One of the two rankings of a hybrid search, and the places that rows have in it. Immutable. */
final class Leg {
  private final Map<RecordId, Place> places;
  private final List<ExactOrder.Scored> byNearness;
  private final ToDoubleFunction<VectorRecord> nearness;

  /**
   * A place in a ranking.
   *
   * @param rank from 1; 0 for none
   * @param nearness the score, in a ranking by nearness
   */
  record Place(int rank, double nearness) {
    static final Place NONE = new Place(0, Double.NEGATIVE_INFINITY);

    boolean there() {
      return rank > 0;
    }
  }

  private Leg(
      Map<RecordId, Place> places,
      List<ExactOrder.Scored> byNearness,
      ToDoubleFunction<VectorRecord> nearness) {
    this.places = places;
    this.byNearness = byNearness;
    this.nearness = nearness;
  }

  /**
   * A ranking by nearness, in which equal rows may stand for each other.
   *
   * @param nearness of a row; NaN if it has no place in this ranking
   */
  static Leg byNearness(List<ExactOrder.Scored> ranking, ToDoubleFunction<VectorRecord> nearness) {
    Map<RecordId, Place> places = new HashMap<>();
    for (ExactOrder.Scored scored : ranking) {
      places.put(scored.id(), new Place(places.size() + 1, scored.score()));
    }
    return new Leg(places, ranking, nearness);
  }

  /** A ranking that is what it is. */
  static Leg asItIs(List<RecordId> ranking) {
    Map<RecordId, Place> places = new HashMap<>();
    ranking.forEach(id -> places.put(id, new Place(places.size() + 1, 0)));
    return new Leg(places, List.of(), row -> Double.NaN);
  }

  /** The place of a record of the ranking. */
  Place place(RecordId id) {
    return places.getOrDefault(id, Place.NONE);
  }

  /** The best place that a row can have, if ties are broken for it. */
  Place place(VectorRecord row) {
    double score = nearness.applyAsDouble(row);
    for (int i = 0; i < byNearness.size(); i++) {
      double there = byNearness.get(i).score();
      if (score >= there - Parity.resolution(there)) {
        return new Place(i + 1, score);
      }
    }
    return place(row.id());
  }
}
