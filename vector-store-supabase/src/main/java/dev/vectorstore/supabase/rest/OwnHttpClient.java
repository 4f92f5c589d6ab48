package dev.vectorstore.supabase.rest;

import java.lang.reflect.InvocationTargetException;
import java.net.http.HttpClient;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns a client of the JDK's, can close it, and knows when it works no more.
 *
 * <p>Before JDK 21 a client has no {@code close}, and its connections would stay until a garbage
 * collection finds it. But its selector thread closes them when it is interrupted. So the client is
 * made in a thread group of its own, by which that thread is reached, and works with threads of its
 * own.
 *
 * <p>A thread of the client that runs out of memory ends, and nobody is told: requests then wait
 * for answers that never come. So these threads are watched.
 */
final class OwnHttpClient implements LiveClient {
  private static final Logger LOG = LoggerFactory.getLogger(OwnHttpClient.class);

  private static final String MAKER = "vector-store-supabase-maker";

  private final ThreadGroup threads = new ThreadGroup("vector-store-supabase");
  private final AtomicReference<@Nullable Error> failure = new AtomicReference<>();
  private final Workers workers = new Workers();
  private final HttpClient client;
  private final List<Thread> selectors;

  OwnHttpClient(UnaryOperator<HttpClient.Builder> settings) {
    HttpClient.Builder builder = settings.apply(HttpClient.newBuilder()).executor(workers);
    client = inGroup(builder);
    selectors = selectors();
  }

  private HttpClient inGroup(HttpClient.Builder builder) {
    CompletableFuture<HttpClient> made = new CompletableFuture<>();
    Thread maker =
        new Thread(threads, () -> made.completeAsync(builder::build, Runnable::run), MAKER);
    maker.setDaemon(true);
    maker.start();
    return made.join();
  }

  /** Not by the group's count, which a thread that ended without memory doesn't leave. */
  private List<Thread> selectors() {
    Thread[] started = new Thread[threads.activeCount() + 2];
    int count = threads.enumerate(started);
    return Arrays.stream(started, 0, count)
        .filter(thread -> !thread.getName().equals(MAKER))
        .toList();
  }

  @Override
  public HttpClient http() {
    return client;
  }

  @Override
  public boolean works() {
    return failure.get() == null && selectors.stream().allMatch(Thread::isAlive);
  }

  @Override
  public @Nullable Error failure() {
    return failure.get();
  }

  @Override
  public void close() {
    try {
      HttpClient.class.getMethod("shutdownNow").invoke(client);
    } catch (NoSuchMethodException beforeJdk21) {
      threads.interrupt();
    } catch (IllegalAccessException | InvocationTargetException failed) {
      LOG.warn("the HTTP client couldn't be shut down; its threads end with it", failed);
    }
    workers.shutdown();
  }

  /** The threads that read answers. */
  private final class Workers extends ThreadPoolExecutor {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    Workers() {
      super(
          0,
          Integer.MAX_VALUE,
          60,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread thread =
                new Thread(task, "vector-store-supabase-http-" + NUMBER.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
      if (thrown instanceof Error own) {
        failure.compareAndSet(null, own);
      }
    }
  }
}
