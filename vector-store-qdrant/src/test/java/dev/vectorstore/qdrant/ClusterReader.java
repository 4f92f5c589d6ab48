package dev.vectorstore.qdrant;

import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Searches and fetches by turns until it is stopped, and notes the longest wait for an answer. */
final class ClusterReader {
  private final VectorStore store;
  private final VectorCollection collection;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong answers = new AtomicLong();
  private final AtomicLong longest = new AtomicLong();
  private final List<Long> times = Collections.synchronizedList(new ArrayList<>());
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::read, "cluster-reader");

  private ClusterReader(VectorStore store, String name) {
    this.store = store;
    this.collection = store.collection(name);
  }

  /** A reader that runs already; it closes the store when it is stopped. */
  static ClusterReader start(VectorStore store, String name) {
    ClusterReader reader = new ClusterReader(store, name);
    reader.thread.start();
    return reader;
  }

  private void read() {
    long last = System.nanoTime();
    try {
      while (!over.get()) {
        int i = (int) (answers.get() % 1_000);
        if (collection.search(SearchRequest.nearest(ClusterTest.vector(i)).limit(3)).isEmpty()) {
          throw new AssertionError("a search found nothing");
        }
        if (collection.fetch(RecordId.of(0)).isEmpty()) {
          throw new AssertionError("the first record is gone");
        }
        long now = System.nanoTime();
        longest.accumulateAndGet(now - last, Math::max);
        times.add(now - last);
        last = now;
        answers.addAndGet(2);
      }
    } catch (VectorStoreException | AssertionError failed) {
      failure.set(failed);
    }
  }

  void stop() {
    over.set(true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
  }

  long answers() {
    return answers.get();
  }

  long longestPauseMillis() {
    return TimeUnit.NANOSECONDS.toMillis(longest.get());
  }

  /** The time that 99 of 100 pairs of a search and a fetch don't take longer than. */
  double p99Millis() {
    List<Long> sorted = times.stream().sorted().toList();
    return sorted.get((int) (0.99 * (sorted.size() - 1))) / 1e6;
  }

  Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }
}
