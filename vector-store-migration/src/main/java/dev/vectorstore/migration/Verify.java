package dev.vectorstore.migration;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Proves that a target holds what its source holds, and that its searches answer what is right:
 * counts, a hash of every payload, every vector, and searches held against the exact order over the
 * source's rows. The source's own search is held against it too, since it is often the one that is
 * wrong. Nothing is written. Immutable and safe for threads.
 *
 * <pre>{@code
 * Route route = Route.from(source, "postgrest:http://127.0.0.1:3000")
 *     .to(target, "qdrant:http://127.0.0.1:6334");
 * VerifyReport report = Verify.of(route).build().run();
 * }</pre>
 */
public final class Verify {
  private final Route route;
  private final double minOverlap;
  private final VerifySettings settings;

  private Verify(Builder builder) {
    route = builder.route;
    minOverlap = builder.minOverlap;
    settings =
        new VerifySettings(
            List.copyOf(builder.queries),
            builder.sample,
            builder.seed,
            builder.k,
            new RunHooks(builder.progress, builder.stopWhen));
  }

  /**
   * A builder for a verification.
   *
   * @param route the route of the copy
   * @return a new builder
   */
  public static Builder of(Route route) {
    return new Builder(Objects.requireNonNull(route, "route"));
  }

  /**
   * Verifies. If the thread is interrupted or {@link Builder#stopWhen} says so, the report says
   * that it stopped. A collection of the source that a copy would leave out for its name is named,
   * and fails the verification.
   *
   * @return what was found
   * @throws dev.vectorstore.VectorStoreException as the stores throw it
   * @throws InvalidRequest if the source has no collections, or a collection would be compared with
   *     itself or two with one
   */
  public VerifyReport run() {
    StopSignal stop = settings.hooks().stopSignal();
    ResolvedRoute resolved = ResolvedRoute.of(route);
    List<VerifyRun> runs =
        resolved.parts().stream().map(part -> new VerifyRun(route, part, settings, stop)).toList();
    runs.forEach(VerifyRun::open);
    List<VerifyReport.Collection> collections = new ArrayList<>();
    List<ParityQuery> unasked = new ArrayList<>(settings.queries());
    for (VerifyRun run : runs) {
      try {
        if (!stop.requested()) {
          collections.add(run.run());
          unasked.removeIf(run.asked()::contains);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    List<String> notAsked = unasked.stream().map(ParityQuery::origin).toList();
    return new VerifyReport(
        new VerifyReport.Heading(route.fromName(), route.toName(), minOverlap),
        collections,
        new VerifyReport.NotDone(notAsked, resolved.leftOut(), stop.requested()));
  }

  /** Builds a {@link Verify}. Not safe for threads. */
  public static final class Builder {
    private final Route route;
    private final List<ParityQuery> queries = new ArrayList<>();
    private int sample = 200;
    private long seed = 1;
    private int k = 10;
    private double minOverlap = 0.99;
    private Progress progress = step -> {};
    private BooleanSupplier stopWhen = () -> false;

    private Builder(Route route) {
      this.route = route;
    }

    /**
     * Adds queries. One that a collection can't be asked is counted there, not failed; one that no
     * collection can be asked fails the verification.
     *
     * @param more the queries
     * @return this builder
     */
    public Builder queries(List<ParityQuery> more) {
      queries.addAll(more);
      return this;
    }

    /**
     * Sets how many queries are taken from each collection's own records; 200 unless set.
     *
     * @param queries 0 to 10,000
     * @return this builder
     * @throws InvalidRequest if it is out of range
     */
    public Builder sample(int queries) {
      if (queries < 0 || queries > 10_000) {
        throw new InvalidRequest("a sample of " + queries + " queries isn't in 0 to 10,000");
      }
      this.sample = queries;
      return this;
    }

    /**
     * Sets the seed of the sample; 1 unless set.
     *
     * @param seed any number
     * @return this builder
     */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Sets how many hits are compared; 10 unless set.
     *
     * @param hits 1 to 1,000
     * @return this builder
     * @throws InvalidRequest if it is out of range
     */
    public Builder k(int hits) {
      if (hits < 1 || hits > 1000) {
        throw new InvalidRequest("comparing " + hits + " hits isn't in 1 to 1,000");
      }
      this.k = hits;
      return this;
    }

    /**
     * Sets the bar for the overlap; 0.99 unless set.
     *
     * @param overlap 0 to 1
     * @return this builder
     * @throws InvalidRequest if it is out of range
     */
    public Builder minOverlap(double overlap) {
      if (!(overlap >= 0 && overlap <= 1)) {
        throw new InvalidRequest("an overlap of " + overlap + " isn't in 0 to 1");
      }
      this.minOverlap = overlap;
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
     * Sets what ends the verification early.
     *
     * @param condition asked before every page, from the thread that verifies
     * @return this builder
     */
    public Builder stopWhen(BooleanSupplier condition) {
      this.stopWhen = Objects.requireNonNull(condition, "condition");
      return this;
    }

    /**
     * The verification; nothing is read yet.
     *
     * @return a new verification
     */
    public Verify build() {
      return new Verify(this);
    }
  }
}
