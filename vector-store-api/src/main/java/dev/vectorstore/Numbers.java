package dev.vectorstore;

import java.math.BigDecimal;

/** Exact comparison of int64 and double values. */
final class Numbers {
  private Numbers() {}

  static boolean isNumber(Value value) {
    return value instanceof Value.LongValue || value instanceof Value.DoubleValue;
  }

  static int compare(Value a, Value b) {
    if (a instanceof Value.LongValue x) {
      return b instanceof Value.LongValue y
          ? Long.compare(x.value(), y.value())
          : compare(x.value(), ((Value.DoubleValue) b).value());
    }
    double x = ((Value.DoubleValue) a).value();
    return b instanceof Value.LongValue y
        ? -compare(y.value(), x)
        : Double.compare(x, ((Value.DoubleValue) b).value());
  }

  private static int compare(long a, double b) {
    // Below 2^53 the long is exact as a double, and so is the least; above, only decimals decide.
    if (Math.abs(a) <= 1L << 53) {
      return Double.compare((double) a, b);
    }
    return BigDecimal.valueOf(a).compareTo(new BigDecimal(b));
  }
}
