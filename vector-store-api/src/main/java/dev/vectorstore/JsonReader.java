package dev.vectorstore;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one JSON text (RFC 8259) strictly: nothing is guessed, dropped or rounded. The port depends
 * on no JSON library, so that an application's own can't clash with it. Used once.
 */
final class JsonReader {
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
  private static final String BLANK = " \t\n\r";

  /** No int64 and no double needs more; exponents of any size would cost time without end. */
  private static final int MAX_NUMBER = 1_100;

  private final String text;
  private int at;

  JsonReader(String text) {
    this.text = text;
  }

  /** The one object of the text. */
  Value.ObjectValue read() {
    skipBlanks();
    if (at < text.length() && text.charAt(at) != '{') {
      throw fault("a payload is a JSON object, which begins with {");
    }
    if (at == text.length()) {
      throw fault("the JSON ends where an object is expected");
    }
    Value.ObjectValue object = object(1);
    skipBlanks();
    if (at < text.length()) {
      throw fault("something follows the end of the JSON");
    }
    return object;
  }

  private Value value(int depth) {
    skipBlanks();
    if (at == text.length()) {
      throw fault("the JSON ends where a value is expected");
    }
    char first = text.charAt(at);
    if (first == '{' || first == '[') {
      if (depth == Payload.MAX_DEPTH) {
        throw fault("the JSON nests deeper than " + Payload.MAX_DEPTH);
      }
      return first == '{' ? object(depth + 1) : list(depth + 1);
    }
    if (first == '"') {
      return new Value.StringValue(string());
    }
    return first == '-' || isDigit(first) ? number() : literal();
  }

  private Value.ObjectValue object(int depth) {
    Map<String, Value> entries = new LinkedHashMap<>();
    at++;
    if (!takes('}')) {
      do {
        skipBlanks();
        int start = at;
        if (at == text.length() || text.charAt(at) != '"') {
          throw fault("a key in double quotes is expected");
        }
        String key = string();
        if (entries.containsKey(key)) {
          at = start;
          throw fault("this key stands twice in its object");
        }
        if (depth == 1 && key.equals(Payload.RESERVED_KEY)) {
          at = start;
          throw fault("the key " + key + " is reserved for the engines; rename it");
        }
        require(':');
        entries.put(key, value(depth));
      } while (takes(','));
      require('}');
    }
    return new Value.ObjectValue(Entries.owned(entries));
  }

  private Value list(int depth) {
    List<Value> elements = new ArrayList<>();
    at++;
    if (!takes(']')) {
      do {
        elements.add(value(depth));
      } while (takes(','));
      require(']');
    }
    return new Value.ListValue(elements);
  }

  private String string() {
    int start = at++;
    StringBuilder string = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at);
      if (c < ' ') {
        throw fault(
            "a control character stands in a string; write it as \\u%04x".formatted((int) c));
      }
      at++;
      string.append(c == '\\' ? escaped() : c);
    }
    if (at == text.length()) {
      at = start;
      throw fault("a string doesn't end");
    }
    at++;
    return storable(string.toString(), start);
  }

  /** The text, if engines can hold it; the fault is told at the start of the string. */
  private String storable(String string, int start) {
    try {
      return Text.require(string, "a string of the JSON");
    } catch (VectorStoreException.InvalidRequest unstorable) {
      at = start;
      throw fault(unstorable.getMessage());
    }
  }

  private char escaped() {
    char kind = at < text.length() ? text.charAt(at++) : 0;
    int plain = "\"\\/bfnrt".indexOf(kind);
    if (plain >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(plain);
    }
    if (kind == 'u' && at + 4 <= text.length()) {
      int unit = 0;
      for (int i = 0; i < 4; i++) {
        int digit = Character.digit(text.charAt(at + i), 16);
        unit = text.charAt(at + i) > 'f' || digit < 0 ? -1 : unit * 16 + digit;
        if (unit < 0) {
          throw fault("\\u needs four hexadecimal digits");
        }
      }
      at += 4;
      return (char) unit;
    }
    at--;
    throw fault("JSON has no such escape in a string");
  }

  private Value number() {
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (!number.lookingAt()) {
      throw fault("a number is expected");
    }
    String digits = number.group();
    try {
      if (digits.length() > MAX_NUMBER) {
        throw new VectorStoreException.InvalidRequest(
            "a number has " + digits.length() + " characters; store it as text");
      }
      boolean integer = number.group(1) == null && number.group(2) == null;
      Value value = integer ? Values.ofInteger(new BigInteger(digits)) : decimal(digits);
      at = number.end();
      return value;
    } catch (VectorStoreException.InvalidRequest changed) {
      throw fault(changed.getMessage());
    }
  }

  /** A double that isn't zero has an exponent of three digits at the most. */
  private static Value decimal(String digits) {
    double nearest = Double.parseDouble(digits);
    boolean zero =
        digits.split("[eE]", 2)[0].chars().noneMatch(digit -> digit >= '1' && digit <= '9');
    if (zero) {
      return new Value.DoubleValue(0);
    }
    if (nearest == 0 || Double.isInfinite(nearest)) {
      throw Values.notGivenBack(digits.length());
    }
    return Values.ofDecimal(new BigDecimal(digits));
  }

  private Value literal() {
    if (text.startsWith("true", at)) {
      at += 4;
      return new Value.BooleanValue(true);
    }
    if (text.startsWith("false", at)) {
      at += 5;
      return new Value.BooleanValue(false);
    }
    if (text.startsWith("null", at)) {
      at += 4;
      return Value.NullValue.NULL;
    }
    throw fault("a JSON value is expected");
  }

  private void require(char wanted) {
    if (!takes(wanted)) {
      throw fault(
          (at == text.length() ? "the JSON ends where " : "")
              + (wanted == ':' ? "a colon" : "a comma or " + wanted)
              + " is expected");
    }
  }

  private boolean takes(char wanted) {
    skipBlanks();
    boolean there = at < text.length() && text.charAt(at) == wanted;
    at += there ? 1 : 0;
    return there;
  }

  private void skipBlanks() {
    while (at < text.length() && BLANK.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** With the place, as editors count, but never the text, which may be personal data. */
  private VectorStoreException.InvalidRequest fault(String what) {
    int line = 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
    int column = at - text.lastIndexOf('\n', at - 1);
    return new VectorStoreException.InvalidRequest(
        "at line " + line + ", column " + column + " of the JSON text: " + what);
  }
}
