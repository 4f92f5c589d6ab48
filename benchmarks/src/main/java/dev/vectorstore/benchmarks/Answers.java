package dev.vectorstore.benchmarks;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for answers of Qdrant's own client. */
final class Answers {
  private Answers() {}

  static <T> T of(Future<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    } catch (ExecutionException failed) {
      throw new IllegalStateException("a request failed, so nothing was measured", failed);
    }
  }
}
