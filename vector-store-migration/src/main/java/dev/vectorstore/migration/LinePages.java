package dev.vectorstore.migration;

import dev.vectorstore.RecordIssue;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStores;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The records of one collection in a reject file. Not safe for threads. */
final class LinePages implements PageSource {
  private static final long PAGE_BYTES = 4L << 20;

  private final Path file;
  private final String collection;
  private final Set<String> copied;
  private final int pageSize;
  private final BufferedReader reader;
  private long line;
  private boolean ended;

  /**
   * Opens a file.
   *
   * @param copied all collections that are copied; of a single one are also the lines without name
   */
  LinePages(Path file, String collection, Set<String> copied, int pageSize) {
    this.file = file;
    this.collection = collection;
    this.copied = copied;
    this.pageSize = pageSize;
    try {
      this.reader = Files.newBufferedReader(file);
    } catch (IOException e) {
      throw new UncheckedIOException("the file " + file + " can't be read", e);
    }
  }

  @Override
  public Optional<SourcePage> next() {
    if (ended) {
      return Optional.empty();
    }
    List<SizedRecord> records = new ArrayList<>();
    List<RecordIssue> issues = new ArrayList<>();
    long bytes = 0;
    while (!ended && records.size() + issues.size() < pageSize && bytes < PAGE_BYTES) {
      String text = readLine();
      if (text == null) {
        ended = true;
      } else if (!text.isBlank()) {
        bytes += text.length();
        add(text, records, issues);
      }
    }
    Optional<String> next = ended ? Optional.empty() : Optional.of("line " + line);
    return Optional.of(new SourcePage(records, issues, next));
  }

  private @Nullable String readLine() {
    try {
      line++;
      return reader.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException("the file " + file + " can't be read", e);
    }
  }

  private void add(String text, List<SizedRecord> records, List<RecordIssue> issues) {
    RecordLines.Line read;
    try {
      read = RecordLines.read(text);
    } catch (InvalidRequest e) {
      throw new InvalidRequest(file + ", line " + line + ": " + e.getMessage(), e);
    }
    if (read.collection() != null && !copied.contains(read.collection())) {
      throw new InvalidRequest(
          "%s, line %d, is of the collection %s, which isn't copied; copy it as well"
              .formatted(file, line, VectorStores.shownName(read.collection())));
    }
    if (read.collection() == null && copied.size() > 1) {
      throw new InvalidRequest(
          file + ", line " + line + ", names no collection; copy one collection by name");
    }
    if (read.collection() != null && !read.collection().equals(collection)) {
      return;
    }
    Reject reject = read.reject();
    if (reject.record() == null) {
      issues.add(RecordIssue.unreadable(reject.row(), null, reject.reason()));
    } else {
      records.add(SizedRecord.of(reject.record()));
    }
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the file " + file + " can't be closed", e);
    }
  }
}
