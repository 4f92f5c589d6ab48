package dev.vectorstore;

import java.util.Objects;

/** How {@link VectorCollection#upsertAll} writes. Immutable. */
public final class WriteOptions {
  private static final WriteOptions DEFAULTS = builder().build();

  private final int batchRecords;
  private final long batchBytes;
  private final int inFlight;
  private final WriteMode mode;

  private WriteOptions(Builder builder) {
    batchRecords = builder.batchRecords;
    batchBytes = builder.batchBytes;
    inFlight = builder.inFlight;
    mode = builder.mode;
  }

  /**
   * {@link BatchProfile#AUTO}, 2 MiB a batch, 4 requests in flight, {@link WriteMode#REPLACE}.
   *
   * @return the defaults
   */
  public static WriteOptions defaults() {
    return DEFAULTS;
  }

  /**
   * A builder that starts with the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The most records of a batch.
   *
   * @return 1 or more
   */
  public int batchRecords() {
    return batchRecords;
  }

  /**
   * The most bytes of a batch, by an estimate of its size on the wire; one record alone may exceed
   * it.
   *
   * @return bytes
   */
  public long batchBytes() {
    return batchBytes;
  }

  /**
   * How many batches may be on their way at once.
   *
   * @return 1 to 64
   */
  public int inFlight() {
    return inFlight;
  }

  /**
   * What a write does with an id that exists.
   *
   * @return the mode
   */
  public WriteMode mode() {
    return mode;
  }

  /**
   * A builder that starts with these options.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    return builder()
        .batchRecords(batchRecords)
        .batchBytes(batchBytes)
        .inFlight(inFlight)
        .mode(mode);
  }

  @Override
  public String toString() {
    return "WriteOptions[batchRecords="
        + batchRecords
        + ", batchBytes="
        + batchBytes
        + ", inFlight="
        + inFlight
        + ", mode="
        + mode
        + "]";
  }

  /** Builds {@link WriteOptions}. Not safe for threads. */
  public static final class Builder {
    private int batchRecords = BatchProfile.AUTO.records();
    private long batchBytes = 2L << 20;
    private int inFlight = 4;
    private WriteMode mode = WriteMode.REPLACE;

    private Builder() {}

    /**
     * Sizes batches by a profile.
     *
     * @param profile the kind of documents
     * @return this builder
     */
    public Builder profile(BatchProfile profile) {
      return batchRecords(profile.records());
    }

    /**
     * Sets the most records of a batch.
     *
     * @param records 1 to 10,000
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it is out of range
     */
    public Builder batchRecords(int records) {
      if (records < 1 || records > 10_000) {
        throw new VectorStoreException.InvalidRequest(
            "a batch of " + records + " records isn't in 1 to 10,000");
      }
      this.batchRecords = records;
      return this;
    }

    /**
     * Sets the most bytes of a batch.
     *
     * @param bytes 1 KiB to 64 MiB
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it is out of range
     */
    public Builder batchBytes(long bytes) {
      if (bytes < 1L << 10 || bytes > 64L << 20) {
        throw new VectorStoreException.InvalidRequest(
            "a batch of " + bytes + " bytes isn't in 1 KiB to 64 MiB");
      }
      this.batchBytes = bytes;
      return this;
    }

    /**
     * Sets how many batches may be on their way at once.
     *
     * @param batches 1 to 64
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it is out of range
     */
    public Builder inFlight(int batches) {
      if (batches < 1 || batches > 64) {
        throw new VectorStoreException.InvalidRequest(
            batches + " batches in flight isn't in 1 to 64");
      }
      this.inFlight = batches;
      return this;
    }

    /**
     * Sets what a write does with an id that exists.
     *
     * @param mode the mode
     * @return this builder
     */
    public Builder mode(WriteMode mode) {
      this.mode = Objects.requireNonNull(mode, "mode");
      return this;
    }

    /**
     * The options.
     *
     * @return new options
     */
    public WriteOptions build() {
      return new WriteOptions(this);
    }
  }
}
