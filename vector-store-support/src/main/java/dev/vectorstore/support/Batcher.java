package dev.vectorstore.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Cuts records, or what stands for them, into batches of so many records and bytes. A record that
 * is larger than a batch may be is one by itself. Not safe for threads.
 *
 * @param <T> what is cut
 */
public final class Batcher<T> {
  private final int mostRecords;
  private final long mostBytes;
  private final ToLongFunction<T> size;
  private List<T> items = new ArrayList<>();
  private long bytes;

  /**
   * What goes into one request.
   *
   * @param items at least one
   * @param bytes about how many bytes they have on the wire
   * @param <T> what is cut
   */
  public record Cut<T>(List<T> items, long bytes) {}

  /**
   * Cuts by these limits.
   *
   * @param mostRecords at most so many of a batch
   * @param mostBytes about so many bytes of a batch
   * @param size about how many bytes one has on the wire; asked once for each
   */
  public Batcher(int mostRecords, long mostBytes, ToLongFunction<T> size) {
    this.mostRecords = mostRecords;
    this.mostBytes = mostBytes;
    this.size = size;
  }

  /**
   * Adds one.
   *
   * @param item what comes next
   * @return the batch that is full by it: with it, or without, if it had no room
   */
  public Optional<Cut<T>> add(T item) {
    long more = size.applyAsLong(item);
    Optional<Cut<T>> full = bytes + more > mostBytes ? rest() : Optional.empty();
    items.add(item);
    bytes += more;
    return full.isEmpty() && items.size() >= mostRecords ? rest() : full;
  }

  /**
   * Ends the batch that was begun.
   *
   * @return what is in it, or empty if nothing is
   */
  public Optional<Cut<T>> rest() {
    if (items.isEmpty()) {
      return Optional.empty();
    }
    Cut<T> cut = new Cut<>(items, bytes);
    items = new ArrayList<>();
    bytes = 0;
    return Optional.of(cut);
  }
}
