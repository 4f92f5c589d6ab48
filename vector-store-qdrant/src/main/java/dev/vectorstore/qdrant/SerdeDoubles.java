package dev.vectorstore.qdrant;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Predicts what Qdrant's storage makes of a double: it is printed with the fewest digits that name
 * it, and read back as {@code digits * 10^e} in double arithmetic, which misses one double in ten
 * by an ulp or two. Such a hard double is stored as another one, its stand-in, and kept by its bits
 * beside. Stateless.
 */
final class SerdeDoubles {
  /** Largest power of ten that the reader multiplies by in one step. */
  private static final int MAX_POWER = 308;

  /** Doubles are printed without exponent below this many digits before the point. */
  private static final int PLAIN_DIGITS = 16;

  /** How many neighbours are tried on each side; most of them will do. */
  private static final int FARTHEST = 32;

  private static final double[] POWERS = powers();

  private SerdeDoubles() {}

  /** Whether storage changes this double. */
  static boolean isHard(double value) {
    return !isShort(value) && reread(value) != value;
  }

  /** This double, or what to store in its place. */
  static double storable(double value) {
    return isHard(value) ? standIn(value) : value;
  }

  /**
   * What to store in place of a hard double: a neighbour that storage leaves alone. Between the two
   * there is no short decimal, nor is the stand-in one, so that a comparison with a short decimal
   * comes out the same for both. Storage by itself would make 1.0 of 0.9999999999999999.
   */
  static double standIn(double hard) {
    double up = hard;
    double down = hard;
    boolean upOpen = true;
    boolean downOpen = true;
    for (int i = 0; i < FARTHEST; i++) {
      up = Math.nextUp(up);
      down = Math.nextDown(down);
      upOpen &= !isShort(up) && Double.isFinite(up);
      downOpen &= !isShort(down) && Double.isFinite(down);
      if (upOpen && !isHard(up)) {
        return up;
      }
      if (downOpen && !isHard(down)) {
        return down;
      }
    }
    return hard;
  }

  /** What storage gives back for this double. */
  static double reread(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value;
    }
    BigDecimal shortest = shortest(Math.abs(value));
    BigInteger digits = shortest.unscaledValue();
    int exponent = -shortest.scale();
    int point = digits.toString().length() + exponent;
    if (exponent >= 0 && point <= PLAIN_DIGITS) {
      // Printed as an integer with ".0", whose zero the reader takes for one more digit.
      digits = digits.multiply(BigInteger.TEN.pow(exponent + 1));
      exponent = -1;
    }
    double read = scale(digits.doubleValue(), exponent);
    return value < 0 ? -read : read;
  }

  /**
   * Whether this is a decimal of few digits, none of them far behind the point: digits and power
   * are exact then, so that one rounding is right.
   */
  static boolean isShort(double value) {
    for (int power = 0; power <= 15; power++) {
      double digits = Math.rint(value * POWERS[power]);
      if (Math.abs(digits) >= 1e15) {
        return false;
      }
      if (digits / POWERS[power] == value) {
        return true;
      }
    }
    return false;
  }

  private static double scale(double digits, int exponent) {
    double read = digits;
    int left = exponent;
    while (left < -MAX_POWER && read != 0) {
      read /= POWERS[MAX_POWER];
      left += MAX_POWER;
    }
    return left >= 0 ? read * POWERS[Math.min(left, MAX_POWER)] : read / POWERS[-left];
  }

  /**
   * The decimal of the fewest digits that rounds to this double; of several, the nearest. Before
   * JDK 19, {@code Double.toString} gives a digit too many or another last one now and then.
   */
  private static BigDecimal shortest(double value) {
    BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    BigDecimal shorter = nearest(shortest, shortest.scale() - 1, value);
    while (shorter != null) {
      shortest = shorter.stripTrailingZeros();
      shorter = nearest(shortest, shortest.scale() - 1, value);
    }
    BigDecimal nearest = nearest(shortest, shortest.scale(), value);
    return nearest == null ? shortest : nearest;
  }

  /** The decimal of this scale that is nearest to the double, if it rounds to it. */
  private static @Nullable BigDecimal nearest(BigDecimal about, int scale, double value) {
    BigDecimal floor = about.setScale(scale, RoundingMode.FLOOR);
    BigDecimal best = null;
    for (int step = -1; step <= 1; step++) {
      BigDecimal candidate = floor.add(BigDecimal.valueOf(step, scale));
      if (candidate.doubleValue() == value && (best == null || isNearer(candidate, best, value))) {
        best = candidate;
      }
    }
    return best;
  }

  private static boolean isNearer(BigDecimal candidate, BigDecimal best, double value) {
    BigDecimal exact = new BigDecimal(value);
    return candidate.subtract(exact).abs().compareTo(best.subtract(exact).abs()) < 0;
  }

  private static double[] powers() {
    double[] powers = new double[MAX_POWER + 1];
    for (int i = 0; i <= MAX_POWER; i++) {
      powers[i] = Double.parseDouble("1e" + i);
    }
    return powers;
  }
}
