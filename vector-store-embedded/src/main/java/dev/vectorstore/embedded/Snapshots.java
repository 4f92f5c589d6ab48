package dev.vectorstore.embedded;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.jspecify.annotations.Nullable;

/**
 * The states of a collection that readers see: always the newest, made when it is first asked for,
 * so that a load that nobody reads meanwhile isn't cut into small segments. A state lives until its
 * last reader has left it, also when the collection is dropped. Safe for threads.
 */
final class Snapshots implements AutoCloseable {
  private final SearcherManager searchers;
  private final Lock notWithinBatch;
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong seen = new AtomicLong();

  /**
   * The states of what the writer writes.
   *
   * @param notWithinBatch held while a new state is made; who holds its opposite shows several
   *     collections' writes at once
   */
  Snapshots(IndexWriter writer, Lock notWithinBatch) throws IOException {
    this.notWithinBatch = notWithinBatch;
    searchers = new SearcherManager(writer, new WithoutCache());
  }

  /** Something was written: the next reader makes a new state. */
  void written() {
    written.incrementAndGet();
  }

  <T> T read(Reading<T> reading) throws IOException {
    refresh();
    IndexSearcher searcher = searchers.acquire();
    try {
      return reading.of(searcher);
    } finally {
      searchers.release(searcher);
    }
  }

  private void refresh() throws IOException {
    long wanted = written.get();
    if (seen.get() >= wanted) {
      return;
    }
    notWithinBatch.lock();
    try {
      searchers.maybeRefreshBlocking();
    } finally {
      notWithinBatch.unlock();
    }
    seen.accumulateAndGet(wanted, Math::max);
  }

  @Override
  public void close() throws IOException {
    searchers.close();
  }

  /** Lucene's cache of filters is one for the whole process and outlives a collection. */
  private static final class WithoutCache extends SearcherFactory {
    @Override
    public IndexSearcher newSearcher(IndexReader reader, @Nullable IndexReader previous) {
      IndexSearcher searcher = new IndexSearcher(reader);
      searcher.setQueryCache(null);
      return searcher;
    }
  }
}
