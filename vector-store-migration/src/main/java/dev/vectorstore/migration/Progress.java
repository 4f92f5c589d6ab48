package dev.vectorstore.migration;

import dev.vectorstore.VectorStores;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Hears how far a copy or a verification has come: after every page, on the thread that runs it.
 * What it throws ends the run.
 */
@FunctionalInterface
public interface Progress {
  /**
   * A page is done.
   *
   * @param step how far it has come
   */
  void report(Step step);

  /** How far a run has come. Immutable. */
  final class Step {
    private final String activity;
    private final String collection;
    private final long done;
    private final long total;
    private final double rate;

    Step(String activity, String collection, long done, long total, double rate) {
      this.activity = activity;
      this.collection = collection;
      this.done = done;
      this.total = total;
      this.rate = rate;
    }

    /**
     * What is going on.
     *
     * @return a verb, such as "copying"
     */
    public String activity() {
      return activity;
    }

    /**
     * The source's collection.
     *
     * @return its name
     */
    public String collection() {
      return collection;
    }

    /**
     * The rows that are done, those of interrupted runs included.
     *
     * @return the number of rows
     */
    public long done() {
      return done;
    }

    /**
     * The rows that the source had at the start; it can have more by now.
     *
     * @return the number of rows, or 0 if it isn't known
     */
    public long total() {
      return total;
    }

    /**
     * The speed of this run.
     *
     * @return rows a second
     */
    public double rate() {
      return rate;
    }

    /**
     * The time that the rest takes at this speed.
     *
     * @return the time, or empty while it can't be told
     */
    public Optional<Duration> left() {
      if (!(rate > 0) || total == 0) {
        return Optional.empty();
      }
      return Optional.of(Duration.ofMillis((long) (1000 * Math.max(0, total - done) / rate)));
    }

    /** One line for people. */
    @Override
    public String toString() {
      String rows =
          String.format(
              Locale.ROOT,
              "%s %s: %,d of %,d rows",
              activity,
              VectorStores.shownName(collection),
              done,
              Math.max(done, total));
      return rows + left().map(this::speed).orElse("");
    }

    private String speed(Duration left) {
      return String.format(
          Locale.ROOT,
          ", %,.0f a second, %d:%02d:%02d left",
          rate,
          left.toHours(),
          left.toMinutesPart(),
          left.toSecondsPart());
    }
  }
}
