package dev.vectorstore.qdrant;

import dev.vectorstore.support.Attempt;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.GetPoints;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads points by their ids, in halves where one answer would be too large. */
final class PointReads {
  private final Connection connection;
  private final Layout layout;

  PointReads(Connection connection, Layout layout) {
    this.connection = connection;
    this.layout = layout;
  }

  /** Those of the points that are there, in any order. */
  List<RetrievedPoint> get(
      List<PointId> ids,
      WithPayloadSelector payload,
      WithVectorsSelector vectors,
      Attempt attempt) {
    List<RetrievedPoint> points = new ArrayList<>();
    forEachAnswer(ids, payload, vectors, attempt, points::addAll);
    return points;
  }

  /** Hands over those of the points that are there, as many at once as one answer may hold. */
  void forEachAnswer(
      List<PointId> ids,
      WithPayloadSelector payload,
      WithVectorsSelector vectors,
      Attempt attempt,
      Consumer<List<RetrievedPoint>> answers) {
    GetPoints.Builder request =
        GetPoints.newBuilder()
            .setCollectionName(layout.spec().name())
            .addAllIds(ids)
            .setWithPayload(payload)
            .setWithVectors(vectors)
            .setTimeout(layout.limits().seconds(attempt));
    layout.requests().consistency().ifPresent(request::setReadConsistency);
    Optional<List<RetrievedPoint>> answer =
        connection.bounded(
            ids.size() > 1, attempt, stub -> stub.get(request.build()).getResultList());
    if (answer.isPresent()) {
      answers.accept(answer.get());
      return;
    }
    int half = ids.size() / 2;
    forEachAnswer(ids.subList(0, half), payload, vectors, attempt, answers);
    forEachAnswer(ids.subList(half, ids.size()), payload, vectors, attempt, answers);
  }

  /** Without vectors. */
  List<RetrievedPoint> get(List<PointId> ids, WithPayloadSelector payload, Attempt attempt) {
    return get(ids, payload, WithVectorsSelector.newBuilder().setEnable(false).build(), attempt);
  }
}
