package dev.vectorstore.qdrant;

import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which parts of points are asked for, and the records that come of them. Immutable. */
final class Decoder {
  private final Layout layout;
  private final Projection projection;
  private final ScoreKind kind;
  private final @Nullable Metric metric;
  private final List<String> names;

  private Decoder(Layout layout, Projection projection, ScoreKind kind, @Nullable Metric metric) {
    this.layout = layout;
    this.projection = projection;
    this.kind = kind;
    this.metric = metric;
    this.names =
        projection.hasVectors()
            ? layout.spec().vectors().keySet().stream().filter(projection::hasVector).toList()
            : List.of();
    layout.vectors().requireUnchanged(names);
  }

  /** Of records that aren't hits. */
  Decoder(Layout layout, Projection projection) {
    this(layout, projection, ScoreKind.NONE, null);
  }

  /** Of hits by texts. */
  static Decoder ofRanked(Layout layout, Projection projection) {
    return new Decoder(layout, projection, ScoreKind.RANKED_TEXT, null);
  }

  /** Of hits by vectors of a metric. */
  static Decoder ofNearest(Layout layout, Projection projection, Metric metric) {
    return new Decoder(layout, projection, ScoreKind.METRIC, metric);
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
    return names.isEmpty()
        ? WithVectorsSelector.newBuilder().setEnable(false).build()
        : WithVectorsSelector.newBuilder()
            .setInclude(VectorsSelector.newBuilder().addAllNames(names))
            .build();
  }

  VectorRecord record(RetrievedPoint point) {
    return record(
        point.getId(), point.getPayloadMap(), point.hasVectors() ? point.getVectors() : null);
  }

  /** What a reader must know of a record beside what it has, where the whole payload was read. */
  List<RecordIssue> issues(VectorRecord record, Map<String, JsonWithInt.Value> stored) {
    return projection.fields().isEmpty()
        ? TextPrints.issues(record, stored, layout.slots())
        : List.of();
  }

  VectorRecord record(ScoredPoint point) {
    return record(
        point.getId(), point.getPayloadMap(), point.hasVectors() ? point.getVectors() : null);
  }

  SearchHit hit(ScoredPoint point) {
    return hit(record(point), point.getScore());
  }

  SearchHit hit(VectorRecord record, float score) {
    return SearchHit.of(record, metric == null ? score : score(metric, score), kind);
  }

  /** Higher is nearer: Qdrant's Euclid is a distance, its cosine can exceed 1 by rounding. */
  private static double score(Metric metric, double score) {
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
    VectorRecord record =
        vectors == null
            ? VectorRecord.of(id, payload)
            : VectorRecord.of(id, embeddings(vectors), payload);
    return projection.fields().isEmpty() ? record : projection.apply(record);
  }

  /** The default vector isn't put into a map where it is the only one. */
  private Map<String, Embedding> embeddings(VectorsOutput vectors) {
    if (vectors.hasVector()) {
      Embedding plain = names.contains(VectorSpec.PLAIN) ? vector(vectors.getVector()) : null;
      return plain == null ? Map.of() : Map.of(VectorSpec.PLAIN, plain);
    }
    Map<String, VectorOutput> stored = vectors.getVectors().getVectorsMap();
    Map<String, Embedding> embeddings = new LinkedHashMap<>();
    for (String name : names) {
      VectorOutput output = stored.get(name);
      Embedding vector = output == null ? null : vector(output);
      if (vector != null) {
        embeddings.put(name, vector);
      }
    }
    return embeddings;
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
