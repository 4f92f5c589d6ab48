package dev.vectorstore.qdrant;

import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Points.QuantizationSearchParams;
import io.qdrant.client.grpc.Points.ReadConsistency;
import io.qdrant.client.grpc.Points.ReadConsistencyType;
import io.qdrant.client.grpc.Points.WriteOrdering;
import io.qdrant.client.grpc.Points.WriteOrderingType;
import java.util.Optional;

/**
 * What goes with each request to a collection, by the user's options.
 *
 * @param ordering of writes, or empty for the server's own
 * @param consistency of reads, or empty for the server's own
 * @param quantization of searches, where the collection's vectors are compressed
 */
record RequestOptions(
    Optional<WriteOrdering> ordering,
    Optional<ReadConsistency> consistency,
    Optional<QuantizationSearchParams> quantization) {

  static RequestOptions of(
      QdrantCollectionOptions options, CollectionInfo info, ServerLimits limits) {
    return new RequestOptions(
        options.writeOrdering().map(RequestOptions::ordering),
        options.readConsistency().map(RequestOptions::consistency),
        isQuantized(info) ? Optional.of(quantization(options, limits)) : Optional.empty());
  }

  private static WriteOrdering ordering(QdrantCollectionOptions.WriteOrdering ordering) {
    WriteOrderingType type =
        switch (ordering) {
          case WEAK -> WriteOrderingType.Weak;
          case MEDIUM -> WriteOrderingType.Medium;
          case STRONG -> WriteOrderingType.Strong;
        };
    return WriteOrdering.newBuilder().setType(type).build();
  }

  private static ReadConsistency consistency(QdrantCollectionOptions.ReadConsistency consistency) {
    ReadConsistencyType type =
        switch (consistency) {
          case ALL -> ReadConsistencyType.All;
          case MAJORITY -> ReadConsistencyType.Majority;
          case QUORUM -> ReadConsistencyType.Quorum;
        };
    return ReadConsistency.newBuilder().setType(type).build();
  }

  private static boolean isQuantized(CollectionInfo info) {
    return info.getConfig().hasQuantizationConfig()
        || CollectionVectors.dense(info).values().stream()
            .anyMatch(vector -> vector.hasQuantizationConfig());
  }

  /** Candidates are always scored by their whole vectors: a score is what it says. */
  private static QuantizationSearchParams quantization(
      QdrantCollectionOptions options, ServerLimits limits) {
    QuantizationSearchParams.Builder params =
        QuantizationSearchParams.newBuilder().setRescore(true);
    double factor = options.quantization().map(QdrantQuantization::oversampling).orElse(0.0);
    if (factor > 0) {
      params.setOversampling(limits.oversampling(factor));
    }
    return params.build();
  }
}
