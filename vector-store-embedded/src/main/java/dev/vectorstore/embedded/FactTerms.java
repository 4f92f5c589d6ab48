package dev.vectorstore.embedded;

import dev.vectorstore.Value;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.NumericUtils;

/**
 * The terms of facts: the path, the fact's tag, the value. Paths longer than a term may be are
 * replaced by their SHA-256, and of longer texts all behind the beginning is, so equal terms still
 * mean equal values. Within a fact, the order of the terms is the order of the numbers, instants
 * and texts, so ranges are ranges of terms; only long texts of one beginning are in no order.
 */
final class FactTerms {
  private static final int MAX_PATH_BYTES = 256;
  private static final int MAX_TEXT_BYTES = 64;
  private static final byte[] NO_VALUE = {};

  private static final byte SEGMENT = 1;
  private static final byte HASHED = 2;
  // Neither keys nor texts can hold U+0000, so it ends a key and the beginning of a text.
  private static final byte END = 0;

  private FactTerms() {}

  /** The path as the beginning of terms: no path's is the beginning of another one's terms. */
  static byte[] path(List<String> segments) {
    byte[] path = {};
    for (String segment : segments) {
      path = child(path, segment);
    }
    return path;
  }

  /** As {@link #path}, not yet shortened. */
  static byte[] child(byte[] parent, String segment) {
    byte[] key = segment.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(parent.length + key.length + 2)
        .put(parent)
        .put(SEGMENT)
        .put(key)
        .put(END)
        .array();
  }

  static BytesRef term(byte[] path, Fact fact) {
    return term(path, fact.tag(), NO_VALUE);
  }

  static BytesRef text(byte[] path, Fact fact, String text) {
    return term(path, fact.tag(), bounded(text));
  }

  /** A text as a term of its own. */
  static BytesRef text(String text) {
    return new BytesRef(bounded(text));
  }

  private static byte[] bounded(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return utf8.length <= MAX_TEXT_BYTES
        ? utf8
        : ByteBuffer.allocate(MAX_TEXT_BYTES + 33)
            .put(utf8, 0, MAX_TEXT_BYTES)
            .put(END)
            .put(sha256(utf8))
            .array();
  }

  static boolean isLong(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length > MAX_TEXT_BYTES;
  }

  /** Where the terms of the long texts begin that have a long text's beginning. */
  static BytesRef longer(byte[] path, Fact fact, String text) {
    return term(path, fact.tag(), beginning(text, END));
  }

  /** Behind the last term of the texts that have a long text's beginning. */
  static BytesRef endOfLonger(byte[] path, Fact fact, String text) {
    return term(path, fact.tag(), beginning(text, (byte) (END + 1)));
  }

  private static byte[] beginning(String text, byte end) {
    return ByteBuffer.allocate(MAX_TEXT_BYTES + 1)
        .put(text.getBytes(StandardCharsets.UTF_8), 0, MAX_TEXT_BYTES)
        .put(end)
        .array();
  }

  static BytesRef bool(byte[] path, Fact fact, boolean value) {
    return term(path, fact.tag(), new byte[] {(byte) (value ? 1 : 0)});
  }

  /**
   * A number by its value, whatever its kind: the greatest double that isn't above it, and what an
   * integer beyond 2^53 has more than that double.
   */
  static BytesRef number(byte[] path, Fact fact, Value number) {
    double floor;
    short rest = 0;
    if (number instanceof Value.LongValue integer) {
      floor = floor(integer.value());
      rest = (short) (integer.value() - (long) floor);
    } else {
      floor = ((Value.DoubleValue) number).value();
    }
    byte[] value = new byte[10];
    NumericUtils.longToSortableBytes(NumericUtils.doubleToSortableLong(floor), value, 0);
    ByteBuffer.wrap(value).putShort(8, rest);
    return term(path, fact.tag(), value);
  }

  private static double floor(long integer) {
    double nearest = (double) integer;
    if (Math.abs(nearest) < 1L << 53) {
      return nearest;
    }
    boolean above = new BigDecimal(nearest).compareTo(BigDecimal.valueOf(integer)) > 0;
    return above ? Math.nextDown(nearest) : nearest;
  }

  /** Microseconds; a bound outside the years that a payload can name stays outside of them. */
  static BytesRef instant(byte[] path, Fact fact, Instant instant) {
    long limit = TimeUnit.DAYS.toSeconds(400 * 20_000L);
    long seconds = Math.max(-limit, Math.min(limit, instant.getEpochSecond()));
    byte[] value = new byte[8];
    NumericUtils.longToSortableBytes(
        TimeUnit.SECONDS.toMicros(seconds) + instant.getNano() / 1000, value, 0);
    return term(path, fact.tag(), value);
  }

  /** Behind the last term of a fact. */
  static BytesRef end(byte[] path, Fact fact) {
    return term(path, (byte) (fact.tag() + 1), NO_VALUE);
  }

  private static BytesRef term(byte[] path, byte tag, byte[] value) {
    byte[] start = path.length <= MAX_PATH_BYTES ? path : hashedPath(path);
    return new BytesRef(
        ByteBuffer.allocate(start.length + 1 + value.length)
            .put(start)
            .put(tag)
            .put(value)
            .array());
  }

  private static byte[] hashedPath(byte[] path) {
    return ByteBuffer.allocate(33).put(HASHED).put(sha256(path)).array();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      // Every Java platform must have SHA-256 (the specification of MessageDigest).
      throw new IllegalStateException(impossible);
    }
  }
}
