package dev.vectorstore.support;

import dev.vectorstore.VectorRecord;
import java.util.AbstractList;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;

/**
 * Records that belong in one request, and how large they are: each was estimated once. Given to
 * {@code upsert}, it isn't cut again, unless it is more than the engine takes. Immutable.
 */
public final class Batch extends AbstractList<VectorRecord> implements RandomAccess {
  private final List<VectorRecord> records;
  private final long bytes;

  /**
   * Records whose size is known.
   *
   * @param records the records
   * @param bytes about how many bytes they have on the wire, all together
   */
  public Batch(List<VectorRecord> records, long bytes) {
    this.records = List.copyOf(records);
    this.bytes = bytes;
  }

  /**
   * Records whose size is estimated, unless they are a batch already.
   *
   * @param records the records
   * @return a batch of them
   */
  public static Batch of(Collection<VectorRecord> records) {
    return records instanceof Batch batch
        ? batch
        : new Batch(List.copyOf(records), records.stream().mapToLong(RecordSize::estimate).sum());
  }

  static Batch of(Batcher.Cut<VectorRecord> cut) {
    return new Batch(cut.items(), cut.bytes());
  }

  /**
   * About how many bytes the records have on the wire.
   *
   * @return bytes
   */
  public long bytes() {
    return bytes;
  }

  @Override
  public VectorRecord get(int index) {
    return records.get(index);
  }

  @Override
  public int size() {
    return records.size();
  }
}
