package dev.vectorstore.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C: commands that can end in order are asked to, and get some time for it. Safe for threads.
 */
final class Interruption {
  /** A write in flight has 30 s an attempt. */
  private static final long PATIENCE_SECONDS = 40;

  private final AtomicBoolean requested = new AtomicBoolean();
  private final AtomicBoolean orderly = new AtomicBoolean();
  private final CountDownLatch finished = new CountDownLatch(1);

  /** Hears of the end of this process. */
  static Interruption ofProcess() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::onShutdown, "shutdown"));
    return interruption;
  }

  private void onShutdown() {
    requested.set(true);
    try {
      if (orderly.get() && !finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return; // it can be killed: the next run goes on at the checkpoint
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks the command to end. */
  void request() {
    requested.set(true);
  }

  /** Whether the command shall end; whoever asks is a command that ends in order. */
  boolean requested() {
    orderly.set(true);
    return requested.get();
  }

  /** The command has ended. */
  void finished() {
    finished.countDown();
  }
}
