package dev.vectorstore.cli;

import dev.vectorstore.VectorStores;
import dev.vectorstore.migration.Progress;
import dev.vectorstore.support.Ticker;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Shows progress on standard error: a bar that is drawn over on a terminal, else a line now and
 * then. Not safe for threads.
 */
final class Console implements Progress {
  private static final int WIDTH = 24;
  private static final long LINES_APART = TimeUnit.SECONDS.toNanos(5);
  private static final long BARS_APART = TimeUnit.MILLISECONDS.toNanos(100);

  private final PrintWriter err;
  private final boolean terminal;
  private final Ticker ticker;
  private long last;
  private String collection = "";
  private int drawn;
  private boolean rows;
  private boolean ended;

  Console(Program program, Ticker ticker) {
    this.err = program.err();
    this.terminal = program.terminal();
    this.ticker = ticker;
  }

  @Override
  public void report(Step step) {
    rows |= step.done() > 0;
    boolean begins = !step.collection().equals(collection);
    // Once: pages behind the last row that was counted are told now and then like others.
    boolean ends = step.done() >= step.total() && (begins || !ended);
    long apart = terminal ? BARS_APART : LINES_APART;
    if (!begins && !ends && ticker.nanos() - last < apart) {
      return;
    }
    last = ticker.nanos();
    ended = step.done() >= step.total();
    if (begins) {
      end();
    }
    if (begins && step.done() > 0) {
      err.printf(
          Locale.ROOT,
          "%s: going on behind %,d rows, where an earlier run stopped%n",
          VectorStores.shownName(step.collection()),
          step.done());
    }
    collection = step.collection();
    if (terminal) {
      draw(bar(step) + " " + step);
    } else {
      err.println(step);
    }
  }

  private static String bar(Step step) {
    double share = step.total() == 0 ? 1 : Math.min(1, (double) step.done() / step.total());
    int full = (int) (share * WIDTH);
    return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "]";
  }

  private void draw(String line) {
    err.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
    err.flush();
    drawn = line.length();
  }

  /** Whether anything was done yet. */
  boolean sawRows() {
    return rows;
  }

  /** Ends the bar's line, so that others can follow. */
  void end() {
    if (drawn > 0) {
      err.println();
      drawn = 0;
    }
  }
}
