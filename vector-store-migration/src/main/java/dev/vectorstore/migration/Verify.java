package dev.vectorstore.migration;

import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a target holds what its source holds, and that its searches answer what is right:
 * counts, a hash of every payload, every vector, and searches held against the exact order over the
 * source's rows. The source's own search is held against it too, since it is often the one that is
 * wrong. Nothing is written. Immutable and safe for threads.
 *
 * <pre>{@code
 * VerifyReport report = Verify.builder()
 *     .from(source, "postgrest:http://127.0.0.1:3000")
 *     .to(target, "qdrant:http://127.0.0.1:6334")
 *     .build()
 *     .run();
 * }</pre>
 */
public final class Verify {
  final VectorStore from;
  final VectorStore to;
  final String fromName;
  final String toName;
  final List<ParityQuery> queries;
  final int sample;
  final long seed;
  final int k;
  final double minOverlap;
  final Progress progress;
  private final Choice choice;
  private final BooleanSupplier stopWhen;

  private Verify(Builder builder, VectorStore from, VectorStore to) {
    this.from = from;
    this.to = to;
    fromName = builder.fromName;
    toName = builder.toName;
    choice = new Choice(builder.choice);
    queries = List.copyOf(builder.queries);
    sample = builder.sample;
    seed = builder.seed;
    k = builder.k;
    minOverlap = builder.minOverlap;
    progress = builder.progress;
    stopWhen = builder.stopWhen;
  }

  /**
   * A builder for a verification of everything.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Verifies. If the thread is interrupted or {@link Builder#stopWhen} says so, the report says
   * that it stopped.
   *
   * @return what was found
   * @throws dev.vectorstore.VectorStoreException as the stores throw it
   */
  public VerifyReport run() {
    StopSignal stop = new StopSignal(stopWhen);
    Choice.Chosen chosen = choice.parts(from, to, Choice.isSame(from, fromName, to, toName));
    List<VerifyRun> runs =
        chosen.parts().stream().map(part -> new VerifyRun(this, part, stop)).toList();
    runs.forEach(VerifyRun::open);
    List<VerifyReport.Collection> collections = new ArrayList<>();
    List<ParityQuery> unasked = new ArrayList<>(queries);
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
        this, collections, new VerifyReport.NotDone(notAsked, chosen.leftOut(), stop.requested()));
  }

  /** Builds a {@link Verify}. Not safe for threads. */
  public static final class Builder {
    private @Nullable VectorStore from;
    private @Nullable VectorStore to;
    private String fromName = "";
    private String toName = "";
    private final Choice choice = new Choice();
    private final List<ParityQuery> queries = new ArrayList<>();
    private int sample = 200;
    private long seed = 1;
    private int k = 10;
    private double minOverlap = 0.99;
    private Progress progress = step -> {};
    private BooleanSupplier stopWhen = () -> false;

    private Builder() {}

    /**
     * Sets the source.
     *
     * @param store the store; not closed
     * @param name what the report calls it, such as its URL
     * @return this builder
     */
    public Builder from(VectorStore store, String name) {
      this.from = Objects.requireNonNull(store, "store");
      this.fromName = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets the target.
     *
     * @param store the store; not closed
     * @param name what the report calls it, such as its URL
     * @return this builder
     */
    public Builder to(VectorStore store, String name) {
      this.to = Objects.requireNonNull(store, "store");
      this.toName = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Adds a collection; without any, all collections of the source are verified. One of those that
     * a copy leaves out for its name is named, and fails the verification.
     *
     * @param source the source's collection
     * @return this builder
     */
    public Builder collection(String source) {
      choice.add(source, null);
      return this;
    }

    /**
     * Adds a collection that has another name in the target.
     *
     * @param source the source's collection
     * @param target the target's collection
     * @return this builder
     */
    public Builder collection(String source, String target) {
      choice.add(source, Objects.requireNonNull(target, "target"));
      return this;
    }

    /**
     * Says what the copy of a collection changed on the way.
     *
     * @param source the source's collection
     * @param mapping the mapping of the copy
     * @return this builder
     */
    public Builder mapping(String source, Mapping mapping) {
      choice.map(source, mapping);
      return this;
    }

    /**
     * Says that the copy put the keys of {@code metadata} beside the columns.
     *
     * @param flat true for the flat layout
     * @return this builder
     */
    public Builder flatMetadata(boolean flat) {
      choice.flatMetadata(flat);
      return this;
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
     * @throws NullPointerException if source or target aren't set
     */
    public Verify build() {
      return new Verify(
          this, Objects.requireNonNull(from, "from"), Objects.requireNonNull(to, "to"));
    }
  }
}
