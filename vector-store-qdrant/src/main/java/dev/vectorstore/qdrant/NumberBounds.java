package dev.vectorstore.qdrant;

import dev.vectorstore.Filter.Comparison;
import dev.vectorstore.Value;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Range;

/**
 * What Qdrant can say of numbers. Its ranges compare doubles, which is too coarse beyond 2^53, and
 * a stored double can have moved by some ulps; where either matters, the bounds are apart.
 *
 * <p>An integer index is never relied on: it drops 3.5 and cuts 2^63 to 2^63 - 1.
 */
final class NumberBounds {
  /** Far more than storage moves a double by, even when it is stored again and again. */
  private static final int SLACK_ULPS = 64;

  /** How many neighbours of a bound are tried for one that storage moves across it. */
  private static final int NEIGHBOURS = 4;

  private static final int REWRITES = 4;
  private static final long EXACT_INTEGERS = 1L << 53;

  private NumberBounds() {}

  static Clauses equal(String path, Value number) {
    double bound = toDouble(number);
    if (isExact(bound)) {
      return Clauses.exact(field(path, Range.newBuilder().setGte(bound).setLte(bound)));
    }
    return Clauses.upper(
        field(path, Range.newBuilder().setGte(move(bound, false)).setLte(move(bound, true))));
  }

  static Clauses compare(String path, Comparison comparison, Value number) {
    double bound = toDouble(number);
    if (isExact(bound)) {
      return Clauses.exact(field(path, range(comparison, bound)));
    }
    boolean above = comparison == Comparison.GT || comparison == Comparison.GTE;
    Comparison inclusive = above ? Comparison.GTE : Comparison.LTE;
    return Clauses.between(
        field(path, range(inclusive, move(bound, !above))),
        field(path, range(inclusive, move(bound, above))));
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

  private static Clause field(String path, Range.Builder range) {
    return Clause.of(FieldCondition.newBuilder().setKey(path).setRange(range));
  }

  private static double toDouble(Value number) {
    return number instanceof Value.LongValue integer
        ? integer.value()
        : ((Value.DoubleValue) number).value();
  }

  /** Whether a comparison of stored doubles with this one comes out as the true comparison. */
  private static boolean isExact(double bound) {
    if (bound == 0) {
      return true; // The smallest doubles stay above zero; no need to print them.
    }
    if (Math.abs(bound) >= EXACT_INTEGERS) {
      return false;
    }
    double up = bound;
    double down = bound;
    for (int i = 0; i <= NEIGHBOURS; i++) {
      if (crosses(up, bound) || crosses(down, bound)) {
        return false;
      }
      up = Math.nextUp(up);
      down = Math.nextDown(down);
    }
    return true;
  }

  private static boolean crosses(double stored, double bound) {
    double read = stored;
    for (int i = 0; i < REWRITES; i++) {
      double next = SerdeDoubles.isHard(read) ? SerdeDoubles.reread(read) : read;
      if (Double.compare(next, bound) != Double.compare(stored, bound)) {
        return true;
      }
      if (next == read) {
        return false;
      }
      read = next;
    }
    return false;
  }

  private static double move(double bound, boolean up) {
    double moved = bound;
    for (int i = 0; i < SLACK_ULPS; i++) {
      moved = up ? Math.nextUp(moved) : Math.nextDown(moved);
    }
    // An infinite bound is refused by JSON and pointless: beyond it nothing is stored.
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, moved));
  }
}
