package dev.vectorstore.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a copy keeps what it has to know of itself.
 *
 * @param folder of checkpoints, locks and rejects
 * @param rejects the file of rows that can't be moved, or null for one in the folder
 */
record CopyFiles(Path folder, @Nullable Path rejects) {
  void makeFolder() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the folder " + folder + " for checkpoints can't be made; name another one", e);
    }
  }

  /** The file of rows that a run of the job can't move. */
  Path rejects(CopyJob job, boolean replay) {
    if (rejects != null) {
      return rejects;
    }
    String name = replay ? "replay-rejects-" : "rejects-";
    return folder.resolve(name + Checkpoint.shortened(job.fingerprint()) + ".jsonl");
  }
}
