package dev.vectorstore.qdrant;

import dev.vectorstore.Filter.Comparison;
import dev.vectorstore.Value;
import dev.vectorstore.support.Bounds;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Range;

/**
 * Compiles comparisons of numbers. Qdrant's ranges compare doubles, which is too coarse beyond
 * 2^53, and a stored double can have moved by some ulps. Where either matters, the upper bound is
 * wider than the lower one.
 *
 * <p>An integer index is never relied on: it drops 3.5 and cuts 2^63 to 2^63 - 1.
 */
final class NumberBounds {
  /** Far more than a stand-in is away, or what storage makes of another client's double. */
  private static final int SLACK_ULPS = 64;

  private static final long EXACT_INTEGERS = 1L << 53;

  private NumberBounds() {}

  static Bounds<Condition> equal(String path, Value number) {
    double bound = toDouble(number);
    if (isExact(bound)) {
      return Bounds.exactly(field(path, Range.newBuilder().setGte(bound).setLte(bound)));
    }
    return Bounds.atMost(
        field(
            path,
            Range.newBuilder()
                .setGte(finite(move(bound, false)))
                .setLte(finite(move(bound, true)))));
  }

  static Bounds<Condition> compare(String path, Comparison comparison, Value number) {
    double bound = toDouble(number);
    if (isExact(bound)) {
      return Bounds.exactly(field(path, range(comparison, bound)));
    }
    boolean above = comparison == Comparison.GT || comparison == Comparison.GTE;
    Comparison inclusive = above ? Comparison.GTE : Comparison.LTE;
    double within = move(bound, above);
    // Beyond the largest double there is nothing; an infinite bound would be refused by JSON.
    return Bounds.between(
        Double.isInfinite(within) ? null : field(path, range(inclusive, within)),
        field(path, range(inclusive, finite(move(bound, !above)))));
  }

  private static Range.Builder range(Comparison comparison, double bound) {
    Range.Builder range = Range.newBuilder();
    return switch (comparison) {
      case GT -> range.setGt(bound);
      case GTE -> range.setGte(bound);
      case LT -> range.setLt(bound);
      case LTE -> range.setLte(bound);
    };
  }

  private static Condition field(String path, Range.Builder range) {
    return Conditions.of(FieldCondition.newBuilder().setKey(path).setRange(range));
  }

  private static double toDouble(Value number) {
    return number instanceof Value.LongValue integer
        ? integer.value()
        : ((Value.DoubleValue) number).value();
  }

  /**
   * Whether a comparison of what is stored comes out as that of what is meant. Integers are exact
   * as doubles below 2^53, and a stand-in is on the same side of a short decimal as its original.
   */
  private static boolean isExact(double bound) {
    return Math.abs(bound) < EXACT_INTEGERS && SerdeDoubles.isShort(bound);
  }

  private static double move(double bound, boolean up) {
    double moved = bound;
    for (int i = 0; i < SLACK_ULPS; i++) {
      moved = up ? Math.nextUp(moved) : Math.nextDown(moved);
    }
    return moved;
  }

  private static double finite(double bound) {
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, bound));
  }
}
