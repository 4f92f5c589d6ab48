package dev.vectorstore;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The records of a scan, read when they are asked for. Used by one thread at a time. */
final class RecordStream implements Iterator<VectorRecord> {
  private final VectorCollection collection;
  private @Nullable ScanRequest next;
  private Iterator<VectorRecord> page = List.<VectorRecord>of().iterator();

  private RecordStream(VectorCollection collection, ScanRequest first) {
    this.collection = collection;
    next = first;
  }

  static Stream<VectorRecord> of(VectorCollection collection, ScanRequest request) {
    RecordStream records = new RecordStream(collection, request);
    int traits = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(records, traits), false)
        .onClose(records::close);
  }

  private void close() {
    next = null;
    page = List.<VectorRecord>of().iterator();
  }

  /** Pages can be empty before the end: a filter is tested on what came. */
  @Override
  public boolean hasNext() {
    while (!page.hasNext() && next != null) {
      ScanRequest asked = next;
      Page read = collection.scan(asked);
      next = read.next().map(asked::from).orElse(null);
      page = read.records().iterator();
    }
    return page.hasNext();
  }

  @Override
  public VectorRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the scan has ended");
    }
    return page.next();
  }
}
