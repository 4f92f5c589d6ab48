package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.ClientErrors;
import dev.vectorstore.support.Effect;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.StreamObserver;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.GetCollectionInfoResponse;
import io.qdrant.client.grpc.CollectionsGrpc;
import io.qdrant.client.grpc.CollectionsGrpc.CollectionsBlockingStub;
import io.qdrant.client.grpc.Points.PointsOperationResponse;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.PointsGrpc;
import io.qdrant.client.grpc.PointsGrpc.PointsBlockingStub;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls to the servers of a store, each with a deadline, taking turns between them. Safe for
 * threads; holds no lock.
 */
final class Connection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /**
   * The largest page of records that is read at once from a channel of our own; larger ones are
   * read in halves. A single record may be as large as it is.
   */
  static final int PAGE_BYTES = 32 << 20;

  private static final long MILLIS_PER_SECOND = 1_000;

  private final Servers servers;
  private final ApiKey key;
  private final Runnable closing;
  private final boolean own;

  /**
   * A connection.
   *
   * @param servers where calls go
   * @param key the key of every call
   * @param closing ends the channels that are ours
   * @param own whether nobody else sees what is sent, nor has a say in how large answers may be
   */
  private Connection(Servers servers, ApiKey key, Runnable closing, boolean own) {
    FrameLogs.withoutHeaders();
    this.servers = servers;
    this.key = key;
    this.closing = closing;
    this.own = own;
  }

  /** Over channels that end with the connection. */
  static Connection over(OwnChannels channels, ApiKey key) {
    return new Connection(channels.servers(), key, channels::close, true);
  }

  /** Over a channel of the caller's, whose own limit holds and which stays open. */
  static Connection over(ManagedChannel channel, ApiKey key) {
    return new Connection(new Servers(List.of(ServerChannel.alone(channel))), key, () -> {}, false);
  }

  /** A call about points. */
  <T> T points(Effect effect, Attempt attempt, Function<PointsBlockingStub, T> call) {
    return call(effect, attempt, route -> call.apply(route.points()));
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
        attempt,
        route -> {
          PointsBlockingStub stub = route.points();
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

  /** A call about collections. */
  <T> T collections(Effect effect, Attempt attempt, Function<CollectionsBlockingStub, T> call) {
    return call(effect, attempt, route -> call.apply(route.collections()));
  }

  /** Whether one server may know what another one doesn't yet. */
  boolean hasSeveralServers() {
    return servers.all().size() > 1;
  }

  /**
   * Whether all servers say so, apart from those that can't be asked.
   *
   * @param said asks one of them
   */
  boolean isSaidByAll(Attempt attempt, Predicate<CollectionsBlockingStub> said) {
    for (ServerChannel server : servers.all()) {
      try {
        if (!said.test(new Route(server, Effect.READ, attempt, false, key).collections())) {
          return false;
        }
      } catch (StatusRuntimeException away) {
        LOG.debug("{} can't be asked", server.channel().authority(), away);
      }
    }
    return true;
  }

  /** Asks for a description without waiting for it. */
  void describe(
      GetCollectionInfoRequest request,
      Attempt attempt,
      StreamObserver<GetCollectionInfoResponse> answer) {
    key.beside(CollectionsGrpc.newStub(servers.next().calls()), attempt)
        .withOption(ServerChannel.EFFECT, Effect.READ)
        .withDeadlineAfter(millis(attempt), TimeUnit.MILLISECONDS)
        .get(request, answer);
  }

  /** The server's own limit, in whole seconds and at least one. */
  static long serverSeconds(Attempt attempt) {
    return Math.max(1, millis(attempt) / MILLIS_PER_SECOND);
  }

  <T> Optional<T> unwrap(Class<T> type) {
    return type == ManagedChannel.class
        ? Optional.of(type.cast(servers.all().get(0).channel()))
        : Optional.empty();
  }

  @Override
  public void close() {
    key.close();
    closing.run();
  }

  /**
   * A server to which no connection comes about, or that doesn't know the key, is passed by within
   * the attempt; so is one that doesn't answer a read.
   */
  private <T> T call(Effect effect, Attempt attempt, Function<Route, T> call) {
    if (Thread.currentThread().isInterrupted()) {
      throw new Unavailable("the thread was interrupted before anything was sent");
    }
    List<ServerChannel> tried = new ArrayList<>(1);
    while (true) {
      ServerChannel server = servers.next(tried);
      tried.add(server);
      boolean last = tried.size() == servers.all().size();
      try {
        T answer = call.apply(new Route(server, effect, attempt, last, key));
        server.answered();
        return answer;
      } catch (StatusRuntimeException error) {
        if (last || !passesBy(error, effect, server)) {
          throw translated(error, effect, server);
        }
        server.passedBy(error);
      }
    }
  }

  /** A read leaves time for another server, should this one not answer. */
  private static long share(Effect effect, Attempt attempt, boolean last) {
    long millis = millis(attempt);
    return effect == Effect.READ && !last ? Math.max(1, millis / 2) : millis;
  }

  private static boolean passesBy(
      StatusRuntimeException error, Effect effect, ServerChannel server) {
    if (effect == Effect.READ && error.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
      server.suspect();
      return true;
    }
    return GrpcErrors.wasNotSent(error)
        || error.getStatus().getCode() == Status.Code.UNAUTHENTICATED // before anything was done
        || (effect == Effect.READ && ServerChannel.wasSilent(error));
  }

  private VectorStoreException translated(
      StatusRuntimeException error, Effect effect, ServerChannel server) {
    ClientErrors.rethrow(error);
    String address = server.channel().authority();
    if (ServerChannel.wasSilent(error)) {
      return effect.lost(
          "the server " + address + " doesn't answer, nor does its health check", error);
    }
    InvalidRequest refused = key.refusal(error);
    if (refused != null) {
      return refused;
    }
    if (server.hasAnswered() && ProxyAnswers.isHttp1(error)) {
      return ProxyAnswers.http1(error, effect, address);
    }
    VectorStoreException failure = GrpcErrors.of(error, effect, address);
    boolean byKey = failure instanceof AccessDenied && GrpcTls.fault(error).isEmpty();
    return byKey && !key.isGiven()
        ? new AccessDenied(
            "the server "
                + address
                + " asks for a key, and none was given; give one by StoreOptions.key(...), or"
                + " QDRANT_API_KEY by StoreOptions.fromEnvironment()",
            error)
        : failure;
  }

  private static long millis(Attempt attempt) {
    return Math.max(1, attempt.remaining().toMillis());
  }

  /** The way of a call to a server, with its deadline and key. */
  private record Route(
      ServerChannel server, Effect effect, Attempt attempt, boolean last, ApiKey key) {
    PointsBlockingStub points() {
      return with(PointsGrpc.newBlockingStub(server.calls()));
    }

    CollectionsBlockingStub collections() {
      return with(CollectionsGrpc.newBlockingStub(server.calls()));
    }

    private <S extends AbstractStub<S>> S with(S stub) {
      return key.on(stub, attempt)
          .withOption(ServerChannel.EFFECT, effect)
          .withDeadlineAfter(share(effect, attempt, last), TimeUnit.MILLISECONDS);
    }
  }
}
