package dev.vectorstore.supabase.rest;

import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.ClientErrors;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests, and when it is closed ends those in flight, answers' bodies included. A client of
 * our own that works no more, since a thread of it ran out of memory, is replaced by the next
 * request. Safe for threads.
 */
public final class HttpSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpSender.class);

  private final Supplier<LiveClient> maker;
  private final Set<Flight> flights = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();
  private final Queue<LiveClient> replaced = new ConcurrentLinkedQueue<>();
  private volatile LiveClient current;
  private volatile boolean closed;

  private HttpSender(Supplier<LiveClient> maker) {
    this.maker = maker;
    current = maker.get();
  }

  /** With a client of the caller's, which stays open. */
  public static HttpSender of(HttpClient client) {
    return new HttpSender(() -> new LiveClient.Given(client));
  }

  /** With a client of our own, which is closed with it. */
  public static HttpSender own(UnaryOperator<HttpClient.Builder> settings) {
    return new HttpSender(() -> new OwnHttpClient(settings));
  }

  HttpClient client() {
    return current.http();
  }

  /**
   * Sends a request and waits for the head and the first of the body of its answer.
   *
   * @param attempt the deadline
   */
  HttpResponse<InputStream> send(HttpRequest request, Attempt attempt)
      throws IOException, InterruptedException {
    LiveClient client = working();
    Deadline deadline = new Deadline(attempt, client);
    Flight flight = new Flight();
    flights.add(flight);
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.http().sendAsync(request, info -> flight.land(deadline));
    flight.answer.set(answer);
    if (closed) {
      flight.end();
    }
    try {
      if (deadline.await(nanos -> ended(answer, nanos)) == null) {
        throw new HttpTimeoutException("no answer within the deadline");
      }
      return answer.get();
    } catch (ExecutionException failed) {
      flights.remove(flight);
      ClientErrors.rethrow(failed);
      throw failed.getCause() instanceof IOException broken
          ? broken
          : new IOException("the request couldn't be sent", failed.getCause());
    } catch (CancellationException ended) {
      flights.remove(flight);
      throw new IOException("the store was closed", ended);
    } catch (IOException | InterruptedException | Error ended) {
      flight.end();
      throw ended;
    }
  }

  /** The same if it has ended within the time, however, else null. */
  private static <T> @Nullable Future<T> ended(CompletableFuture<T> answer, long nanos)
      throws InterruptedException {
    try {
      answer.get(nanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException failed) {
      return answer;
    } catch (TimeoutException notYet) {
      return null;
    }
    return answer;
  }

  private LiveClient working() throws IOException {
    LiveClient used = current;
    return used.works() ? used : replaced();
  }

  private LiveClient replaced() throws IOException {
    synchronized (lock) {
      if (closed) {
        throw new IOException("the store was closed");
      }
      if (!current.works()) {
        LOG.warn("the HTTP client's threads ended, as they do without memory; it is made anew");
        replaced.add(current); // not closed yet: requests in flight may still be answered
        current = maker.get();
      }
      return current;
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
    }
    flights.forEach(Flight::end);
    replaced.forEach(LiveClient::close);
    current.close();
  }

  /** A request and its answer, until the end of the body. */
  private final class Flight {
    final AtomicReference<@Nullable CompletableFuture<?>> answer = new AtomicReference<>();
    private final AtomicReference<@Nullable DeadlineBody> body = new AtomicReference<>();

    DeadlineBody land(Deadline deadline) {
      DeadlineBody landed = new DeadlineBody(deadline, () -> flights.remove(this));
      body.set(landed);
      if (closed) {
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
