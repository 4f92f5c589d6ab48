package dev.vectorstore.benchmarks;

import com.google.common.primitives.Floats;
import dev.vectorstore.Embedding;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import io.qdrant.client.PointIdFactory;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.ValueFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.JsonWithInt;
import io.qdrant.client.grpc.Points.DenseVector;
import io.qdrant.client.grpc.Points.NamedVectors;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.SearchPoints;
import io.qdrant.client.grpc.Points.UpdateResult;
import io.qdrant.client.grpc.Points.VectorInput;
import io.qdrant.client.grpc.Points.Vectors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/** Qdrant's own client, as a careful user would write it by hand: the bar for all others. */
class BareQdrant implements QdrantUser {
  private static final String COLLECTION = "bench_bare";
  private static final String VECTOR = "v";
  private static final int IN_FLIGHT = 4;

  private final QdrantClient client;
  private final boolean vectors;

  BareQdrant(QdrantClient client, boolean vectors) {
    this.client = client;
    this.vectors = vectors;
  }

  @Override
  public void empty() {
    QdrantWay.drop(client, COLLECTION);
    Answers.of(
        client.createCollectionAsync(
            COLLECTION,
            Map.of(
                VECTOR,
                VectorParams.newBuilder()
                    .setSize(Dataset.DIMENSION)
                    .setDistance(Distance.Cosine)
                    .build())));
  }

  @Override
  public void upsert(List<VectorRecord> records, int batch) {
    Deque<Future<UpdateResult>> inFlight = new ArrayDeque<>();
    for (int from = 0; from < records.size(); from += batch) {
      if (inFlight.size() == IN_FLIGHT) {
        Answers.of(inFlight.remove());
      }
      List<PointStruct> points = new ArrayList<>(batch);
      records
          .subList(from, Math.min(records.size(), from + batch))
          .forEach(record -> points.add(point(record)));
      inFlight.add(client.upsertAsync(COLLECTION, points));
    }
    inFlight.forEach(Answers::of);
  }

  private static PointStruct point(VectorRecord record) {
    PointStruct.Builder point = PointStruct.newBuilder().setId(PointIdFactory.id(number(record)));
    record
        .payload()
        .toValue()
        .entries()
        .forEach((key, value) -> point.putPayload(key, value(value)));
    DenseVector.Builder dense = dense(record.vector().orElseThrow());
    return point
        .setVectors(
            Vectors.newBuilder()
                .setVectors(
                    NamedVectors.newBuilder()
                        .putVectors(
                            VECTOR,
                            io.qdrant.client.grpc.Points.Vector.newBuilder()
                                .setDense(dense)
                                .build())))
        .build();
  }

  private static long number(VectorRecord record) {
    return ((dev.vectorstore.RecordId.NumberId) record.id()).value();
  }

  private static JsonWithInt.Value value(Value value) {
    return value instanceof Value.LongValue number
        ? ValueFactory.value(number.value())
        : ValueFactory.value(((Value.StringValue) value).value());
  }

  private static DenseVector.Builder dense(Embedding vector) {
    DenseVector.Builder dense = DenseVector.newBuilder();
    for (int i = 0; i < vector.dimension(); i++) {
      dense.addData(vector.at(i));
    }
    return dense;
  }

  @Override
  public List<ScoredPoint> search(Embedding query, int limit) {
    return Answers.of(
        client.queryAsync(
            QueryPoints.newBuilder()
                .setCollectionName(COLLECTION)
                .setQuery(
                    Query.newBuilder().setNearest(VectorInput.newBuilder().setDense(dense(query))))
                .setUsing(VECTOR)
                .setLimit(limit)
                .setWithPayload(WithPayloadSelectorFactory.enable(true))
                .setWithVectors(WithVectorsSelectorFactory.enable(vectors))
                .build()));
  }

  /** Searches by the request that came before {@code Query}. */
  static final class OldRequest extends BareQdrant {
    private final QdrantClient client;

    OldRequest(QdrantClient client) {
      super(client, false);
      this.client = client;
    }

    @Override
    public List<ScoredPoint> search(Embedding query, int limit) {
      return Answers.of(
          client.searchAsync(
              SearchPoints.newBuilder()
                  .setCollectionName(COLLECTION)
                  .addAllVector(Floats.asList(query.toArray()))
                  .setVectorName(VECTOR)
                  .setLimit(limit)
                  .setWithPayload(WithPayloadSelectorFactory.enable(true))
                  .build()));
    }
  }

  @Override
  public void close() {
    QdrantWay.drop(client, COLLECTION);
    client.close();
  }
}
