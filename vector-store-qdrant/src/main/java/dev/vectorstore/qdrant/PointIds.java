package dev.vectorstore.qdrant;

import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.HasIdCondition;
import io.qdrant.client.grpc.Common.IsEmptyCondition;
import io.qdrant.client.grpc.Common.PointId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Ids as Qdrant has them: numbers and UUIDs. A text has the version 5 UUID of its characters, and
 * is itself kept under {@link Reserved#TEXT_ID}, which makes it another identity than that UUID.
 */
final class PointIds {
  private static final UUID NAMESPACE = UUID.fromString("5e0f6e0a-52a4-4c0b-9d43-6f1a1f7f0c55");
  private static final int VERSION_5 = 5;

  private static final String BEYOND =
      " is beyond 2^63 - 1, which no record can have here; store the point under another id";

  private PointIds() {}

  static PointId of(RecordId id) {
    if (id instanceof RecordId.NumberId number) {
      return PointId.newBuilder().setNum(number.value()).build();
    }
    UUID uuid =
        id instanceof RecordId.TextId text ? derive(text.value()) : ((RecordId.UuidId) id).value();
    return PointId.newBuilder().setUuid(uuid.toString()).build();
  }

  static List<PointId> of(Collection<RecordId> ids) {
    List<PointId> points = new ArrayList<>(ids.size());
    ids.forEach(id -> points.add(of(id)));
    return points;
  }

  /**
   * The identity of a point.
   *
   * @param point the point's id
   * @param text the text that is kept with it, or null
   */
  static RecordId read(PointId point, @Nullable String text) {
    if (text != null) {
      return RecordId.of(text);
    }
    if (point.hasUuid()) {
      return RecordId.of(UUID.fromString(point.getUuid()));
    }
    if (!isReadable(point)) {
      throw new MalformedResponse("the point id " + shown(point) + BEYOND);
    }
    return RecordId.of(point.getNum());
  }

  /** Whether a record can have this id; Qdrant's numbers go twice as far as ours. */
  static boolean isReadable(PointId point) {
    return point.hasUuid() || point.getNum() >= 0;
  }

  /** What a scan says in place of a record that can't have its id. */
  static RecordIssue unreadable(PointId point) {
    return RecordIssue.unreadable(shown(point), null, "the point id" + BEYOND);
  }

  private static String shown(PointId point) {
    return point.hasUuid() ? point.getUuid() : Long.toUnsignedString(point.getNum());
  }

  /** Whether another identity could have the same point. */
  static boolean isAmbiguous(RecordId id) {
    return id instanceof RecordId.TextId
        || (id instanceof RecordId.UuidId uuid && uuid.value().version() == VERSION_5);
  }

  /**
   * The records with these identities, and not those of another kind at the same point.
   *
   * @param ids the identities
   * @param mixed whether texts and UUIDs could share a point
   */
  static Condition identity(Collection<RecordId> ids, boolean mixed) {
    HasIdCondition.Builder plain = HasIdCondition.newBuilder();
    HasIdCondition.Builder uuids = HasIdCondition.newBuilder();
    HasIdCondition.Builder texts = HasIdCondition.newBuilder();
    for (RecordId id : ids) {
      HasIdCondition.Builder ambiguous = id instanceof RecordId.TextId ? texts : uuids;
      (mixed && isAmbiguous(id) ? ambiguous : plain).addHasId(of(id));
    }
    List<Condition> ways = new ArrayList<>();
    if (plain.getHasIdCount() > 0) {
      ways.add(hasId(plain));
    }
    if (uuids.getHasIdCount() > 0) {
      ways.add(Conditions.and(List.of(hasId(uuids), withoutText())));
    }
    if (texts.getHasIdCount() > 0) {
      ways.add(Conditions.and(List.of(hasId(texts), Conditions.not(withoutText()))));
    }
    return ways.size() == 1 ? ways.get(0) : Conditions.or(ways);
  }

  /** The points of these ids, whatever lies there. */
  static Condition points(Collection<RecordId> ids) {
    return hasId(HasIdCondition.newBuilder().addAllHasId(of(ids)));
  }

  private static Condition hasId(HasIdCondition.Builder ids) {
    return Condition.newBuilder().setHasId(ids).build();
  }

  /** A cursor that a scroll can go on from. */
  static String toCursor(PointId point) {
    return (point.hasUuid() ? "u" : "n") + shown(point);
  }

  static PointId fromCursor(String cursor) {
    String id = cursor.substring(1);
    return cursor.startsWith("u")
        ? PointId.newBuilder().setUuid(id).build()
        : PointId.newBuilder().setNum(Long.parseUnsignedLong(id)).build();
  }

  private static Condition withoutText() {
    return Condition.newBuilder()
        .setIsEmpty(IsEmptyCondition.newBuilder().setKey(Reserved.TEXT_ID_PATH))
        .build();
  }

  private static UUID derive(String text) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(
          ByteBuffer.allocate(16)
              .putLong(NAMESPACE.getMostSignificantBits())
              .putLong(NAMESPACE.getLeastSignificantBits())
              .array());
      ByteBuffer hash = ByteBuffer.wrap(sha1.digest(text.getBytes(StandardCharsets.UTF_8)));
      long high = (hash.getLong() & 0xffffffffffff0fffL) | 0x5000L;
      long low = (hash.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
      return new UUID(high, low);
    } catch (NoSuchAlgorithmException impossible) {
      // Every Java platform must have SHA-1 (the specification of MessageDigest).
      throw new IllegalStateException(impossible);
    }
  }
}
