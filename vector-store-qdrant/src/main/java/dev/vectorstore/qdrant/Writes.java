package dev.vectorstore.qdrant;

import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.WriteMode;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.RecordSize;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.Points.UpdateMode;
import io.qdrant.client.grpc.Points.UpdateResult;
import io.qdrant.client.grpc.Points.UpdateStatus;
import io.qdrant.client.grpc.Points.UpsertPoints;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Upserts of one collection. Each waits, and is done only when the server says so. */
final class Writes {
  /** Where the array of a request begins; it grows. */
  private static final int LEAST = 1 << 12;

  private static final int MOST_AT_FIRST = 16 << 20;

  private final Connection connection;
  private final Layout layout;
  private final Identities identities;
  private final PointWriter points;

  Writes(Connection connection, Layout layout) {
    this.connection = connection;
    this.layout = layout;
    this.identities = new Identities(connection, layout);
    this.points = new PointWriter(layout);
  }

  /** A reply without error can still say that the write isn't applied yet. */
  static void requireDone(UpdateResult result) {
    if (result.getStatus() != UpdateStatus.Completed) {
      throw new OutcomeUnknown(
          "the server took the write but answered "
              + result.getStatus()
              + " in place of Completed; it may become visible later, and repeating it settles it");
    }
  }

  void write(List<VectorRecord> records, WriteMode mode, Attempt attempt) {
    identities.requireOwnPoints(records.stream().map(VectorRecord::id).toList(), attempt);
    requireDone(connection.upsert(request(records, mode, attempt), attempt).getResult());
  }

  private ProtoWriter request(List<VectorRecord> records, WriteMode mode, Attempt attempt) {
    UpsertPoints.Builder settings =
        UpsertPoints.newBuilder()
            .setCollectionName(layout.spec().name())
            .setWait(true)
            .setTimeout(layout.limits().seconds(attempt))
            .setUpdateMode(
                mode == WriteMode.INSERT_ONLY ? UpdateMode.InsertOnly : UpdateMode.Upsert);
    layout.requests().ordering().ifPresent(settings::setOrdering);
    long size = records.stream().mapToLong(RecordSize::estimate).sum();
    ProtoWriter request = new ProtoWriter((int) Math.min(MOST_AT_FIRST, LEAST + size));
    request.writeFields(settings.build());
    for (VectorRecord record : records) {
      request.writeMessage(UpsertPoints.POINTS_FIELD_NUMBER, () -> points.write(record, request));
    }
    return request;
  }

  static Struct withToken(Struct reserved, long token) {
    return reserved.toBuilder().putFields(Reserved.TOKEN, JsonValues.integer(token)).build();
  }

  static long newToken() {
    return ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
  }
}
