package dev.vectorstore.supabase.tables;

import dev.vectorstore.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Wraps values into the objects below a column that lead to them. */
public final class JsonPaths {
  private static final double TWO_TO_63 = 0x1p63;

  private JsonPaths() {}

  /** The value below its path, the first segment (the column) left out. */
  public static Value wrap(List<String> segments, Value value) {
    Value wrapped = value;
    for (int i = segments.size() - 1; i > 0; i--) {
      wrapped = new Value.ObjectValue(Map.of(segments.get(i), wrapped));
    }
    return wrapped;
  }

  /** The integer that a number is, or null if it is none. */
  static @Nullable Long whole(Value value) {
    if (value instanceof Value.LongValue whole) {
      return whole.value();
    }
    if (value instanceof Value.DoubleValue number
        && number.value() == Math.rint(number.value())
        && number.value() >= -TWO_TO_63
        && number.value() < TWO_TO_63) {
      return (long) number.value();
    }
    return null;
  }
}
