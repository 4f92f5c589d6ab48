package dev.vectorstore.supabase.rest;

import java.lang.reflect.InvocationTargetException;
import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns a client of the JDK's and can close it. Before JDK 21 a client has no {@code close}, and its
 * connections would stay until a garbage collection finds it. But its selector thread closes them
 * when it is interrupted. So the client is made in a thread group of its own, by which that thread
 * is reached, and works with threads of its own.
 */
public final class OwnHttpClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OwnHttpClient.class);

  private final ThreadGroup threads = new ThreadGroup("vector-store-supabase");
  private final ExecutorService workers;
  private final HttpClient client;

  public OwnHttpClient(UnaryOperator<HttpClient.Builder> settings) {
    AtomicInteger number = new AtomicInteger();
    workers =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread =
                  new Thread(task, "vector-store-supabase-http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    HttpClient.Builder builder = settings.apply(HttpClient.newBuilder()).executor(workers);
    client = inGroup(builder);
  }

  private HttpClient inGroup(HttpClient.Builder builder) {
    CompletableFuture<HttpClient> made = new CompletableFuture<>();
    Thread maker =
        new Thread(threads, () -> made.completeAsync(builder::build, Runnable::run), "maker");
    maker.setDaemon(true);
    maker.start();
    return made.join();
  }

  HttpClient client() {
    return client;
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
}
