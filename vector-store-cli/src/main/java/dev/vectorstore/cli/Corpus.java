package dev.vectorstore.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * SQLite's documentation as the rows of a retrieval store: {@code sources} first, then {@code
 * crawled_pages}, then {@code code_examples}, with the embeddings of {@link MiniLm}. It streams
 * from the jar; one row is in memory at a time. Not safe for threads.
 *
 * <pre>{@code
 * try (Corpus corpus = Corpus.open()) {
 *   corpus.forEachRemaining(row -> load(row.table(), row.columns(), row.embedding()));
 * }
 * }</pre>
 */
final class Corpus implements Iterator<CorpusRow>, AutoCloseable {

  static final String SOURCES = "sources";
  static final String ROWS = "rows.jsonl.gz";
  static final String VECTORS = "vectors.f32.gz";
  static final int DIMENSION = 384;

  /** Whole areas, so that each source that the demo stores is complete. */
  private static final Set<String> DEMO_SOURCES = Set.of("sqlite.org/lang", "sqlite.org/tools");

  private static final ObjectReader LINES =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .build()
          .readerFor(new TypeReference<Map<String, @Nullable Object>>() {});

  private final BufferedReader rows;
  private final DataInputStream vectors;
  private final Predicate<CorpusRow> wanted;
  private @Nullable CorpusRow next;

  private Corpus(BufferedReader rows, DataInputStream vectors, Predicate<CorpusRow> wanted) {
    this.rows = rows;
    this.vectors = vectors;
    this.wanted = wanted;
  }

  /** All rows. */
  static Corpus open() {
    return open(row -> true);
  }

  /** The rows of some sources, complete: small enough to store while somebody looks on. */
  static Corpus openDemo() {
    return open(row -> DEMO_SOURCES.contains(row.text("source_id")));
  }

  private static Corpus open(Predicate<CorpusRow> wanted) {
    try {
      return new Corpus(
          new BufferedReader(new InputStreamReader(resource(ROWS), StandardCharsets.UTF_8)),
          new DataInputStream(resource(VECTORS)),
          wanted);
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = Corpus.class.getResourceAsStream("corpus/" + name);
    if (in == null) {
      throw new FileNotFoundException("corpus/" + name);
    }
    return new GZIPInputStream(in, 1 << 16);
  }

  @Override
  public boolean hasNext() {
    try {
      while (next == null) {
        String line = rows.readLine();
        if (line == null) {
          return false;
        }
        CorpusRow row = parse(line);
        next = wanted.test(row) ? row : null;
      }
      return true;
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  @Override
  public CorpusRow next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("the corpus has no more rows");
    }
    CorpusRow row = next;
    next = null;
    return row;
  }

  private CorpusRow parse(String line) throws IOException {
    Map<String, @Nullable Object> fields = LINES.readValue(line);
    String table = String.valueOf(fields.get("table"));
    @SuppressWarnings("unchecked") // the generator writes an object, and a test reads every row
    Map<String, @Nullable Object> columns = (Map<String, @Nullable Object>) fields.get("columns");
    float[] embedding = new float[SOURCES.equals(table) ? 0 : DIMENSION];
    byte[] bytes = new byte[embedding.length * Float.BYTES];
    vectors.readFully(bytes);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(embedding);
    return new CorpusRow(table, Collections.unmodifiableMap(columns), embedding);
  }

  private static UncheckedIOException damaged(IOException cause) {
    return new UncheckedIOException(
        "the documentation that comes with this program can't be read; build it again", cause);
  }

  @Override
  public void close() {
    try (rows;
        vectors) {
      next = null;
    } catch (IOException e) {
      throw damaged(e);
    }
  }
}
