package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import io.qdrant.client.grpc.Collections.BinaryQuantization;
import io.qdrant.client.grpc.Collections.CompressionRatio;
import io.qdrant.client.grpc.Collections.ProductQuantization;
import io.qdrant.client.grpc.Collections.QuantizationConfig;
import io.qdrant.client.grpc.Collections.QuantizationType;
import io.qdrant.client.grpc.Collections.ScalarQuantization;

/**
 * How Qdrant compresses vectors for the first step of a search. The second step always scores the
 * candidates by their whole vectors, so scores are exact; what compression costs is that a record
 * can be missed, less so with more {@link #oversampling}. Immutable.
 */
public final class QdrantQuantization {
  private final QuantizationConfig config;
  private final double oversampling;

  private QdrantQuantization(QuantizationConfig config, double oversampling) {
    this.config = config;
    this.oversampling = oversampling;
  }

  /**
   * A byte for each component: a quarter of the memory.
   *
   * @return the quantization
   */
  public static QdrantQuantization scalar() {
    return of(
        QuantizationConfig.newBuilder()
            .setScalar(ScalarQuantization.newBuilder().setType(QuantizationType.Int8)));
  }

  /**
   * A bit for each component: a 32nd of the memory, for models of many dimensions that are known to
   * stand it.
   *
   * @return the quantization
   */
  public static QdrantQuantization binary() {
    return of(
        QuantizationConfig.newBuilder()
            .setBinary(BinaryQuantization.newBuilder().setAlwaysRam(false)));
  }

  /**
   * Parts of vectors are replaced by the nearest of 256 samples. Slower than the others.
   *
   * @param ratio how many times smaller: 4, 8, 16, 32 or 64
   * @return the quantization
   * @throws InvalidRequest if it is another number
   */
  public static QdrantQuantization product(int ratio) {
    CompressionRatio compression =
        switch (ratio) {
          case 4 -> CompressionRatio.x4;
          case 8 -> CompressionRatio.x8;
          case 16 -> CompressionRatio.x16;
          case 32 -> CompressionRatio.x32;
          case 64 -> CompressionRatio.x64;
          default ->
              throw new InvalidRequest(
                  "the compression of product quantization is 4, 8, 16, 32 or 64, not " + ratio);
        };
    return of(
        QuantizationConfig.newBuilder()
            .setProduct(ProductQuantization.newBuilder().setCompression(compression)));
  }

  private static QdrantQuantization of(QuantizationConfig.Builder config) {
    return new QdrantQuantization(config.build(), 0);
  }

  /**
   * Keeps the compressed vectors in memory, also where the whole ones are on disk.
   *
   * @return this quantization in memory
   */
  public QdrantQuantization inMemory() {
    QuantizationConfig.Builder copy = config.toBuilder();
    switch (config.getQuantizationCase()) {
      case SCALAR -> copy.getScalarBuilder().setAlwaysRam(true);
      case PRODUCT -> copy.getProductBuilder().setAlwaysRam(true);
      case BINARY -> copy.getBinaryBuilder().setAlwaysRam(true);
      case TURBOQUANT, QUANTIZATION_NOT_SET ->
          throw new IllegalStateException("no factory makes this");
    }
    return new QdrantQuantization(copy.build(), oversampling);
  }

  /**
   * Takes so many times more candidates from the first step than are wanted, for the second one to
   * choose from.
   *
   * @param factor 1 or more
   * @return this quantization with that factor
   * @throws InvalidRequest if it is less than 1 or not a number
   */
  public QdrantQuantization oversampling(double factor) {
    if (!(factor >= 1) || Double.isInfinite(factor)) {
      throw new InvalidRequest("oversampling is a factor of 1 or more, not " + factor);
    }
    return new QdrantQuantization(config, factor);
  }

  QuantizationConfig config() {
    return config;
  }

  /** The factor, or 0 for the server's own. */
  double oversampling() {
    return oversampling;
  }
}
