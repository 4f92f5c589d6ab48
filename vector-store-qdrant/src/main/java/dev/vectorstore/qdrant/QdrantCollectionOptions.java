package dev.vectorstore.qdrant;

import dev.vectorstore.FieldPath;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.OptimizersConfigDiff;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a collection that are Qdrant's own, for {@link Qdrant.Builder#collection(String,
 * QdrantCollectionOptions)}. What isn't set is left to the server, and as it is. {@code
 * ensureCollection} makes collections with them, and changes those that are there; the number of
 * shards can't be changed.
 *
 * <pre>{@code
 * QdrantCollectionOptions options = QdrantCollectionOptions.builder()
 *     .deletedThreshold(0.2)
 *     .vacuumMinVectorNumber(1_000)
 *     .quantization(QdrantQuantization.scalar().inMemory().oversampling(2))
 *     .vectorsOnDisk(true)
 *     .build();
 * }</pre>
 *
 * <p>Immutable.
 */
public final class QdrantCollectionOptions {
  static final QdrantCollectionOptions NONE = builder().build();

  private final OptimizersConfigDiff optimizers;
  private final HnswConfigDiff hnsw;
  private final @Nullable QdrantQuantization quantization;
  private final @Nullable Boolean vectorsOnDisk;
  private final @Nullable Boolean payloadOnDisk;
  private final @Nullable Integer shards;
  private final @Nullable Integer replicas;
  private final @Nullable Integer writeConsistency;
  private final @Nullable WriteOrdering writeOrdering;
  private final @Nullable ReadConsistency readConsistency;
  private final @Nullable FieldPath tenant;
  private final @Nullable OtherIndexes otherIndexes;

  private QdrantCollectionOptions(Builder builder) {
    optimizers = builder.optimizers.build();
    hnsw = builder.hnsw.build();
    quantization = builder.quantization;
    vectorsOnDisk = builder.vectorsOnDisk;
    payloadOnDisk = builder.payloadOnDisk;
    shards = builder.shards;
    replicas = builder.replicas;
    writeConsistency = builder.writeConsistency;
    writeOrdering = builder.writeOrdering;
    readConsistency = builder.readConsistency;
    tenant = builder.tenant;
    otherIndexes = builder.otherIndexes;
  }

  /** Which of a record's replicas takes a write first, and so decides the order of writes. */
  public enum WriteOrdering {
    /** Any; writes of an id that are in flight at once may end differently on each replica. */
    WEAK,
    /** One that is chosen as long as it is there. */
    MEDIUM,
    /** Always the same; writes fail while it is away. */
    STRONG
  }

  /** How many of a record's replicas are asked when it is read. */
  public enum ReadConsistency {
    /** All; what isn't on each of them isn't there. */
    ALL,
    /** All; what is on most of them is there. */
    MAJORITY,
    /** More than half; what isn't on each of those isn't there. */
    QUORUM
  }

  /** What becomes of an index of another type on a field that is declared. */
  public enum OtherIndexes {
    /** It stays. Answers are the same; filters on the field may have to read the records. */
    KEEP,
    /**
     * The field's own index takes its place; requests of other programs that rest on it are slower,
     * or refused by the collection's strict mode.
     */
    REPLACE
  }

  /**
   * A builder with nothing set.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  OptimizersConfigDiff optimizers() {
    return optimizers;
  }

  HnswConfigDiff hnsw() {
    return hnsw;
  }

  Optional<QdrantQuantization> quantization() {
    return Optional.ofNullable(quantization);
  }

  Optional<Boolean> vectorsOnDisk() {
    return Optional.ofNullable(vectorsOnDisk);
  }

  Optional<Boolean> payloadOnDisk() {
    return Optional.ofNullable(payloadOnDisk);
  }

  OptionalInt shards() {
    return optional(shards);
  }

  OptionalInt replicas() {
    return optional(replicas);
  }

  OptionalInt writeConsistency() {
    return optional(writeConsistency);
  }

  Optional<WriteOrdering> writeOrdering() {
    return Optional.ofNullable(writeOrdering);
  }

  Optional<ReadConsistency> readConsistency() {
    return Optional.ofNullable(readConsistency);
  }

  Optional<FieldPath> tenant() {
    return Optional.ofNullable(tenant);
  }

  Optional<OtherIndexes> otherIndexes() {
    return Optional.ofNullable(otherIndexes);
  }

  private static OptionalInt optional(@Nullable Integer number) {
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** Builds options. Not safe for threads. */
  public static final class Builder {
    private final OptimizersConfigDiff.Builder optimizers = OptimizersConfigDiff.newBuilder();
    private final HnswConfigDiff.Builder hnsw = HnswConfigDiff.newBuilder();
    private @Nullable QdrantQuantization quantization;
    private @Nullable Boolean vectorsOnDisk;
    private @Nullable Boolean payloadOnDisk;
    private @Nullable Integer shards;
    private @Nullable Integer replicas;
    private @Nullable Integer writeConsistency;
    private @Nullable WriteOrdering writeOrdering;
    private @Nullable ReadConsistency readConsistency;
    private @Nullable FieldPath tenant;
    private @Nullable OtherIndexes otherIndexes;

    private Builder() {}

    /**
     * Sets from which part of deleted records on a segment is written anew.
     *
     * @param part 0 to 1; Qdrant's own is 0.2
     * @return this builder
     * @throws InvalidRequest if it is out of range
     */
    public Builder deletedThreshold(double part) {
      if (!(part >= 0 && part <= 1)) {
        throw new InvalidRequest("the part of deleted records is 0 to 1, not " + part);
      }
      optimizers.setDeletedThreshold(part);
      return this;
    }

