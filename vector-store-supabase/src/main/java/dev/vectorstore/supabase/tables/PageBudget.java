package dev.vectorstore.supabase.tables;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many rows to ask for at once, so that a page stays within its bytes: learned from the pages
 * before. A hint, shared by all who read the table; safe for threads.
 */
public final class PageBudget {
  /** The most bytes of a page; the row that passes it is the last one read. */
  public static final long BYTES = 8L * 1024 * 1024;

  /** Nothing is known of the first rows, which may have megabytes each. */
  private static final int FIRST = 20;

  private static final int MOST = 10_000;
  private static final int GROWTH = 8;

  private final AtomicInteger rows = new AtomicInteger(FIRST);

  public int rows(int wanted) {
    return Math.min(wanted, rows.get());
  }

  /** A page was read: so many rows in so many bytes. */
  public void read(int count, long bytes) {
    if (count > 0) {
      // A little less than what fits, since rows differ.
      long fitting = BYTES * count / Math.max(1, bytes) * 9 / 10;
      rows.updateAndGet(
          before -> (int) Math.max(1, Math.min(Math.min(fitting, MOST), (long) GROWTH * before)));
    }
  }

  /** A page took too long. */
  public void halve() {
    rows.updateAndGet(before -> Math.max(1, before / 2));
  }
}
