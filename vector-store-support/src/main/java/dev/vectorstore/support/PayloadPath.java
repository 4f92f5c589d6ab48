package dev.vectorstore.support;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Value;
import org.jspecify.annotations.Nullable;

/** Finds what lies at a path of a payload. Stateless. */
public final class PayloadPath {
  private PayloadPath() {}

  /** The value at the path, or null if there is none; lists are not gone into. */
  public static @Nullable Value at(Value.ObjectValue payload, FieldPath path) {
    Value value = payload;
    for (String segment : path.segments()) {
      value = value instanceof Value.ObjectValue object ? object.entries().get(segment) : null;
      if (value == null) {
        return null;
      }
    }
    return value;
  }
}
