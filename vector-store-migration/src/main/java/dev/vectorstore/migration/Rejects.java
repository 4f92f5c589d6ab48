package dev.vectorstore.migration;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file of records that can't be moved. It is made by the first of them; what an interrupted run
 * wrote behind its checkpoint is cut off. Not safe for threads.
 */
final class Rejects implements AutoCloseable {
  private final Path file;
  private @Nullable FileOutputStream out;
  private long length;

  private Rejects(Path file, long length) {
    this.file = file;
    this.length = length;
  }

  /** Opens the file and keeps its first bytes. */
  static Rejects open(Path file, long keptBytes) {
    if (Files.isDirectory(file)) {
      throw new InvalidRequest("the reject file " + file + " is a folder; name a file");
    }
    try {
      if (keptBytes == 0) {
        Files.deleteIfExists(file);
      } else {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
          open.setLength(keptBytes);
        }
      }
      return new Rejects(file, keptBytes);
    } catch (IOException e) {
      throw new UncheckedIOException("the reject file " + file + " can't be opened", e);
    }
  }

  /** Whether the file that a checkpoint speaks of is there with all that it had. */
  static boolean holds(Path file, long bytes) {
    try {
      return bytes == 0 || (Files.exists(file) && Files.size(file) >= bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("the reject file " + file + " can't be read", e);
    }
  }

  /** Whether two paths lead to one file, however they are spelled. */
  static boolean same(Path a, Path b) {
    try {
      return Files.exists(a) && Files.exists(b)
          ? Files.isSameFile(a, b)
          : a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
    } catch (IOException e) {
      throw new UncheckedIOException("the reject file " + a + " can't be read", e);
    }
  }

  /** Adds lines; on return they are durable. */
  void add(String collection, List<Reject> rejects) {
    if (rejects.isEmpty()) {
      return;
    }
    try {
      if (out == null) {
        Files.createDirectories(AtomicFile.folder(file));
        // Not a channel: an interrupt would close it.
        out = new FileOutputStream(file.toFile(), true);
      }
      for (Reject reject : rejects) {
        String line = RecordLines.write(collection, reject) + "\n";
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        out.write(bytes);
        length += bytes.length;
      }
      out.getFD().sync();
    } catch (IOException e) {
      throw new UncheckedIOException("the reject file " + file + " can't be written", e);
    }
  }

  /** The file's length. */
  long length() {
    return length;
  }

  @Override
  public void close() {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the reject file " + file + " can't be closed", e);
    }
  }
}
