package dev.vectorstore.migration;

import dev.vectorstore.support.Ticker;

/** Turns counts into progress. Not safe for threads. */
final class ProgressMeter {
  private final Progress progress;
  private final String activity;
  private final Ticker ticker;
  private String collection = "";
  private long total;
  private long first;
  private long start;

  ProgressMeter(Progress progress, String activity, Ticker ticker) {
    this.progress = progress;
    this.activity = activity;
    this.ticker = ticker;
  }

  /** A collection begins; some of its rows may be done by an earlier run. */
  void begin(String name, long rows, long alreadyDone) {
    collection = name;
    total = rows;
    first = alreadyDone;
    start = ticker.nanos();
    report(alreadyDone);
  }

  void report(long done) {
    double seconds = ticker.secondsSince(start);
    double rate = seconds > 0 ? (done - first) / seconds : 0;
    progress.report(new Progress.Step(activity, collection, done, total, rate));
  }
}
