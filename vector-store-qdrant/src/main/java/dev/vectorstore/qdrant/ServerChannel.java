package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.support.Effect;
import dev.vectorstore.support.Ticker;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.qdrant.client.grpc.QdrantGrpc;
import io.qdrant.client.grpc.QdrantOuterClass.HealthCheckReply;
import io.qdrant.client.grpc.QdrantOuterClass.HealthCheckRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channel to one of several servers, and whether that server answers. A server that hangs
 * accepts connections and requests, and would hold each until its deadline. So where a call in
 * flight gets no answer for a while, the server's health check is asked for, over a connection of
 * its own that no large message delays. A server that doesn't answer that either is silent until it
 * does. Safe for threads.
 */
final class ServerChannel implements ClientInterceptor {
  /** What a call may have done. */
  static final CallOptions.Key<Effect> EFFECT =
      CallOptions.Key.createWithDefault("vector-store-effect", Effect.WRITE);

  private static final Logger LOG = LoggerFactory.getLogger(ServerChannel.class);

  /** Without an answer for so long, the health check is asked for. */
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long PROBE_MILLIS = 1_000;

  /** A write that is given up is in doubt, so a server that is only slow gets more time for it. */
  private static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final ManagedChannel channel;
  private final @Nullable ManagedChannel probes;
  private final Channel watched;
  private final Set<InFlight<?, ?>> inFlight = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean probing = new AtomicBoolean();
  private volatile long heard = Ticker.SYSTEM.nanos();
  private volatile boolean silent;
  private volatile boolean spokeGrpc;
  private volatile boolean warned;
  private volatile long silentSince;

  private ServerChannel(ManagedChannel channel, @Nullable ManagedChannel probes) {
    this.channel = channel;
    this.probes = probes;
    watched = probes == null ? channel : ClientInterceptors.intercept(channel, this);
  }

  /** The only one, which isn't watched, since there is no other to go to. */
  static ServerChannel alone(ManagedChannel channel) {
    return new ServerChannel(channel, null);
  }

  /**
   * One of several.
   *
   * @param channel for calls
   * @param probes for health checks alone
   */
  static ServerChannel watched(ManagedChannel channel, ManagedChannel probes) {
    return new ServerChannel(channel, probes);
  }

  /** What calls are made over. */
  Channel calls() {
    return watched;
  }

  ManagedChannel channel() {
    return channel;
  }

  boolean isSilent() {
    return silent;
  }

  /** Whether no connection comes about, so that calls would fail at once. */
  boolean isBroken() {
    return channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE;
  }

  /** Whether a call was given up since its server is silent. */
  static boolean wasSilent(Throwable error) {
    return error.getCause() instanceof SilentServer;
  }

  /** The server carried a call out. */
  void answered() {
    if (!spokeGrpc) { // a read is cheaper than a write that others see
      spokeGrpc = true;
    }
    if (warned) {
      warned = false;
    }
  }

  /** Whether the server has ever spoken gRPC to this store. */
  boolean hasAnswered() {
    return spokeGrpc;
  }

  /**
   * A call goes on with another server. One that is away comes back by itself, but encryption that
   * fails and a key that isn't known have to be put right by somebody, who is told here: once until
   * the server answers again.
   */
  void passedBy(StatusRuntimeException error) {
    if (warned) {
      return;
    }
    VectorStoreException fault = GrpcErrors.of(error, Effect.READ, channel.authority());
    if (!fault.isRetryable()) {
      warned = true;
      LOG.warn(
          "one of several servers is passed by, and tried again from time to time: {}",
          fault.getMessage());
    }
  }

  /** Takes the server for silent until its health check says otherwise: a call got no answer. */
  void suspect() {
    if (probes != null) {
      becomeSilent();
      probe();
    }
  }

  /**
   * Looks whether the server answers, without waiting for it; to be called a few times a second.
   *
   * @param othersAnswer whether calls that are given up have another server to go to
   */
  void look(boolean othersAnswer) {
    long now = Ticker.SYSTEM.nanos();
    if (silent && othersAnswer) {
      giveUp(Effect.READ);
      if (now - silentSince > WRITE_NANOS) {
        giveUp(Effect.WRITE);
      }
    }
    boolean quiet =
        now - heard > QUIET_NANOS
            && inFlight.stream().anyMatch(call -> now - call.started > QUIET_NANOS);
    if (silent || quiet) {
      probe();
    }
  }

  private void probe() {
    if (probes != null && probing.compareAndSet(false, true)) {
      probes.resetConnectBackoff(); // else it fails at once although the server may be back
      QdrantGrpc.newStub(probes)
          .withDeadlineAfter(PROBE_MILLIS, TimeUnit.MILLISECONDS)
          .healthCheck(HealthCheckRequest.getDefaultInstance(), new Probe());
    }
  }

  private void becomeSilent() {
    if (!silent) {
      silentSince = Ticker.SYSTEM.nanos();
      silent = true;
      LOG.warn(
          "the server {} doesn't answer; calls go to the others until its health check does",
          channel.authority());
    }
  }

  private void speaks() {
    heard = Ticker.SYSTEM.nanos();
    if (silent) {
      silent = false;
      LOG.info("the server {} answers again", channel.authority());
    }
  }

  private void giveUp(Effect effect) {
    for (InFlight<?, ?> call : inFlight) {
      if (call.effect == effect) {
        call.cancel("the server doesn't answer, nor does its health check", new SilentServer());
      }
    }
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new InFlight<>(next.newCall(method, options), options.getOption(EFFECT));
  }

  /** A call until its end. */
  private final class InFlight<Q, A> extends SimpleForwardingClientCall<Q, A> {
    final Effect effect;
    final long started = Ticker.SYSTEM.nanos();

    InFlight(ClientCall<Q, A> call, Effect effect) {
      super(call);
      this.effect = effect;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      inFlight.add(this);
      super.start(
          new SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onHeaders(Metadata received) {
              heard = Ticker.SYSTEM.nanos();
              super.onHeaders(received);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              inFlight.remove(InFlight.this);
              super.onClose(status, trailers);
            }
          },
          headers);
    }
  }

  private final class Probe implements StreamObserver<HealthCheckReply> {
    @Override
    public void onNext(HealthCheckReply reply) {
      speaks();
    }

    @Override
    public void onError(Throwable failure) {
      switch (Status.fromThrowable(failure).getCode()) {
        case DEADLINE_EXCEEDED, UNAVAILABLE, CANCELLED -> becomeSilent();
        default -> speaks(); // an error that it sent
      }
      probing.set(false);
    }

    @Override
    public void onCompleted() {
      probing.set(false);
    }
  }

  /** Why a call was given up. */
  private static final class SilentServer extends Exception {
    private static final long serialVersionUID = 1L;

    SilentServer() {
      super("the server doesn't answer its health check", null, false, false);
    }
  }
}
