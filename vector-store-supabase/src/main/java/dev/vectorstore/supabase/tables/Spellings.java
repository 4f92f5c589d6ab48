package dev.vectorstore.supabase.tables;

import dev.vectorstore.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * How a column of type jsonb may have a value that a reader gets. Postgres compares decimals, and a
 * reader gets doubles: 0.1 and 0.10000000000000001 are one number to a reader, and what is neither
 * an int64 nor a double is its text.
 *
 * @param json what the column contains if a reader's value contains the value; empty if that is
 *     said by no few of them
 * @param exact whether a reader's value contains the value wherever the column contains one
 */
public record Spellings(List<String> json, boolean exact) {
  private static final Spellings UNKNOWN = new Spellings(List.of(), false);
  private static final double TWO_TO_63 = 0x1p63;

  /** Every decimal of so few digits is the only one for its double. */
  private static final int SURE_DIGITS = 15;

  /** From so many digits on, what a double is rounded to gives that double. */
  private static final int DOUBLE_DIGITS = 17;

  /**
   * The spellings of a value.
   *
   * @param most how many may be said; if there are more, none is
   */
  public static Spellings of(Value value, int most) {
    if (value instanceof Value.StringValue text) {
      return ofText(value, text.value(), most);
    } else if (value instanceof Value.DoubleValue number) {
      return ofDouble(number.value(), most);
    } else if (value instanceof Value.ListValue list) {
      return joined(list.elements(), key -> "", most).within("[", "]");
    } else if (value instanceof Value.ObjectValue object) {
      List<String> keys = List.copyOf(object.entries().keySet());
      List<Value> parts = List.copyOf(object.entries().values());
      return joined(parts, i -> JsonText.of(new Value.StringValue(keys.get(i))) + ':', most)
          .within("{", "}");
    }
    return only(value);
  }

  private static Spellings only(Value value) {
    return new Spellings(List.of(JsonText.of(value)), true);
  }

  private static Spellings ofText(Value value, String text, int most) {
    if (!JsonNumber.isTextOfNumber(text)) {
      return only(value);
    }
    return most < 2 ? UNKNOWN : new Spellings(List.of(JsonText.of(value), text), false);
  }

  private static Spellings ofDouble(double number, int most) {
    boolean whole = number == Math.rint(number);
    if (whole && number >= -TWO_TO_63 && number < TWO_TO_63) {
      return only(new Value.DoubleValue(number));
    }
    Set<String> decimals = decimals(number, most);
    // Without a point it would be an integer beyond int64, of which a reader gets the text.
    return decimals.size() > most ? UNKNOWN : new Spellings(List.copyOf(decimals), !whole);
  }

  /** All that a reader takes for the double; more than the most if they are too many. */
  private static Set<String> decimals(double number, int most) {
    BigDecimal exact = new BigDecimal(number).stripTrailingZeros();
    Set<String> decimals = new LinkedHashSet<>();
    add(decimals, new BigDecimal(JsonText.decimal(number)), number);
    add(decimals, new BigDecimal(Double.toString(number)), number);
    boolean few = Math.abs(number) >= Double.MIN_NORMAL;
    for (int digits = few ? SURE_DIGITS : 1; digits <= exact.precision(); digits++) {
      for (RoundingMode mode : List.of(RoundingMode.HALF_UP, RoundingMode.HALF_DOWN)) {
        BigDecimal rounded = exact.round(new MathContext(digits, mode));
        add(decimals, rounded, number);
        if (digits <= DOUBLE_DIGITS) {
          add(decimals, rounded.add(rounded.ulp()), number);
          add(decimals, rounded.subtract(rounded.ulp()), number);
        }
      }
      if (decimals.size() > most) {
        break;
      }
    }
    return decimals;
  }

  private static void add(Set<String> decimals, BigDecimal decimal, double number) {
    String text = decimal.stripTrailingZeros().toPlainString();
    String pointed = text.indexOf('.') < 0 ? text + ".0" : text;
    if (new Value.DoubleValue(number).equals(JsonNumber.decimal(pointed))) {
      decimals.add(text);
    }
  }

  private Spellings within(String start, String end) {
    return new Spellings(json.stream().map(parts -> start + parts + end).toList(), exact);
  }

  /** All combinations of the spellings of several values, each behind its key. */
  private static Spellings joined(List<Value> parts, IntFunction<String> key, int most) {
    List<String> joined = List.of("");
    boolean exact = true;
    for (int i = 0; i < parts.size(); i++) {
      Spellings part = of(parts.get(i), most / joined.size());
      if (part.json().isEmpty()) {
        return UNKNOWN;
      }
      exact &= part.exact();
      List<String> longer = new ArrayList<>();
      String before = (i > 0 ? "," : "") + key.apply(i);
      for (String start : joined) {
        part.json().forEach(end -> longer.add(start + before + end));
      }
      joined = longer;
    }
    return new Spellings(joined, exact);
  }
}
