package dev.vectorstore;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Conversions between {@link Value} and plain Java objects. */
final class Values {
  /** What tells any two floats apart. */
  private static final int FLOAT_DIGITS = 9;

  /** What tells any two doubles apart. */
  private static final int DOUBLE_DIGITS = 17;

  /** Every decimal of so few digits is given back by a double that isn't subnormal. */
  private static final int SURE_DIGITS = 15;

  /** More than the exact value of any double has; longer ones would take time to look at. */
  private static final int MOST_DIGITS = 1_100;

  private Values() {}

  static Value of(@Nullable Object object) {
    return of(object, Payload.MAX_DEPTH);
  }

  /** The bound ends what contains itself, and what would end the stack. */
  private static Value of(@Nullable Object object, int levels) {
    if (object == null) {
      return Value.NullValue.NULL;
    }
    if (object instanceof Value value) {
      return value;
    }
    if (object instanceof Payload payload) {
      return payload.toValue();
    }
    if (object instanceof Boolean bool) {
      return new Value.BooleanValue(bool);
    }
    if (object instanceof Number number) {
      return ofNumber(number);
    }
    if (object instanceof Map<?, ?> map) {
      return ofMap(map, requireLevels(levels));
    }
    if (object instanceof Collection<?> list) {
      return ofList(list, requireLevels(levels));
    }
    if (object.getClass().isArray()) {
      return ofArray(object, requireLevels(levels));
    }
    return new Value.StringValue(
        PlainTexts.of(object)
            .orElseThrow(
                () ->
                    new VectorStoreException.InvalidRequest(
                        "a payload can't hold a "
                            + object.getClass().getName()
                            + "; use a string, number, boolean, null, List, Map, array, UUID, URI,"
                            + " enum or a type of java.time")));
  }

  private static int requireLevels(int levels) {
    if (levels < 1) {
      throw new VectorStoreException.InvalidRequest(
          "a value nests deeper than " + Payload.MAX_DEPTH + "; store the inner part as text");
    }
    return levels;
  }

  private static Value ofList(Collection<?> list, int levels) {
    List<Value> elements = new ArrayList<>(list.size());
    list.forEach(element -> elements.add(of(element, levels - 1)));
    return new Value.ListValue(elements);
  }

