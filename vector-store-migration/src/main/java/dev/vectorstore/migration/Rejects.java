package dev.vectorstore.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file of records that can't be moved. It is made by the first of them; what an interrupted run
 * wrote behind its checkpoint is cut off. Not safe for threads.
 */
final class Rejects implements AutoCloseable {
  private final Path file;
  private @Nullable FileChannel channel;
  private long length;

  private Rejects(Path file, long length) {
    this.file = file;
    this.length = length;
  }

  /** Opens the file and keeps its first bytes. */
  static Rejects open(Path file, long keptBytes) {
    try {
      if (keptBytes == 0) {
        Files.deleteIfExists(file);
      } else {
        try (FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE)) {
          open.truncate(keptBytes);
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

  /** Adds lines; on return they are durable. */
  void add(String collection, List<Reject> rejects) {
    if (rejects.isEmpty()) {
      return;
    }
    try {
      if (channel == null) {
        Files.createDirectories(AtomicFile.folder(file));
        channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
      }
      for (Reject reject : rejects) {
        String line = RecordLines.write(collection, reject) + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        length += bytes.remaining();
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      channel.force(true);
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
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the reject file " + file + " can't be closed", e);
    }
  }
}
