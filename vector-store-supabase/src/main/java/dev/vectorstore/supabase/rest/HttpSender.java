package dev.vectorstore.supabase.rest;

import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.ClientErrors;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests, and when it is closed ends those in flight, answers' bodies included. Safe for
 * threads.
 */
public final class HttpSender implements AutoCloseable {
  private final HttpClient client;
  private final Runnable closer;
  private final Set<Flight> flights = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  private HttpSender(HttpClient client, Runnable closer) {
    this.client = client;
    this.closer = closer;
  }

  /** With a client of the caller's, which stays open. */
  public static HttpSender of(HttpClient client) {
    return new HttpSender(client, () -> {});
  }

  /** With a client that is closed with it. */
  public static HttpSender of(OwnHttpClient own) {
    return new HttpSender(own.client(), own::close);
  }

  HttpClient client() {
    return client;
  }

  /**
   * Sends a request and waits for the head and the first of the body of its answer.
   *
   * @param attempt the deadline
   */
  HttpResponse<InputStream> send(HttpRequest request, Attempt attempt)
      throws IOException, InterruptedException {
    Flight flight = new Flight();
    flights.add(flight);
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(request, info -> flight.land(attempt));
    flight.answer.set(answer);
    if (closed.get()) {
      flight.end();
    }
    try {
      return answer.get(attempt.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      flight.end();
      throw new HttpTimeoutException("no answer within the deadline");
    } catch (ExecutionException failed) {
      flights.remove(flight);
      ClientErrors.rethrow(failed);
      throw failed.getCause() instanceof IOException broken
          ? broken
          : new IOException("the request couldn't be sent", failed.getCause());
    } catch (CancellationException ended) {
      flights.remove(flight);
      throw new IOException("the store was closed", ended);
    } catch (InterruptedException interrupted) {
      flight.end();
      throw interrupted;
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      flights.forEach(Flight::end);
      closer.run();
    }
  }

  /** A request and its answer, until the end of the body. */
  private final class Flight {
    final AtomicReference<@Nullable CompletableFuture<?>> answer = new AtomicReference<>();
    private final AtomicReference<@Nullable DeadlineBody> body = new AtomicReference<>();

    DeadlineBody land(Attempt attempt) {
      DeadlineBody landed = new DeadlineBody(attempt, () -> flights.remove(this));
      body.set(landed);
      if (closed.get()) {
        landed.abort();
      }
      return landed;
    }

    void end() {
      flights.remove(this);
      CompletableFuture<?> waiting = answer.get();
      if (waiting != null) {
        waiting.cancel(true);
      }
      DeadlineBody landed = body.get();
      if (landed != null) {
        landed.abort();
      }
    }
  }
}
