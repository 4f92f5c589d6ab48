package dev.vectorstore.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes the two files that {@link Corpus} reads; embeds as it goes. Not safe for threads. */
final class CorpusWriter implements AutoCloseable {

  private final ObjectMapper json = new ObjectMapper();
  private final OutputStream rows;
  private final OutputStream vectors;
  private final MiniLm model;
  private int written;

  CorpusWriter(Path folder) throws IOException {
    this.model = MiniLm.load();
    this.rows = gzip(folder.resolve(Corpus.ROWS));
    this.vectors = gzip(folder.resolve(Corpus.VECTORS));
  }

  void write(String table, Map<String, @Nullable Object> columns) throws IOException {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("table", table);
    line.put("columns", columns);
    rows.write((json.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
    if (!Corpus.SOURCES.equals(table)) {
      write(model.embed(CorpusRow.embeddedText(columns)));
    }
    written++;
    if (written % 100 == 0) {
      System.out.println(written + " rows written, now in " + table);
    }
  }

  private void write(float[] vector) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    vectors.write(bytes.array());
  }

  private static OutputStream gzip(Path file) throws IOException {
    return new BestGzip(Files.newOutputStream(file));
  }

  @Override
  public void close() throws IOException {
    try (rows;
        vectors) {
      System.out.println(written + " rows written in all");
    }
  }

  /** The corpus is written once and fetched by every clone: the best level pays. */
  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
