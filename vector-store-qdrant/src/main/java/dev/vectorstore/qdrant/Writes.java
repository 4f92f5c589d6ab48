package dev.vectorstore.qdrant;

import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.WriteMode;
import dev.vectorstore.support.Attempt;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.UpdateMode;
import io.qdrant.client.grpc.Points.UpdateResult;
import io.qdrant.client.grpc.Points.UpdateStatus;
import io.qdrant.client.grpc.Points.UpsertPoints;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Upserts of one collection. Each waits, and is done only when the server says so. */
final class Writes {
  private final Connection connection;
  private final Layout layout;
  private final Identities identities;
  private final PointVectors vectors;

  Writes(Connection connection, Layout layout) {
    this.connection = connection;
    this.layout = layout;
    this.identities = new Identities(connection, layout);
    this.vectors = new PointVectors(layout);
  }

  /** A reply without error can still say that the write isn't applied yet. */
  static void requireDone(UpdateResult result) {
    if (result.getStatus() != UpdateStatus.Completed) {
      throw new OutcomeUnknown(
          "the server took the write but answered "
              + result.getStatus()
              + " in place of Completed; it may become visible later, and repeating it settles it",
          null);
    }
  }

  void write(List<VectorRecord> records, WriteMode mode, Attempt attempt) {
    identities.requireOwnPoints(records.stream().map(VectorRecord::id).toList(), attempt);
    UpsertPoints.Builder request =
        UpsertPoints.newBuilder()
            .setCollectionName(layout.spec().name())
            .setWait(true)
            .setTimeout(layout.limits().seconds(attempt))
            .setUpdateMode(
                mode == WriteMode.INSERT_ONLY ? UpdateMode.InsertOnly : UpdateMode.Upsert);
    layout.requests().ordering().ifPresent(request::setOrdering);
    records.forEach(record -> request.addPoints(point(record)));
    UpsertPoints built = request.build();
    requireDone(
        connection.points(GrpcErrors.Kind.WRITE, attempt, stub -> stub.upsert(built)).getResult());
  }

  private PointStruct point(VectorRecord record) {
    PointStruct.Builder point = PointStruct.newBuilder().setId(PointIds.of(record.id()));
    record
        .payload()
        .toValue()
        .entries()
        .forEach((key, value) -> point.putPayload(key, PayloadWriter.value(value)));
    Struct reserved = PayloadWriter.reserved(record.id(), record.payload(), layout.slots());
    if (reserved.getFieldsCount() > 0) {
      point.putPayload(Reserved.KEY, PayloadWriter.struct(withToken(reserved, newToken())));
    }
    return point.setVectors(vectors.of(record.vector().orElse(null), reserved)).build();
  }

  static Struct withToken(Struct reserved, long token) {
    return reserved.toBuilder().putFields(Reserved.TOKEN, PayloadWriter.integer(token)).build();
  }

  static long newToken() {
    return ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
  }
}
