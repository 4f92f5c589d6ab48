package dev.vectorstore.migration;

import java.util.Optional;

/** Where pages come from: a scan of the source, or a file. */
interface PageSource extends AutoCloseable {
  /**
   * The next page.
   *
   * @return the page, or empty at the end
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  Optional<SourcePage> next() throws InterruptedException;

  @Override
  void close();
}
