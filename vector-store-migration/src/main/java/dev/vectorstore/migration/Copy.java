package dev.vectorstore.migration;

import dev.vectorstore.BatchProfile;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.WriteOptions;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies collections from one store to another: page by page, in bounded memory, with several
 * writes in flight. It can be stopped or killed at any time and run again; nothing is lost and
 * nothing comes twice. Rows that can't be moved go to a file with the reason. Immutable and safe
 * for threads; a lock keeps two runs of the same copy apart.
 *
 * <pre>{@code
 * Route route = Route.from(source, "postgrest:http://127.0.0.1:3000")
 *     .to(target, "qdrant:http://127.0.0.1:6334");
 * CopyReport report = Copy.of(route).build().run();
 * }</pre>
 */
public final class Copy {
  private final Route route;
  private final boolean inexactRejected;
  private final CopySettings settings;

  private Copy(Builder builder) {
    route = builder.route;
    inexactRejected = builder.inexactRejected;
    settings =
        new CopySettings(
            builder.pageSize,
            WriteOptions.builder().profile(builder.profile).inFlight(builder.inFlight).build(),
            builder.rate,
            new CopyFiles(builder.stateDirectory, builder.rejects),
            new RunHooks(builder.progress, builder.stopWhen));
  }

  /**
   * A builder for a copy.
   *
   * @param route which collections are copied, where from and where to
   * @return a new builder
   */
  public static Builder of(Route route) {
    return new Builder(Objects.requireNonNull(route, "route"));
  }

  /**
   * Copies, or goes on with an interrupted copy. If the thread is interrupted or {@link
   * Builder#stopWhen} says so, what is in flight is finished and kept, and the report says that it
   * stopped.
   *
   * @return what was done
   * @throws dev.vectorstore.VectorStoreException as the stores throw it; what was acknowledged is
   *     kept, so that another run goes on there
   * @throws InvalidRequest if the source has no collections, a collection would be copied onto
   *     itself or two to one, or one was named that the target has not and makes none of, since its
   *     name isn't portable
   * @throws dev.vectorstore.VectorStoreException.UnsupportedFeature if a collection of the target
   *     can't be written
   * @throws dev.vectorstore.VectorStoreException.Conflict if the same copy is running
   * @throws java.io.UncheckedIOException if the checkpoint or the reject file can't be written
   */
  public CopyReport run() {
    return new CopyRun(job(), settings, null).run();
  }

  /**
   * Copies the records of a reject file alone, read from that file.
   *
   * @param file a reject file of an earlier copy, or of the export form
   * @return what was done
   * @throws InvalidRequest if the file isn't of this form, has records of a collection that isn't
   *     copied, or would be its own reject file
   */
  public CopyReport replay(Path file) {
    return new CopyRun(job(), settings, file).run();
  }

  /**
   * Says what a copy would do, by reading and checking every row. Nothing is written.
   *
   * @return the plan
   */
  public CopyPlan plan() {
    return new CopyPlanner(job(), settings).plan();
  }

  private CopyJob job() {
    return CopyJob.of(route, inexactRejected);
  }

  /** Builds a {@link Copy}. Not safe for threads. */
  public static final class Builder {
    private final Route route;
    private int pageSize = 1000;
    private BatchProfile profile = BatchProfile.AUTO;
    private int inFlight = 4;
    private double rate = Double.POSITIVE_INFINITY;
    private boolean inexactRejected;
    private Path stateDirectory = Path.of(".vector-store");
    private @Nullable Path rejects;
    private Progress progress = step -> {};
    private BooleanSupplier stopWhen = () -> false;

    private Builder(Route route) {
      this.route = route;
    }

    /**
     * Sets the most rows of a page; 1,000 unless set. Large rows make smaller pages.
     *
     * @param rows 1 to 1,000
     * @return this builder
     * @throws InvalidRequest if it is out of range
     */
    public Builder pageSize(int rows) {
      if (rows < 1 || rows > 1000) {
        throw new InvalidRequest("a page of " + rows + " rows isn't in 1 to 1,000");
      }
      this.pageSize = rows;
      return this;
    }

    /**
     * Sizes the batches of the writes; {@link BatchProfile#AUTO} unless set.
     *
     * @param profile the kind of documents
     * @return this builder
     */
    public Builder profile(BatchProfile profile) {
      this.profile = Objects.requireNonNull(profile, "profile");
      return this;
    }

    /**
     * Sets how many batches may be on their way at once; 4 unless set.
     *
     * @param batches 1 to 64
     * @return this builder
     * @throws InvalidRequest if it is out of range
     */
    public Builder inFlight(int batches) {
      this.inFlight = WriteOptions.builder().inFlight(batches).build().inFlight();
      return this;
    }

    /**
     * Limits the speed.
     *
     * @param rowsPerSecond more than 0
     * @return this builder
     * @throws InvalidRequest if it isn't
     */
    public Builder rate(double rowsPerSecond) {
      if (!(rowsPerSecond > 0)) {
        throw new InvalidRequest("a rate of " + rowsPerSecond + " rows a second isn't above 0");
      }
      this.rate = rowsPerSecond;
      return this;
    }

    /**
     * Rejects rows with a number that neither int64 nor double gives back; unless set, such a
     * number is kept as text and listed.
     *
     * @param rejected true to reject
     * @return this builder
     */
    public Builder rejectInexactNumbers(boolean rejected) {
      this.inexactRejected = rejected;
      return this;
    }

    /**
     * Sets the folder of checkpoints and rejects; {@code ./.vector-store} unless set.
     *
     * @param folder made when needed
     * @return this builder
     */
    public Builder stateDirectory(Path folder) {
      this.stateDirectory = Objects.requireNonNull(folder, "folder");
      return this;
    }

    /**
     * Sets the file of rows that can't be moved; one in the state folder unless set.
     *
     * @param file replaced by a copy that doesn't go on with an interrupted one
     * @return this builder
     */
    public Builder rejects(Path file) {
      this.rejects = Objects.requireNonNull(file, "file");
      return this;
    }

    /**
     * Sets who hears of progress.
     *
     * @param listener called after every page
     * @return this builder
     */
    public Builder progress(Progress listener) {
      this.progress = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Sets what ends the copy early, in order.
     *
     * @param condition asked before every page, from the thread that copies
     * @return this builder
     */
    public Builder stopWhen(BooleanSupplier condition) {
      this.stopWhen = Objects.requireNonNull(condition, "condition");
      return this;
    }

    /**
     * The copy; nothing is read yet.
     *
     * @return a new copy
     */
    public Copy build() {
      return new Copy(this);
    }
  }
}
