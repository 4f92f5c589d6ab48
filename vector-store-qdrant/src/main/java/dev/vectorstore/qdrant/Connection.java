package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.ClientErrors;
import dev.vectorstore.support.Effect;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.GetCollectionInfoResponse;
import io.qdrant.client.grpc.CollectionsGrpc;
import io.qdrant.client.grpc.CollectionsGrpc.CollectionsBlockingStub;
import io.qdrant.client.grpc.Points.PointsOperationResponse;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.PointsGrpc;
import io.qdrant.client.grpc.PointsGrpc.PointsBlockingStub;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Calls to the servers of a store, each with a deadline, taking turns between them. Safe for
 * threads; holds no lock.
 */
final class Connection implements AutoCloseable {
  /**
   * The largest page of records that is read at once from a channel of our own; larger ones are
   * read in halves. A single record may be as large as it is.
   */
  static final int PAGE_BYTES = 32 << 20;

  private static final long MILLIS_PER_SECOND = 1_000;

  private final List<ManagedChannel> channels;
  private final ApiKey key;
  private final Runnable closing;
  private final boolean own;
  private final AtomicInteger turn = new AtomicInteger();
  private final KnownServers servers = new KnownServers();

  /**
   * A connection.
   *
   * @param channels one for each server
   * @param key the key of every call
   * @param closing ends the channels that are ours
   * @param own whether nobody else sees what is sent, nor has a say in how large answers may be
   */
  private Connection(List<ManagedChannel> channels, ApiKey key, Runnable closing, boolean own) {
    FrameLogs.withoutHeaders();
    this.channels = List.copyOf(channels);
    this.key = key;
    this.closing = closing;
    this.own = own;
  }

  /** Over channels that end with the connection. */
  static Connection over(OwnChannels channels, ApiKey key) {
    return new Connection(channels.channels(), key, channels::close, true);
  }

  /** Over a channel of the caller's, whose own limit holds and which stays open. */
  static Connection over(ManagedChannel channel, ApiKey key) {
    return new Connection(List.of(channel), key, () -> {}, false);
  }

  /** A call about points. */
  <T> T points(Effect effect, Attempt attempt, Function<PointsBlockingStub, T> call) {
    return call(effect, channel -> call.apply(points(channel, attempt)));
  }

  /** An upsert, which the interceptors of a caller's channel are shown as they know it. */
  PointsOperationResponse upsert(ProtoWriter request, Attempt attempt) {
    return points(
        Effect.WRITE,
        attempt,
        stub ->
            own
                ? UpsertCall.send(request, stub)
                : stub.upsert(request.parsed(UpsertPoints.parser())));
  }

  /**
   * A read of a page, bounded so that memory is.
   *
   * @param divisible whether less could be asked for
   * @return empty if the answer is too large, and less can be asked for
   */
  <T> Optional<T> bounded(
      boolean divisible, Attempt attempt, Function<PointsBlockingStub, T> call) {
    return call(
        Effect.READ,
        channel -> {
          PointsBlockingStub stub = points(channel, attempt);
          try {
            return Optional.of(
                call.apply(divisible && own ? stub.withMaxInboundMessageSize(PAGE_BYTES) : stub));
          } catch (StatusRuntimeException error) {
            if (divisible && GrpcErrors.isTooLarge(error)) {
              return Optional.empty();
            }
            throw error;
          }
        });
  }

  private PointsBlockingStub points(ManagedChannel channel, Attempt attempt) {
    return PointsGrpc.newBlockingStub(channel)
        .withCallCredentials(key)
        .withDeadlineAfter(millis(attempt), TimeUnit.MILLISECONDS);
  }

  /** A call about collections. */
  <T> T collections(Effect effect, Attempt attempt, Function<CollectionsBlockingStub, T> call) {
    return call(
        effect,
        channel ->
            call.apply(
                CollectionsGrpc.newBlockingStub(channel)
                    .withCallCredentials(key)
                    .withDeadlineAfter(millis(attempt), TimeUnit.MILLISECONDS)));
  }

  /** Asks for a description without waiting for it. */
  void describe(
      GetCollectionInfoRequest request,
      Attempt attempt,
      StreamObserver<GetCollectionInfoResponse> answer) {
    CollectionsGrpc.newStub(ready())
        .withCallCredentials(key)
        .withDeadlineAfter(millis(attempt), TimeUnit.MILLISECONDS)
        .get(request, answer);
  }

  /** The server's own limit, in whole seconds and at least one. */
  static long serverSeconds(Attempt attempt) {
    return Math.max(1, millis(attempt) / MILLIS_PER_SECOND);
  }

  <T> Optional<T> unwrap(Class<T> type) {
    return type == ManagedChannel.class
        ? Optional.of(type.cast(channels.get(0)))
        : Optional.empty();
  }

  @Override
  public void close() {
    closing.run();
  }

  /** A server that nothing can be sent to is passed by within the attempt. */
  private <T> T call(Effect effect, Function<ManagedChannel, T> call) {
    if (Thread.currentThread().isInterrupted()) {
      throw new Unavailable("the thread was interrupted before anything was sent");
    }
    for (int server = 1; ; server++) {
      ManagedChannel channel = ready();
      try {
        T answer = call.apply(channel);
        servers.answered(channel);
        return answer;
      } catch (StatusRuntimeException error) {
        if (server == channels.size() || !GrpcErrors.wasNotSent(error)) {
          throw translated(error, effect, channel);
        }
        servers.passedBy(channel, error);
      }
    }
  }

  private VectorStoreException translated(
      StatusRuntimeException error, Effect effect, ManagedChannel server) {
    ClientErrors.rethrow(error);
    InvalidRequest refused = key.refusal(error);
    if (refused != null) {
      return refused;
    }
    if (servers.hasAnswered(server) && ProxyAnswers.isHttp1(error)) {
      return ProxyAnswers.http1(error, effect, server.authority());
    }
    VectorStoreException failure = GrpcErrors.of(error, effect, server.authority());
    boolean byKey = failure instanceof AccessDenied && GrpcTls.fault(error).isEmpty();
    return byKey && !key.isGiven()
        ? new AccessDenied(
            "the server asks for a key, and none was given; give one by StoreOptions.key(...), or"
                + " QDRANT_API_KEY by StoreOptions.fromEnvironment()",
            error)
        : failure;
  }

  /**
   * The next channel, one that isn't known to be broken where there is one. A broken one starts
   * afresh: it would otherwise fail calls at once for as long as its back-off lasts, although the
   * server may be back.
   */
  private ManagedChannel ready() {
    key.check();
    int first = Math.floorMod(turn.getAndIncrement(), channels.size());
    for (int i = 0; i < channels.size(); i++) {
      ManagedChannel channel = channels.get((first + i) % channels.size());
      if (channel.getState(false) != ConnectivityState.TRANSIENT_FAILURE) {
        return channel;
      }
    }
    ManagedChannel channel = channels.get(first);
    channel.enterIdle();
    return channel;
  }

  private static long millis(Attempt attempt) {
    return Math.max(1, attempt.remaining().toMillis());
  }
}
