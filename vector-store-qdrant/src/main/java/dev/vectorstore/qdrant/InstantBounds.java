package dev.vectorstore.qdrant;

import com.google.protobuf.Timestamp;
import dev.vectorstore.Filter.Comparison;
import dev.vectorstore.support.Bounds;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.DatetimeRange;
import io.qdrant.client.grpc.Common.FieldCondition;
import java.time.Instant;

/**
 * What Qdrant can say of instants. It takes more texts for instants than RFC 3339 does, and
 * compares nanoseconds or microseconds depending on the index: its answer is always an upper bound,
 * widened by a microsecond.
 */
final class InstantBounds {
  /** A day more than the years 0001 to 9999 in any zone, so that nothing stored is beyond. */
  private static final Instant FIRST = Instant.parse("0000-12-30T00:00:00Z");

  private static final Instant LAST = Instant.parse("+10000-01-02T00:00:00Z");

  private InstantBounds() {}

  static Bounds<Condition> compare(String path, Comparison comparison, Instant bound) {
    Instant near = bound.isBefore(FIRST) ? FIRST : bound.isAfter(LAST) ? LAST : bound;
    DatetimeRange.Builder range = DatetimeRange.newBuilder();
    if (comparison == Comparison.GT || comparison == Comparison.GTE) {
      range.setGte(timestamp(near.minusNanos(1_000)));
    } else {
      range.setLte(timestamp(near.plusNanos(1_000)));
    }
    return Bounds.atMost(
        Conditions.of(FieldCondition.newBuilder().setKey(path).setDatetimeRange(range)));
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
