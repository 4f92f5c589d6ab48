package dev.vectorstore.migration;

import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads a collection with its vectors, one page ahead of the reader. The port bounds pages by
 * records alone, so the page size follows the size of the records seen. Not safe for threads.
 */
final class ScanPages implements PageSource {
  /** Half of the 8 MB that a page may have, since records vary. */
  private static final long AIM_BYTES = 4L << 20;

  private static final int FIRST_PAGE = 64;
  private static final int GROWTH = 4;

  private final VectorCollection source;
  private final Projection projection;
  private final int largestPage;
  private final Workers reader = new Workers("copy-reader", 1);
  private int pageSize;
  private @Nullable Future<Page> ahead;

  ScanPages(
      VectorCollection source, Projection projection, int largestPage, Optional<String> cursor) {
    this.source = source;
    this.projection = projection;
    this.largestPage = largestPage;
    this.pageSize = Math.min(FIRST_PAGE, largestPage);
    this.ahead = read(cursor);
  }

  private Future<Page> read(Optional<String> cursor) {
    ScanRequest request = ScanRequest.all().pageSize(pageSize).projection(projection);
    ScanRequest page = cursor.map(request::from).orElse(request);
    return reader.submit(() -> source.scan(page));
  }

  @Override
  public Optional<SourcePage> next() throws InterruptedException {
    if (ahead == null) {
      return Optional.empty();
    }
    Page page;
    try {
      page = ahead.get();
    } catch (ExecutionException e) {
      throw Workers.unwrapped(e);
    }
    List<SizedRecord> records = page.records().stream().map(SizedRecord::of).toList();
    resize(records);
    ahead = page.next().isPresent() ? read(page.next()) : null;
    return Optional.of(new SourcePage(records, page.issues(), page.next()));
  }

  private void resize(List<SizedRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    long bytes = records.stream().mapToLong(SizedRecord::bytes).sum();
    long fitting = AIM_BYTES / Math.max(1, bytes / records.size());
    long bounded = Math.min(fitting, Math.min((long) pageSize * GROWTH, largestPage));
    pageSize = (int) Math.max(1, bounded);
  }

  @Override
  public void close() {
    reader.close();
  }
}
