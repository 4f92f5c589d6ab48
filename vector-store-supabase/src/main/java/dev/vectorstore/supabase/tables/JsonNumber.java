package dev.vectorstore.supabase.tables;

import dev.vectorstore.Value;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a number in the JSON of Postgres is to a reader: an int64, a double, or else its text. */
public final class JsonNumber {
  /** Longer decimals than any double prints, even the smallest. */
  private static final int LONGEST_DECIMAL = 1_100;

  private static final int LONGEST_INTEGER = 20;

  private static final BigDecimal LONGEST_EXACT = BigDecimal.valueOf(1L << 53);

  /** As {@code jsonb} prints numbers. */
  private static final Pattern PRINTED = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?");

  private JsonNumber() {}

  /** The value of a number with a point or an exponent, or null if a reader gets its text. */
  public static @Nullable Value decimal(String text) {
    String shown = text.length() <= LONGEST_DECIMAL ? text : withoutZeros(text);
    if (shown.length() > LONGEST_DECIMAL) {
      return null;
    }
    try {
      BigDecimal decimal = new BigDecimal(shown);
      Value whole = isPlain(shown) ? whole(decimal) : null;
      return whole == null ? Value.of(decimal) : whole;
    } catch (InvalidRequest | NumberFormatException notGivenBack) {
      return null;
    }
  }

  /**
   * Whether a {@code jsonb} can have a number of which a reader gets this text, so that the text is
   * equal to that number.
   */
  static boolean isTextOfNumber(String text) {
    if (!PRINTED.matcher(text).matches()) {
      return false;
    }
    return text.indexOf('.') < 0 ? !isInt64(text) : decimal(text) == null;
  }

  private static boolean isInt64(String integer) {
    if (integer.length() > LONGEST_INTEGER) {
      return false;
    }
    try {
      Long.parseLong(integer);
      return true;
    } catch (NumberFormatException beyond) {
      return false;
    }
  }

  private static boolean isPlain(String text) {
    return text.indexOf('e') < 0 && text.indexOf('E') < 0;
  }

  private static String withoutZeros(String text) {
    if (!isPlain(text)) {
      return text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.charAt(end - 1) == '.' ? text.substring(0, end) + '0' : text.substring(0, end);
  }

  /** An integer with a point that no double gives back exactly: it is what it says, as without. */
  private static @Nullable Value whole(BigDecimal decimal) {
    if (decimal.abs().compareTo(LONGEST_EXACT) <= 0
        || decimal.precision() - decimal.scale() > LONGEST_INTEGER
        || new BigDecimal(decimal.doubleValue()).compareTo(decimal) == 0) {
      return null;
    }
    try {
      return new Value.LongValue(decimal.longValueExact());
    } catch (ArithmeticException noInt64) {
      return null;
    }
  }
}
