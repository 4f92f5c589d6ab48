package dev.vectorstore.qdrant;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.CallStart;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.EngineStore;
import dev.vectorstore.support.KeySource;
import dev.vectorstore.support.Ticker;
import dev.vectorstore.testservers.QdrantServer;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.qdrant.client.grpc.CollectionsGrpc;
import io.qdrant.client.grpc.CollectionsGrpc.CollectionsBlockingStub;
import io.qdrant.client.grpc.PointsGrpc;
import io.qdrant.client.grpc.PointsGrpc.PointsBlockingStub;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The shared server seen three ways: as a store, as the engine below it, and by bare stubs. */
final class Bench implements AutoCloseable {
  static final Attempt ATTEMPT = () -> Duration.ofSeconds(30);
  static final RetryPolicy ONCE = RetryPolicy.builder().attempts(1).build();

  private final ManagedChannel channel;
  private final QdrantEngine engine;
  private final VectorStore store;
  private final AtomicLong later = new AtomicLong();

  Bench() {
    QdrantServer server = QdrantServer.shared();
    String key = server.apiKey().orElse(null);
    channel =
        NettyChannelBuilder.forAddress(server.host(), server.grpcPort())
            .usePlaintext()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
    ApiKey apiKey = new ApiKey(new KeySource("API key", () -> key), false, false);
    engine =
        new QdrantEngine(
            Connection.over(channel, apiKey),
            CallStart.Server.of(QdrantEngine.NAME),
            name -> QdrantCollectionOptions.NONE,
            () -> Ticker.SYSTEM.nanos() + later.get());
    store = EngineStore.open(engine, CallOptions.builder().retry(ONCE).build(), CallListener.NONE);
  }

  /** Hands on each request that is sent, as the channel is given it. */
  static ClientInterceptor listening(Consumer<Object> requests) {
    return new ClientInterceptor() {
      @Override
      public <Q, A> ClientCall<Q, A> interceptCall(
          MethodDescriptor<Q, A> method, io.grpc.CallOptions options, Channel next) {
        return new ForwardingClientCall.SimpleForwardingClientCall<>(
            next.newCall(method, options)) {
          @Override
          public void sendMessage(Q message) {
            requests.accept(message);
            super.sendMessage(message);
          }
        };
      }
    };
  }

  /** A channel to the shared server that can be listened to; to be ended by the caller. */
  static ManagedChannel channel(ClientInterceptor interceptor) {
    QdrantServer server = QdrantServer.shared();
    return NettyChannelBuilder.forAddress(server.host(), server.grpcPort())
        .usePlaintext()
        .intercept(interceptor)
        .build();
  }

  /** A store of the shared server over such a channel. */
  static VectorStore open(ManagedChannel channel) {
    return Qdrant.over(channel).key(() -> QdrantServer.shared().apiKey().orElse(null)).open();
  }

  /** So much time has passed for the engine. */
  void pass(Duration time) {
    later.addAndGet(time.toNanos());
  }

  VectorStore store() {
    return store;
  }

  QdrantEngine engine() {
    return engine;
  }

  PointsBlockingStub points() {
    return PointsGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  CollectionsBlockingStub collections() {
    return CollectionsGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  /** A name that no other test has. */
  static String freshName() {
    return "t" + UUID.randomUUID().toString().replace("-", "");
  }

  QdrantCollection open(CollectionSpec spec) {
    engine.ensure(spec, ATTEMPT);
    return open(spec.name());
  }

  QdrantCollection open(String name) {
    return engine.open(name, ATTEMPT);
  }

  @Override
  public void close() {
    store.close();
    channel.shutdownNow();
  }
}
