package dev.vectorstore;

import java.time.Duration;
import java.util.Objects;

/** What a bulk write did. Immutable. */
public final class WriteReport {
  private final long records;
  private final long batches;
  private final Duration duration;

  private WriteReport(long records, long batches, Duration duration) {
    this.records = records;
    this.batches = batches;
    this.duration = Objects.requireNonNull(duration, "duration");
  }

  /**
   * A report; made by engines.
   *
   * @param records the records of the input, all acknowledged
   * @param batches the requests that carried them
   * @param duration from the first record taken to the last acknowledgement
   * @return the report
   */
  public static WriteReport of(long records, long batches, Duration duration) {
    return new WriteReport(records, batches, duration);
  }

  /**
   * The records of the input. All are acknowledged; under {@link WriteMode#INSERT_ONLY} those that
   * existed before were left as they were.
   *
   * @return the number of records
   */
  public long records() {
    return records;
  }

  /**
   * The requests that carried the records.
   *
   * @return the number of batches
   */
  public long batches() {
    return batches;
  }

  /**
   * From the first record taken to the last acknowledgement.
   *
   * @return the time
   */
  public Duration duration() {
    return duration;
  }

  @Override
  public String toString() {
    return "WriteReport[records="
        + records
        + ", batches="
        + batches
        + ", duration="
        + duration
        + "]";
  }
}