    /**
     * Sets how many vectors a segment needs to have to be written anew for its deleted records.
     *
     * @param vectors the number; Qdrant's own is 1,000
     * @return this builder
     * @throws InvalidRequest if it is below 100
     */
    public Builder vacuumMinVectorNumber(long vectors) {
      optimizers.setVacuumMinVectorNumber(atLeast(100, vectors, "vacuumMinVectorNumber"));
      return this;
    }

    /**
     * Sets from which size of its vectors on a segment gets an index.
     *
     * @param kilobytes the size; 0 for no index at all, with which {@code awaitIndexed} is never
     *     true; Qdrant's own is 10,000
     * @return this builder
     * @throws InvalidRequest if it is negative
     */
    public Builder indexingThreshold(long kilobytes) {
      optimizers.setIndexingThreshold(atLeast(0, kilobytes, "indexingThreshold"));
      return this;
    }

    /**
     * Sets the graph that searches go by.
     *
     * @param edges how many neighbours each vector has; Qdrant's own is 16
     * @param effort how many candidates are looked at for them; Qdrant's own is 100
     * @return this builder
     * @throws InvalidRequest if there are fewer than 1 edge or 4 candidates
     */
    public Builder hnsw(int edges, int effort) {
      hnsw.setM(atLeast(1, edges, "edges")).setEfConstruct(atLeast(4, effort, "effort"));
      return this;
    }

    /**
     * Sets below which size of what a filter leaves over all of it is searched, in place of the
     * graph.
     *
     * @param kilobytes the size; Qdrant's own is 10,000
     * @return this builder
     * @throws InvalidRequest if it is below 10
     */
    public Builder fullScanThreshold(long kilobytes) {
      hnsw.setFullScanThreshold(atLeast(10, kilobytes, "fullScanThreshold"));
      return this;
    }

    /**
     * Keeps the graph on disk.
     *
     * @param onDisk whether
     * @return this builder
     */
    public Builder hnswOnDisk(boolean onDisk) {
      hnsw.setOnDisk(onDisk);
      return this;
    }

    /**
     * Compresses the vectors for the first step of searches.
     *
     * @param quantization how
     * @return this builder
     */
    public Builder quantization(QdrantQuantization quantization) {
      this.quantization = Objects.requireNonNull(quantization, "quantization");
      return this;
    }

    /**
     * Keeps the vectors on disk, in memory as far as it goes.
     *
     * @param onDisk whether
     * @return this builder
     */
    public Builder vectorsOnDisk(boolean onDisk) {
      this.vectorsOnDisk = onDisk;
      return this;
    }

    /**
     * Keeps payloads on disk, which is Qdrant's own default.
     *
     * @param onDisk whether
     * @return this builder
     */
    public Builder payloadOnDisk(boolean onDisk) {
      this.payloadOnDisk = onDisk;
      return this;
    }

    /**
     * Sets into how many parts the collection is cut, for a cluster to spread.
     *
     * @param shards the number, which can't be changed later
     * @return this builder
     * @throws InvalidRequest if it is below 1
     */
    public Builder shards(int shards) {
      this.shards = (int) atLeast(1, shards, "shards");
      return this;
    }

    /**
     * Sets on how many nodes of a cluster each record is.
     *
     * @param nodes the number
     * @return this builder
     * @throws InvalidRequest if it is below 1
     */
    public Builder replicationFactor(int nodes) {
      this.replicas = (int) atLeast(1, nodes, "replicationFactor");
      return this;
    }

    /**
     * Sets how many replicas must have a write before it counts as done; with fewer than that it
     * fails. Qdrant's own is 1, with which a write can be lost together with the one node that took
     * it.
     *
     * @param nodes the number
     * @return this builder
     * @throws InvalidRequest if it is below 1
     */
    public Builder writeConsistencyFactor(int nodes) {
      this.writeConsistency = (int) atLeast(1, nodes, "writeConsistencyFactor");
      return this;
    }

    /**
     * Sets the order of writes over replicas.
     *
     * @param ordering the order
     * @return this builder
     */
    public Builder writeOrdering(WriteOrdering ordering) {
      this.writeOrdering = Objects.requireNonNull(ordering, "ordering");
      return this;
    }

    /**
     * Sets how many replicas a read asks.
     *
     * @param consistency how many
     * @return this builder
     */
    public Builder readConsistency(ReadConsistency consistency) {
      this.readConsistency = Objects.requireNonNull(consistency, "consistency");
      return this;
    }

    /**
     * Lays records out by this field, which tells tenants apart. {@code ensureCollection} throws
     * {@link InvalidRequest} if its specification doesn't declare the field as KEYWORD.
     *
     * @param segments the field's path
     * @return this builder
     */
    public Builder tenant(String... segments) {
      this.tenant = FieldPath.of(segments);
      return this;
    }

    /**
     * Sets what becomes of an index of another type, which somebody made on a field that is
     * declared. Unless set, {@code ensureCollection} throws {@code Conflict}.
     *
     * @param indexes what becomes of it
     * @return this builder
     */
    public Builder otherIndexes(OtherIndexes indexes) {
      this.otherIndexes = Objects.requireNonNull(indexes, "indexes");
      return this;
    }

    /**
     * The options.
     *
     * @return options as they are set now
     */
    public QdrantCollectionOptions build() {
      return new QdrantCollectionOptions(this);
    }

    private static long atLeast(long least, long number, String what) {
      if (number < least) {
        throw new InvalidRequest(what + " is " + least + " or more, not " + number);
      }
      return number;
    }
  }
}
