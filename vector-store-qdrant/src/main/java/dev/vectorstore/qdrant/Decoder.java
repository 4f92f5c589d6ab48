package dev.vectorstore.qdrant;

import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt;
import io.qdrant.client.grpc.Points.DenseVector;
import io.qdrant.client.grpc.Points.PayloadIncludeSelector;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.VectorOutput;
import io.qdrant.client.grpc.Points.VectorsOutput;
import io.qdrant.client.grpc.Points.VectorsSelector;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which parts of points are asked for, and the records that come of them. Immutable. */
final class Decoder {
  private final Layout layout;
  private final Projection projection;
  private final ScoreKind kind;

  Decoder(Layout layout, Projection projection) {
    this(layout, projection, ScoreKind.METRIC);
  }

  /** Of hits whose scores are of this kind. */
  Decoder(Layout layout, Projection projection, ScoreKind kind) {
    this.layout = layout;
    this.projection = projection;
    this.kind = kind;
  }

  /** The user's keys without our terms; the text of the id always, since it is the identity. */
  WithPayloadSelector payload() {
    Set<String> fields = projection.fields().orElse(null);
    if (fields == null || !fields.stream().allMatch(JsonPaths::canAddress)) {
      return layout.wholePayload();
    }
    PayloadIncludeSelector.Builder include =
        PayloadIncludeSelector.newBuilder().addFields(Reserved.TEXT_ID_PATH);
    if (!fields.isEmpty()) {
      include.addFields(Reserved.DOUBLES_PATH);
      fields.forEach(field -> include.addFields('"' + field + '"'));
    }
    return WithPayloadSelector.newBuilder().setInclude(include).build();
  }

  WithVectorsSelector vectors() {
    boolean wanted = projection.hasVectors() && layout.spec().metric().isPresent();
    return wanted && !layout.vectorName().isEmpty()
        ? WithVectorsSelector.newBuilder()
            .setInclude(VectorsSelector.newBuilder().addNames(layout.vectorName()))
            .build()
        : WithVectorsSelector.newBuilder().setEnable(wanted).build();
  }

  VectorRecord record(RetrievedPoint point) {
    return record(
        point.getId(), point.getPayloadMap(), point.hasVectors() ? point.getVectors() : null);
  }

  VectorRecord record(ScoredPoint point) {
    return record(
        point.getId(), point.getPayloadMap(), point.hasVectors() ? point.getVectors() : null);
  }

  SearchHit hit(ScoredPoint point) {
    return hit(record(point), point.getScore());
  }

  SearchHit hit(VectorRecord record, float score) {
    return SearchHit.of(record, kind == ScoreKind.METRIC ? score(score) : score, kind);
  }

  /** Higher is nearer: Qdrant's Euclid is a distance, its cosine can exceed 1 by rounding. */
  private double score(double score) {
    Metric metric = layout.spec().metric().orElseThrow();
    return switch (metric) {
      case COSINE -> Math.max(-1, Math.min(1, score));
      case DOT -> score;
      case EUCLIDEAN -> score == 0 ? 0 : -score;
    };
  }

  private VectorRecord record(
      PointId point, Map<String, JsonWithInt.Value> stored, @Nullable VectorsOutput vectors) {
    RecordId id = PointIds.read(point, PayloadReader.textId(stored));
    Payload payload = PayloadReader.payload(stored);
    Embedding vector = vectors == null || !projection.hasVectors() ? null : vector(vectors);
    VectorRecord record =
        vector == null ? VectorRecord.of(id, payload) : VectorRecord.of(id, vector, payload);
    return projection.fields().isEmpty() ? record : projection.apply(record);
  }

  private @Nullable Embedding vector(VectorsOutput vectors) {
    VectorOutput output =
        vectors.hasVector()
            ? vectors.getVector()
            : vectors.getVectors().getVectorsMap().get(layout.vectorName());
    return output == null ? null : vector(output);
  }

  /** Older servers answer in the field that has been replaced by {@code dense}. */
  @SuppressWarnings("deprecation")
  private static @Nullable Embedding vector(VectorOutput output) {
    DenseVector dense = output.getDense();
    boolean old = !output.hasDense();
    int dimension = old ? output.getDataCount() : dense.getDataCount();
    if (dimension == 0) {
      return null;
    }
    float[] components = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      components[i] = old ? output.getData(i) : dense.getData(i);
    }
    return Embedding.of(components);
  }
}
