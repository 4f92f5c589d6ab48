package dev.vectorstore.qdrant;

import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.DenseVector;
import io.qdrant.client.grpc.Points.NamedVectors;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.Vector;
import io.qdrant.client.grpc.Points.Vectors;

/** Points as another client would write them. */
final class ForeignPoints {
  private ForeignPoints() {}

  /** One point with one of several vectors. */
  static UpsertPoints named(String collection, long id, String vector, float... components) {
    DenseVector.Builder dense = DenseVector.newBuilder();
    for (float component : components) {
      dense.addData(component);
    }
    return UpsertPoints.newBuilder()
        .setCollectionName(collection)
        .setWait(true)
        .addPoints(
            PointStruct.newBuilder()
                .setId(PointId.newBuilder().setNum(id))
                .setVectors(
                    Vectors.newBuilder()
                        .setVectors(
                            NamedVectors.newBuilder()
                                .putVectors(vector, Vector.newBuilder().setDense(dense).build()))))
        .build();
  }
}
