package dev.vectorstore.embedded;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.Query;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.ThreadInterruptedException;

/**
 * The index of one collection: one writer, and the states that readers see. Safe for threads.
 *
 * <p>Plain writes go side by side, so that several threads build the graph; what reads before it
 * writes is alone with the collection.
 */
final class CollectionIndex implements AutoCloseable {
  /** Larger buffers make fewer segments, and merging graphs is what a load spends its time on. */
  private static final double BUFFER_MB = 64;

  private final Directory directory;
  private final AbortableMerges merges = new AbortableMerges();
  private final IndexWriter writer;
  private final Snapshots snapshots;
  private final ReadWriteLock writes = new ReentrantReadWriteLock();
  private volatile CollectionSpec spec;
  private volatile VectorFields vectors;
  private volatile Set<FieldPath> lateTexts = Set.of();
  private volatile boolean dropped;

  private CollectionIndex(Directory directory, CollectionSpec spec, Lock notWithinBatch)
      throws IOException {
    this.directory = directory;
    this.spec = spec;
    vectors = VectorFields.of(spec);
    writer = new IndexWriter(directory, config(merges));
    snapshots = new Snapshots(spec.name(), writer, notWithinBatch);
  }

  /** An empty collection in a directory, which it owns. */
  static CollectionIndex create(Directory directory, CollectionSpec spec, Lock notWithinBatch) {
    try {
      return new CollectionIndex(directory, spec, notWithinBatch);
    } catch (IOException failure) {
      throw new Unavailable("the collection's index can't be made", failure);
    }
  }

  private static IndexWriterConfig config(AbortableMerges merges) {
    TieredMergePolicy policy = new TieredMergePolicy();
    policy.setNoCFSRatio(0);
    return new IndexWriterConfig()
        .setCodec(VectorCodec.create())
        .setSimilarity(RankedField.SIMILARITY)
        .setRAMBufferSizeMB(BUFFER_MB)
        .setUseCompoundFile(false)
        .setMergePolicy(policy)
        .setMergeScheduler(merges)
        .setCommitOnClose(false);
  }

  CollectionSpec spec() {
    return spec;
  }

  /** Text fields that were declared when records were there already, which aren't all indexed. */
  Set<FieldPath> lateTexts() {
    return lateTexts;
  }

  /** Takes up a specification with more fields. */
  void declare(CollectionSpec wider, Deadline deadline) {
    exclusively(
        deadline,
        () -> {
          boolean filled =
              snapshots.read(deadline, searcher -> searcher.getIndexReader().numDocs() > 0);
          Set<FieldPath> late = new HashSet<>(lateTexts);
          wider
              .fields()
              .forEach(
                  (path, type) -> {
                    if (filled && type.isText() && spec.fields().get(path) != type) {
                      late.add(path);
                    }
                  });
          lateTexts = Set.copyOf(late);
          vectors = vectors.follow(wider);
          spec = wider;
        });
  }

  /** Forgets a vector: what documents have of it goes when they are written again. */
  boolean dropVector(String name, Deadline deadline) {
    boolean[] there = {false};
    exclusively(
        deadline,
        () -> {
          there[0] = spec.vectors().containsKey(name);
          spec = spec.toBuilder().withoutVector(name).build();
          vectors = vectors.follow(spec);
        });
    return there[0];
  }

  VectorFields vectors() {
    return vectors;
  }

  /** Reads the newest state. */
  <T> T read(Deadline deadline, Reading<T> reading) {
    try {
      return snapshots.read(deadline, reading);
    } catch (AlreadyClosedException closed) {
      throw gone(closed);
    } catch (IOException failure) {
      throw new Unavailable("the collection's index can't be read", failure);
    }
  }

  /** Why a writer is closed: by us, or by an error after which it can't be trusted. */
  VectorStoreException gone(AlreadyClosedException closed) {
    Throwable error = writer.getTragicException();
    if (error != null) {
      return new Unavailable(
          "the collection's index stopped at an earlier "
              + error.getClass().getSimpleName()
              + "; if it was the memory, give the JVM more, and load the collection anew",
          error);
    }
    return dropped
        ? new NotFound("the collection was dropped meanwhile", closed)
        : new Unavailable("the store was closed meanwhile", closed);
  }

  /** Writes beside other writes. */
  void write(Deadline deadline, Change change) {
    change(writes.readLock(), deadline, change);
  }

  /** Writes alone, so that nothing changes between what is read and what is written. */
  void exclusively(Deadline deadline, Change change) {
    change(writes.writeLock(), deadline, change);
  }

  /** The lock of whoever writes alone; who holds it calls {@link #written} behind its writes. */
  Lock alone() {
    return writes.writeLock();
  }

  void written() {
    snapshots.written();
  }

  private void change(Lock lock, Deadline deadline, Change change) {
    deadline.lock(lock);
    try {
      deadline.beforeWrite();
      change.run();
    } catch (AlreadyClosedException closed) {
      throw gone(closed);
    } catch (IOException failure) {
      throw new OutcomeUnknown("the collection's index can't be written", failure);
    } finally {
      snapshots.written();
      lock.unlock();
    }
  }

  boolean isOpen() {
    return writer.isOpen();
  }

  void requireOpen() {
    if (!isOpen()) {
      throw new AlreadyClosedException("the writer is closed");
    }
  }

  Document document(VectorRecord record) throws IOException {
    return Documents.of(record, spec, vectors);
  }

  void put(RecordId id, Document document) throws IOException {
    Term term = Documents.idTerm(id);
    uninterrupted(() -> writer.updateDocument(term, document));
  }

  void remove(Collection<RecordId> ids) throws IOException {
    Term[] terms = ids.stream().map(Documents::idTerm).toArray(Term[]::new);
    uninterrupted(() -> writer.deleteDocuments(terms));
  }

  void removeAll() throws IOException {
    uninterrupted(writer::deleteAll);
  }

  /**
   * Carries a change through although the thread is interrupted, and keeps its flag: Lucene stops
   * where it waits for a merge, which would leave half of a batch.
   */
  private static void uninterrupted(Change change) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          change.run();
          return;
        } catch (ThreadInterruptedException again) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The records of these ids that are there, in the newest state. */
  List<VectorRecord> existing(Collection<RecordId> ids, Projection projection, Deadline deadline)
      throws IOException {
    return snapshots.read(
        deadline,
        searcher -> Records.read(searcher, Records.find(searcher, ids), projection, vectors));
  }

  /** The ids of the records that a query selects, in the newest state. */
  Set<RecordId> matching(Query query, Deadline deadline) throws IOException {
    return snapshots.read(
        deadline,
        searcher -> {
          Set<RecordId> ids = new HashSet<>();
          new Matches(searcher, query)
              .forEach(
                  deadline,
                  leaf -> {
                    LeafRecords records = new LeafRecords(leaf.reader());
                    return doc -> ids.add(records.id(doc));
                  });
          return ids;
        });
  }

  /** Ends it for good. */
  void drop() {
    dropped = true;
    close();
  }

  /**
   * Ends the writer and its threads; readers keep their states until they leave them. Can be
   * repeated.
   */
  @Override
  public void close() {
    try (directory;
        snapshots;
        merges) {
      uninterrupted(writer::rollback);
    } catch (IOException failure) {
      throw new Unavailable("the collection's index can't be closed", failure);
    }
  }

  /** A change of the index. */
  @FunctionalInterface
  interface Change {
    void run() throws IOException;
  }
}
