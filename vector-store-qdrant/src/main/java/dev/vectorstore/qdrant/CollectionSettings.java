package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException.Conflict;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CollectionParams;
import io.qdrant.client.grpc.Collections.CollectionParamsDiff;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.OptimizersConfigDiff;
import io.qdrant.client.grpc.Collections.QuantizationConfig;
import io.qdrant.client.grpc.Collections.QuantizationConfigDiff;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorParamsDiff;
import io.qdrant.client.grpc.Collections.VectorParamsDiffMap;
import io.qdrant.client.grpc.Collections.VectorsConfigDiff;
import java.util.Optional;

/** Brings the options of a user into a collection: a new one, or one that is there. Immutable. */
final class CollectionSettings {
  private final QdrantCollectionOptions options;

  CollectionSettings(QdrantCollectionOptions options) {
    this.options = options;
  }

  void apply(CreateCollection.Builder request) {
    request.setOptimizersConfig(options.optimizers()).setHnswConfig(options.hnsw());
    options.quantization().ifPresent(how -> request.setQuantizationConfig(how.config()));
    options.payloadOnDisk().ifPresent(request::setOnDiskPayload);
    options.shards().ifPresent(request::setShardNumber);
    options.replicas().ifPresent(request::setReplicationFactor);
    options.writeConsistency().ifPresent(request::setWriteConsistencyFactor);
  }

  void apply(VectorParams.Builder vector) {
    options.vectorsOnDisk().ifPresent(vector::setOnDisk);
  }

  /**
   * What has to be changed so that a collection is as the options say, or empty.
   *
   * @throws Conflict if it can't be changed
   */
  Optional<UpdateCollection> missing(CollectionInfo info) {
    requireShards(info);
    UpdateCollection.Builder change = UpdateCollection.newBuilder();
    addOptimizers(info, change);
    addHnsw(info.getConfig().getHnswConfig(), change);
    addQuantization(info.getConfig().getQuantizationConfig(), change);
    addVectors(info, change);
    addParams(info.getConfig().getParams(), change);
    UpdateCollection built = change.build();
    return built.equals(UpdateCollection.getDefaultInstance())
        ? Optional.empty()
        : Optional.of(built);
  }

  private void requireShards(CollectionInfo info) {
    int present = info.getConfig().getParams().getShardNumber();
    options
        .shards()
        .ifPresent(
            wanted -> {
              if (wanted != present) {
                throw new Conflict(
                    "the collection is there with "
                        + present
                        + " shards, not "
                        + wanted
                        + ", and can't be cut anew; use another name, or drop it");
              }
            });
  }

  /** During a bulk load the threshold is the loader's business. */
  private void addOptimizers(CollectionInfo info, UpdateCollection.Builder change) {
    OptimizersConfigDiff present = info.getConfig().getOptimizerConfig();
    OptimizersConfigDiff.Builder wanted = options.optimizers().toBuilder();
    if (!BulkMark.of(info.getConfig().getMetadataMap()).isEmpty()) {
      wanted.clearIndexingThreshold();
    }
    if (!present.toBuilder().mergeFrom(wanted.build()).build().equals(present)) {
      change.setOptimizersConfig(wanted);
    }
  }

  private void addHnsw(HnswConfigDiff present, UpdateCollection.Builder change) {
    if (!present.toBuilder().mergeFrom(options.hnsw()).build().equals(present)) {
      change.setHnswConfig(options.hnsw());
    }
  }

  private void addQuantization(QuantizationConfig present, UpdateCollection.Builder change) {
    QuantizationConfig wanted =
        options.quantization().map(QdrantQuantization::config).orElse(present);
    if (present.toBuilder().mergeFrom(wanted).build().equals(present)) {
      return;
    }
    QuantizationConfigDiff.Builder diff = QuantizationConfigDiff.newBuilder();
    switch (wanted.getQuantizationCase()) {
      case SCALAR -> diff.setScalar(wanted.getScalar());
      case PRODUCT -> diff.setProduct(wanted.getProduct());
      case BINARY -> diff.setBinary(wanted.getBinary());
      case TURBOQUANT, QUANTIZATION_NOT_SET -> {
        return;
      }
    }
    change.setQuantizationConfig(diff);
  }

  private void addVectors(CollectionInfo info, UpdateCollection.Builder change) {
    boolean wanted = options.vectorsOnDisk().orElse(false);
    VectorParamsDiffMap.Builder vectors = VectorParamsDiffMap.newBuilder();
    CollectionVectors.dense(info)
        .forEach(
            (name, vector) -> {
              if (options.vectorsOnDisk().isPresent() && vector.getOnDisk() != wanted) {
                vectors.putMap(name, VectorParamsDiff.newBuilder().setOnDisk(wanted).build());
              }
            });
    if (vectors.getMapCount() > 0) {
      change.setVectorsConfig(VectorsConfigDiff.newBuilder().setParamsMap(vectors));
    }
  }

  private void addParams(CollectionParams present, UpdateCollection.Builder change) {
    CollectionParamsDiff.Builder diff = CollectionParamsDiff.newBuilder();
    options
        .payloadOnDisk()
        .filter(wanted -> wanted != present.getOnDiskPayload())
        .ifPresent(diff::setOnDiskPayload);
    options.replicas().ifPresent(diff::setReplicationFactor);
    if (diff.getReplicationFactor() == present.getReplicationFactor()) {
      diff.clearReplicationFactor();
    }
    options.writeConsistency().ifPresent(diff::setWriteConsistencyFactor);
    if (diff.getWriteConsistencyFactor() == present.getWriteConsistencyFactor()) {
      diff.clearWriteConsistencyFactor();
    }
    if (!diff.build().equals(CollectionParamsDiff.getDefaultInstance())) {
      change.setParams(diff);
    }
  }
}
