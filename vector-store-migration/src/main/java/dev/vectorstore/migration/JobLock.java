package dev.vectorstore.migration;

import dev.vectorstore.VectorStoreException.Conflict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps two copies of one job from running at once; the system lets go of it after a kill. */
final class JobLock implements AutoCloseable {
  private final FileChannel channel;

  private JobLock(FileChannel channel) {
    this.channel = channel;
  }

  static JobLock take(Path folder, CopyJob job) {
    Path file = folder.resolve("copy-" + Checkpoint.shortened(job.fingerprint()) + ".lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new Conflict(
            "the same copy is running already and holds "
                + file
                + "; wait for it, or stop it first");
      }
      return new JobLock(channel);
    } catch (IOException e) {
      throw new UncheckedIOException("the lock " + file + " can't be taken", e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  /** The file stays: deleting it would let two others lock two files of one name. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a copy's lock can't be released", e);
    }
  }
}
