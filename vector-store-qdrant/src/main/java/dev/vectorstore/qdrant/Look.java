package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Ticker;
import io.grpc.stub.StreamObserver;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.GetCollectionInfoResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the description of a collection beside the calls that use it: once a second at most, and
 * by one of them at a time. What can't be asked is asked again a second later; the call itself says
 * what is wrong with the server. Safe for threads.
 */
final class Look {
  /** For how long a description is taken for true. */
  static final Duration VALID = Duration.ofSeconds(1);

  /**
   * The answer is usually there before that of the call; one that isn't is left to a later call.
   */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final Connection connection;
  private final String collection;
  private final Ticker ticker;
  private final AtomicLong seen;
  private final AtomicReference<@Nullable CompletableFuture<CollectionInfo>> asked =
      new AtomicReference<>();

  /**
   * Looks at a collection that was described just now.
   *
   * @param connection to the servers
   * @param collection its name
   * @param ticker the clock
   */
  Look(Connection connection, String collection, Ticker ticker) {
    this.connection = connection;
    this.collection = collection;
    this.ticker = ticker;
    this.seen = new AtomicLong(ticker.nanos());
  }

  Ticker ticker() {
    return ticker;
  }

  /** Waits until the look is over, if this began one; empty if there is nothing new. */
  Supplier<Optional<CollectionInfo>> begin(Attempt attempt) {
    CompletableFuture<CollectionInfo> pending = asked.get();
    if (pending != null) {
      return pending.isDone() ? () -> take(pending, Duration.ZERO) : Optional::empty;
    }
    if (ticker.nanos() - seen.get() < VALID.toNanos()) {
      return Optional::empty;
    }
    CompletableFuture<CollectionInfo> mine = new CompletableFuture<>();
    if (!asked.compareAndSet(null, mine)) {
      return Optional::empty;
    }
    ask(mine, attempt);
    return () -> take(mine, shorter(PATIENCE, attempt.remaining()));
  }

  private void ask(CompletableFuture<CollectionInfo> answer, Attempt attempt) {
    GetCollectionInfoRequest request =
        GetCollectionInfoRequest.newBuilder().setCollectionName(collection).build();
    Duration left = shorter(DEADLINE, attempt.remaining());
    try {
      connection.describe(request, () -> left, new Answer(answer));
    } catch (VectorStoreException unsent) {
      answer.completeExceptionally(unsent);
    }
  }

  private Optional<CollectionInfo> take(CompletableFuture<CollectionInfo> answer, Duration most) {
    try {
      return over(answer, Optional.of(answer.get(most.toNanos(), TimeUnit.NANOSECONDS)));
    } catch (TimeoutException late) {
      return Optional.empty();
    } catch (ExecutionException failed) {
      return over(answer, Optional.empty());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private Optional<CollectionInfo> over(
      CompletableFuture<CollectionInfo> answer, Optional<CollectionInfo> told) {
    if (asked.compareAndSet(answer, null)) {
      seen.set(ticker.nanos());
    }
    return told;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Hands on what the server tells, on gRPC's thread. */
  private record Answer(CompletableFuture<CollectionInfo> answer)
      implements StreamObserver<GetCollectionInfoResponse> {
    @Override
    public void onNext(GetCollectionInfoResponse response) {
      answer.complete(response.getResult());
    }

    @Override
    public void onError(Throwable failure) {
      answer.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      answer.completeExceptionally(new IllegalStateException("there was no answer"));
    }
  }
}
