package dev.vectorstore;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Ordered writes over several collections that happen all or not at all. Immutable. Needs {@link
 * Capability#ATOMIC_BATCH}.
 */
public final class WriteBatch {
  private final List<Operation> operations;

  private WriteBatch(List<Operation> operations) {
    this.operations = List.copyOf(operations);
  }

  /** One write of a batch. */
  public sealed interface Operation {
    /**
     * The collection that is written.
     *
     * @return its name
     */
    String collection();
  }

  /**
   * Replaces whole records.
   *
   * @param collection the collection
   * @param records the records
   */
  public record Upsert(String collection, List<VectorRecord> records) implements Operation {
    /**
     * A write.
     *
     * @param collection the collection
     * @param records the records
     */
    public Upsert {
      Names.require(Objects.requireNonNull(collection, "collection"));
      records = Arguments.copy(records, "records");
    }
  }

  /**
   * Deletes by id.
   *
   * @param collection the collection
   * @param ids the ids
   */
  public record Delete(String collection, List<RecordId> ids) implements Operation {
    /**
     * A write.
     *
     * @param collection the collection
     * @param ids the ids
     */
    public Delete {
      Names.require(Objects.requireNonNull(collection, "collection"));
      ids = Arguments.copy(ids, "ids");
    }
  }

  /**
   * Deletes by filter.
   *
   * @param collection the collection
   * @param filter which records
   */
  public record DeleteWhere(String collection, Filter filter) implements Operation {
    /**
     * A write.
     *
     * @param collection the collection
     * @param filter which records
     * @throws VectorStoreException.InvalidRequest if the filter is true for every record
     */
    public DeleteWhere {
      Names.require(Objects.requireNonNull(collection, "collection"));
      if (Objects.requireNonNull(filter, "filter").isAll()) {
        throw new VectorStoreException.InvalidRequest(
            "a filter that is true for every record would delete all; use deleteAll()");
      }
    }
  }

  /**
   * A builder without operations.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The writes, in order.
   *
   * @return the operations
   */
  public List<Operation> operations() {
    return operations;
  }

  /** Builds a {@link WriteBatch}. Not safe for threads. */
  public static final class Builder {
    private final List<Operation> operations = new ArrayList<>();

    private Builder() {}

    /**
     * Adds a replacement of whole records.
     *
     * @param collection the collection
     * @param records the records
     * @return this builder
     */
    public Builder upsert(String collection, Collection<VectorRecord> records) {
      operations.add(
          new Upsert(
              Objects.requireNonNull(collection, "collection"),
              Arguments.copy(records, "records")));
      return this;
    }

    /**
     * Adds a delete by id.
     *
     * @param collection the collection
     * @param ids the ids
     * @return this builder
     */
    public Builder delete(String collection, Collection<RecordId> ids) {
      operations.add(
          new Delete(Objects.requireNonNull(collection, "collection"), Arguments.copy(ids, "ids")));
      return this;
    }

    /**
     * Adds a delete by filter.
     *
     * @param collection the collection
     * @param filter which records
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if the filter is true for every record
     */
    public Builder deleteWhere(String collection, Filter filter) {
      operations.add(new DeleteWhere(collection, filter));
      return this;
    }

    /**
     * The batch.
     *
     * @return a new batch
     */
    public WriteBatch build() {
      return new WriteBatch(operations);
    }
  }
}
