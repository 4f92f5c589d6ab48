package dev.vectorstore.embedded;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.jspecify.annotations.Nullable;

/**
 * Gives readers the newest state of a collection. A state is made when it is first asked for, so
 * that a load that nobody reads meanwhile isn't cut into small segments. It lives until its last
 * reader has left it, also when the collection is dropped. Safe for threads.
 *
 * <p>States are made by a thread of ours, never by a reader's: Lucene answers an interrupt there by
 * throwing away what writers have filled their buffers with, and waits without a deadline.
 */
final class Snapshots implements AutoCloseable {
  private static final long IDLE_SECONDS = 10;

  private final SearcherManager searchers;
  private final Lock notWithinBatch;
  private final AtomicLong written = new AtomicLong();
  private final ExecutorService refreshing;
  private volatile long seen;

  /**
   * The states of what the writer writes.
   *
   * @param name the collection's
   * @param notWithinBatch held while a new state is made; who holds its opposite shows several
   *     collections' writes at once
   */
  Snapshots(String name, IndexWriter writer, Lock notWithinBatch) throws IOException {
    this.notWithinBatch = notWithinBatch;
    searchers = new SearcherManager(writer, new WithoutCache());
    refreshing = oneThread("vector-store-embedded-refresh-" + name);
  }

  /** A thread that is there while it is needed. */
  private static ExecutorService oneThread(String name) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** Something was written: the next reader makes a new state. */
  void written() {
    written.incrementAndGet();
  }

  <T> T read(Deadline deadline, Reading<T> reading) throws IOException {
    refresh(deadline);
    IndexSearcher searcher = searchers.acquire();
    try {
      return reading.of(searcher);
    } finally {
      searchers.release(searcher);
    }
  }

  private void refresh(Deadline deadline) throws IOException {
    long wanted = written.get();
    if (seen >= wanted) {
      return;
    }
    try {
      deadline.await(
          refreshing.submit(
              () -> {
                refreshTo(wanted);
                return true;
              }));
    } catch (RejectedExecutionException closed) {
      throw new AlreadyClosedException("the states are closed", closed);
    }
  }

  /** By the one thread that refreshes. */
  private void refreshTo(long wanted) throws IOException {
    if (seen >= wanted) {
      return;
    }
    long now = written.get();
    notWithinBatch.lock();
    try {
      searchers.maybeRefreshBlocking();
    } finally {
      notWithinBatch.unlock();
    }
    seen = now;
  }

  @Override
  public void close() throws IOException {
    refreshing.shutdown();
    searchers.close();
  }

  /** Lucene's cache of filters is one for the whole process and outlives a collection. */
  private static final class WithoutCache extends SearcherFactory {
    @Override
    public IndexSearcher newSearcher(IndexReader reader, @Nullable IndexReader previous) {
      IndexSearcher searcher = new IndexSearcher(reader);
      searcher.setQueryCache(null);
      searcher.setSimilarity(RankedField.SIMILARITY);
      return searcher;
    }
  }
}
