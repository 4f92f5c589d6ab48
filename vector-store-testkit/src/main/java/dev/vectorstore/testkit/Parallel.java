package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** Runs a task on several threads at the same time. */
final class Parallel {
  private static final long LIMIT_MILLIS = 120_000;

  private Parallel() {}

  /** A task that may fail. */
  @FunctionalInterface
  interface Task {
    void run(int index) throws Exception;
  }

  /**
   * Runs a task on so many threads, started together, and returns when all have ended.
   *
   * @param advice what to check when one of them fails
   */
  static void run(int threads, String advice, Task task) {
    CountDownLatch start = new CountDownLatch(1);
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int index = i;
      Thread thread = new Thread(() -> runOne(start, failures, task, index), "kit-parallel-" + i);
      thread.setDaemon(true);
      running.add(thread);
      thread.start();
    }
    start.countDown();
    running.forEach(Parallel::join);
    assertThat(failures).as(advice).isEmpty();
    assertThat(running).as("threads that still run after two minutes").noneMatch(Thread::isAlive);
  }

  private static void runOne(
      CountDownLatch start, Queue<Throwable> failures, Task task, int index) {
    try {
      start.await();
      task.run(index);
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join(LIMIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
