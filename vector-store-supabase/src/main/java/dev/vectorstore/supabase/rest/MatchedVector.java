package dev.vectorstore.supabase.rest;

import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.supabase.tables.DimensionMismatch;
import dev.vectorstore.supabase.tables.TableShape;
import dev.vectorstore.supabase.tables.VectorColumn;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.NearestQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which of a table's vectors its search function is for. Nothing says it, since Postgres keeps no
 * dimension of an argument; it shows in what the function answers. Safe for threads.
 */
final class MatchedVector {
  /** How far a similarity may be from the cosine of the vector that is read beside it. */
  private static final double TOLERANCE = 1e-3;

  private final TableShape shape;
  private final String function;
  private final RestRows pages;
  private final AtomicReference<@Nullable String> known = new AtomicReference<>();

  MatchedVector(TableShape shape, String function, RestRows pages) {
    this.shape = shape;
    this.function = function;
    this.pages = pages;
  }

  /**
   * Refuses a search by a vector that the function isn't seen to search.
   *
   * @param probe asks the function for the similarities of the rows nearest to the query
   */
  void require(
      NearestQuery<RestFilter> query,
      Function<Attempt, Map<RecordId, Double>> probe,
      Attempt attempt) {
    String using = query.using();
    if (shape.table().vectors().size() == 1 || using.equals(known.get())) {
      return;
    }
    Map<RecordId, Double> found;
    try {
      found = probe.apply(attempt);
    } catch (InvalidRequest refused) {
      if (refused.getCause() instanceof DimensionMismatch mismatch) {
        int searched = mismatch.ofTheColumn(query.vector().dimension());
        List<VectorColumn> those = with(searched);
        throw refusal(using, "it is for vectors of " + searched + " dimensions", those);
      }
      throw refused;
    }
    if (found.isEmpty()) {
      if (pages.hasAny(shape.vector(using).column(), attempt)) {
        throw refusal(
            using, "it finds nothing, and there are rows that have this vector", List.of());
      }
      return; // and nothing would be found
    }
    List<VectorColumn> matching = matching(query, found, attempt);
    if (!matching.contains(shape.vector(using))) {
      throw refusal(
          using, "the similarities that it returns aren't the cosines of this vector", matching);
    }
    if (matching.size() == 1) {
      known.set(using);
    }
  }

  private List<VectorColumn> with(int dimension) {
    return shape.vectors().stream().filter(v -> v.spec().dimension() == dimension).toList();
  }

  /** The vectors that the answer can be by: those of the query's dimension with these cosines. */
  private List<VectorColumn> matching(
      NearestQuery<RestFilter> query, Map<RecordId, Double> found, Attempt attempt) {
    List<VectorColumn> matching = new ArrayList<>(with(query.vector().dimension()));
    if (matching.size() > 1) {
      String[] names = matching.stream().map(VectorColumn::name).toArray(String[]::new);
      List<VectorRecord> rows =
          pages.fetch(List.copyOf(found.keySet()), Projection.ids().withVectors(names), attempt);
      matching.removeIf(
          vector -> !rows.stream().allMatch(row -> isBy(vector.name(), row, query, found)));
    }
    return matching;
  }

  private static boolean isBy(
      String name, VectorRecord row, NearestQuery<RestFilter> query, Map<RecordId, Double> found) {
    double similarity = found.getOrDefault(row.id(), Double.NaN);
    return row.vector(name)
        .map(vector -> Metric.COSINE.score(query.vector(), vector))
        .filter(cosine -> Math.abs(cosine - similarity) <= TOLERANCE)
        .isPresent();
  }

  private UnsupportedFeature refusal(String using, String reason, List<VectorColumn> searched) {
    List<VectorColumn> others =
        searched.isEmpty()
            ? shape.vectors().stream().filter(vector -> !vector.name().equals(using)).toList()
            : searched;
    return new UnsupportedFeature(
        "the function "
            + function
            + " doesn't search the vector "
            + using
            + ", since "
            + reason
            + "; it searches "
            + others.stream()
                .map(vector -> vector.name() + " (" + vector.spec() + ")")
                .collect(Collectors.joining(" or "))
            + ". A connection to the database (postgresql://...) searches each, and so does the"
            + " adopted table (vector-store supabase adopt)");
  }
}