  private static Value ofArray(Object array, int levels) {
    int length = Array.getLength(array);
    List<Value> elements = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      elements.add(of(Array.get(array, i), levels - 1));
    }
    return new Value.ListValue(elements);
  }

  private static Value ofNumber(Number number) {
    if (number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte) {
      return new Value.LongValue(number.longValue());
    }
    if (number instanceof Double) {
      return new Value.DoubleValue(number.doubleValue());
    }
    if (number instanceof Float single) {
      return new Value.DoubleValue(Float.isFinite(single) ? shortest(single) : single);
    }
    if (number instanceof BigInteger integer) {
      return ofInteger(integer);
    }
    if (number instanceof BigDecimal decimal) {
      return ofDecimal(decimal);
    }
    throw new VectorStoreException.InvalidRequest(
        "a payload can't hold a number of " + number.getClass() + "; use a long or a double");
  }

  /**
   * The double of the shortest decimal that the float is nearest to. Not by {@code Float.toString},
   * which isn't the shortest text before JDK 19: a store would differ by the JDK that writes it.
   */
  private static double shortest(float number) {
    BigDecimal exact = new BigDecimal(number);
    for (int digits = 1; digits < FLOAT_DIGITS; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.floatValue() == number) {
        return rounded.doubleValue();
      }
    }
    return exact.round(new MathContext(FLOAT_DIGITS, RoundingMode.HALF_EVEN)).doubleValue();
  }

  static Value ofInteger(BigInteger integer) {
    if (integer.bitLength() > 63) {
      throw new VectorStoreException.InvalidRequest(
          "an integer of "
              + integer.bitLength()
              + " bits is outside int64 and would be changed; store it as text");
    }
    return new Value.LongValue(integer.longValue());
  }

  static Value ofDecimal(BigDecimal decimal) {
    double nearest = decimal.doubleValue();
    if (!Double.isFinite(nearest) || !isGivenBack(decimal, nearest)) {
      throw notGivenBack(decimal.precision());
    }
    return new Value.DoubleValue(nearest);
  }

  static VectorStoreException.InvalidRequest notGivenBack(int digits) {
    return new VectorStoreException.InvalidRequest(
        "a decimal of "
            + digits
            + " digits isn't given back by a double and would be changed; store it as text");
  }

  /**
   * Given back means: the double's exact value, rounded to as many digits as the decimal has, is
   * the decimal; or the decimal is a text that programs write for the double, with no digit to
   * spare.
   */
  private static boolean isGivenBack(BigDecimal decimal, double nearest) {
    if (decimal.precision() > MOST_DIGITS) {
      return false;
    }
    int digits = decimal.stripTrailingZeros().precision();
    boolean few = digits <= SURE_DIGITS && Math.abs(nearest) >= Double.MIN_NORMAL;
    if (few) {
      return true;
    }
    BigDecimal exact = new BigDecimal(nearest);
    return isRounded(decimal, exact)
        || decimal.compareTo(new BigDecimal(Double.toString(nearest))) == 0
        || isBesideRounded(decimal, exact, nearest);
  }

  /** A tie may have been rounded either way. */
  private static boolean isRounded(BigDecimal decimal, BigDecimal exact) {
    int digits = decimal.stripTrailingZeros().precision();
    return Stream.of(RoundingMode.HALF_UP, RoundingMode.HALF_DOWN)
        .anyMatch(mode -> exact.round(new MathContext(digits, mode)).compareTo(decimal) == 0);
  }

  /**
   * At a power of two, the rounded decimal can be that of the double below; the one beside it, on
   * the other side of the exact value, is then what gives the double.
   */
  private static boolean isBesideRounded(BigDecimal decimal, BigDecimal exact, double nearest) {
    BigDecimal shown = decimal.stripTrailingZeros();
    BigDecimal rounded = exact.round(new MathContext(shown.precision(), RoundingMode.HALF_EVEN));
    return shown.precision() <= DOUBLE_DIGITS
        && rounded.doubleValue() != nearest
        && shown.subtract(exact).abs().compareTo(shown.ulp()) < 0;
  }

  /**
   * A text that {@link Payload#parse} takes for this double on any JDK. {@code Double.toString} can
   * have a wrong last digit before JDK 19.
   */
  static String text(double number) {
    String text = Double.toString(number);
    BigDecimal exact = new BigDecimal(number);
    if (number == 0 || isRounded(new BigDecimal(text), exact)) {
      return text;
    }
    String all = exact.round(new MathContext(DOUBLE_DIGITS, RoundingMode.HALF_EVEN)).toString();
    return all.contains(".") || all.contains("E") ? all : all + ".0";
  }

  private static Value ofMap(Map<?, ?> map, int levels) {
    Map<String, Value> entries = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          if (!(key instanceof String name)) {
            throw new VectorStoreException.InvalidRequest("a payload key isn't a string");
          }
          entries.put(name, of(value, levels - 1));
        });
    return new Value.ObjectValue(entries);
  }

  static @Nullable Object toObject(Value value) {
    if (value instanceof Value.StringValue string) {
      return string.value();
    }
    if (value instanceof Value.LongValue number) {
      return number.value();
    }
    if (value instanceof Value.DoubleValue number) {
      return number.value();
    }
    if (value instanceof Value.BooleanValue bool) {
      return bool.value();
    }
    if (value instanceof Value.ListValue list) {
      List<@Nullable Object> objects = new ArrayList<>(list.elements().size());
      list.elements().forEach(element -> objects.add(toObject(element)));
      return Collections.unmodifiableList(objects);
    }
    return value instanceof Value.ObjectValue object ? toMap(object) : null;
  }

  static Map<String, @Nullable Object> toMap(Value.ObjectValue object) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    object.entries().forEach((key, value) -> map.put(key, toObject(value)));
    return Collections.unmodifiableMap(map);
  }

  static Optional<String> text(Value value) {
    return value instanceof Value.StringValue text ? Optional.of(text.value()) : Optional.empty();
  }

  static Optional<Boolean> bool(Value value) {
    return value instanceof Value.BooleanValue bool ? Optional.of(bool.value()) : Optional.empty();
  }

  static Optional<Instant> instant(Value value) {
    return value instanceof Value.StringValue text ? text.asInstant() : Optional.empty();
  }

  static OptionalDouble number(Optional<Value> value) {
    Value there = value.orElse(Value.NullValue.NULL);
    if (there instanceof Value.LongValue integer) {
      return OptionalDouble.of((double) integer.value());
    }
    return there instanceof Value.DoubleValue number
        ? OptionalDouble.of(number.value())
        : OptionalDouble.empty();
  }

  static OptionalLong integer(Optional<Value> value) {
    Value there = value.orElse(Value.NullValue.NULL);
    if (there instanceof Value.LongValue integer) {
      return OptionalLong.of(integer.value());
    }
    // The cast saturates at 2^63 - 1, which as a double is 2^63: such a number is no int64.
    return there instanceof Value.DoubleValue number
            && number.value() == (long) number.value()
            && (long) number.value() != Long.MAX_VALUE
        ? OptionalLong.of((long) number.value())
        : OptionalLong.empty();
  }

  /** How deep a list or object of these values nests. */
  static int depthAround(Collection<Value> values) {
    int deepest = 0;
    for (Value value : values) {
      deepest = Math.max(deepest, value.depth());
    }
    if (deepest >= Payload.MAX_DEPTH) {
      requireLevels(0);
    }
    return 1 + deepest;
  }
}
