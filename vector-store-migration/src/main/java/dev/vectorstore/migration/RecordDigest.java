package dev.vectorstore.migration;

import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hash of a payload: typed (3 and 3.0 differ), and blind to the order of an object's keys. The
 * hashes of a collection's records are added up to one of the collection, in any order. Not safe
 * for threads.
 */
final class RecordDigest {
  private final MessageDigest digest = sha256();
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
  private final long[] sum = new long[4];

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      // Every Java platform must have SHA-256 (the specification of MessageDigest).
      throw new IllegalStateException(impossible);
    }
  }

  /** The hash of a record's id and payload. */
  byte[] of(RecordId id, Payload payload) {
    tag(id.kind().name().charAt(0));
    text(id.toString());
    value(payload.toValue());
    return digest.digest();
  }

  /** Adds a record's hash to the collection's. */
  void add(byte[] hash) {
    ByteBuffer words = ByteBuffer.wrap(hash);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += words.getLong();
    }
  }

  /** The collection's hash: the sum of its records'. */
  String total() {
    ByteBuffer bytes = ByteBuffer.allocate(sum.length * Long.BYTES);
    for (long word : sum) {
      bytes.putLong(word);
    }
    return HexFormat.of().formatHex(bytes.array());
  }

  private void value(Value value) {
    if (value instanceof Value.StringValue string) {
      tag('s');
      text(string.value());
    } else if (value instanceof Value.LongValue integer) {
      tag('i');
      number(integer.value());
    } else if (value instanceof Value.DoubleValue decimal) {
      tag('d');
      number(Double.doubleToLongBits(decimal.value()));
    } else if (value instanceof Value.BooleanValue bool) {
      tag(bool.value() ? 't' : 'f');
    } else if (value instanceof Value.ListValue list) {
      tag('[');
      number(list.elements().size());
      list.elements().forEach(this::value);
    } else if (value instanceof Value.ObjectValue object) {
      object(object);
    } else {
      tag('n');
    }
  }

  private void object(Value.ObjectValue object) {
    tag('{');
    number(object.entries().size());
    Map<String, Value> sorted = new TreeMap<>(object.entries());
    sorted.forEach(
        (key, value) -> {
          text(key);
          value(value);
        });
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    digest.update(bytes);
  }

  private void number(long value) {
    digest.update(number.clear().putLong(value).flip());
  }

  private void tag(char tag) {
    digest.update((byte) tag);
  }
}
