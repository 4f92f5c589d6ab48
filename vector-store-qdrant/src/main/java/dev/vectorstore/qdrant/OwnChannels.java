package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import io.grpc.ChannelCredentials;
import io.grpc.Deadline;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channels that a store makes itself, with threads of their own that end with it. */
final class OwnChannels implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OwnChannels.class);

  /** Together shorter than an attempt. gRPC allows no shorter interval. */
  private static final long KEEP_ALIVE_SECONDS = 10;

  private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 5;
  private static final long LOOK_MILLIS = 250;

  /** Linux's own readiness calls, where the library is for this processor. */
  private static final boolean EPOLL = Epoll.isAvailable();

  /** For all steps together; the contract gives 10 s, of which the port may take 5 before. */
  private static final long CLOSE_SECONDS = 4;

  private final EventLoopGroup loops;
  private final ExecutorService callbacks;
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final Servers servers;

  /**
   * Channels to servers; nothing is connected yet.
   *
   * @param endpoints the servers
   * @param trusted the certificates to trust in PEM form, or null for the platform's
   */
  OwnChannels(List<Endpoint> endpoints, @Nullable Path trusted) {
    // First, since it may throw, and there is no thread yet that would be left.
    Map<Endpoint, ChannelCredentials> credentials = new LinkedHashMap<>();
    endpoints.forEach(
        at -> credentials.put(at, at.tls() ? tls(trusted) : InsecureChannelCredentials.create()));
    loops =
        new MultiThreadIoEventLoopGroup(
            Math.min(endpoints.size(), 2),
            remembered("vector-store-qdrant-io"),
            EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    callbacks = Executors.newCachedThreadPool(remembered("vector-store-qdrant-call"));
    servers = servers(credentials);
  }

  private Servers servers(Map<Endpoint, ChannelCredentials> credentials) {
    List<ServerChannel> all = new ArrayList<>();
    boolean several = credentials.size() > 1;
    credentials.forEach(
        (endpoint, how) -> {
          ManagedChannel calls = channel(endpoint, how);
          all.add(
              several
                  ? ServerChannel.watched(calls, channel(endpoint, how))
                  : ServerChannel.alone(calls));
        });
    Servers made = new Servers(all);
    if (several) {
      Future<?> unused =
          loops.scheduleWithFixedDelay(made::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
    return made;
  }

  /** Executors report their end from their last thread, which then still has to end. */
  private ThreadFactory remembered(String name) {
    DefaultThreadFactory factory = new DefaultThreadFactory(name, true);
    return task -> {
      threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
      Thread thread = factory.newThread(task);
      threads.add(thread);
      return thread;
    };
  }

  Servers servers() {
    return servers;
  }

  private ManagedChannel channel(Endpoint endpoint, ChannelCredentials credentials) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port(), credentials)
            .eventLoopGroup(loops)
            .channelType(EPOLL ? EpollSocketChannel.class : NioSocketChannel.class)
            .executor(callbacks)
            .offloadExecutor(callbacks)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .keepAliveWithoutCalls(true)
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
    channels.add(channel);
    return channel;
  }

  private static ChannelCredentials tls(@Nullable Path trusted) {
    if (trusted == null) {
      return TlsChannelCredentials.create();
    }
    try (InputStream pem = Files.newInputStream(trusted)) {
      KeyStore certificates = KeyStore.getInstance(KeyStore.getDefaultType());
      certificates.load(null, null);
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        certificates.setCertificateEntry("trusted-" + certificates.size(), each);
      }
      if (certificates.size() == 0) {
        throw new InvalidRequest("there is no certificate in PEM form in " + trusted);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(certificates);
      return TlsChannelCredentials.newBuilder().trustManager(trust.getTrustManagers()).build();
    } catch (IOException | GeneralSecurityException unreadable) {
      throw new InvalidRequest(
          "the file of trusted certificates can't be read: " + trusted, unreadable);
    }
  }

  /** Ends channels and threads; what is in flight fails. */
  @Override
  public void close() {
    Deadline deadline = Deadline.after(CLOSE_SECONDS, TimeUnit.SECONDS);
    channels.forEach(ManagedChannel::shutdownNow);
    try {
      for (ManagedChannel channel : channels) {
        if (!channel.awaitTermination(left(deadline), TimeUnit.NANOSECONDS)) {
          LOG.warn("a connection to Qdrant didn't end within {} s", CLOSE_SECONDS);
        }
      }
      endThreads();
      for (Thread thread : threads) {
        TimeUnit.NANOSECONDS.timedJoin(thread, left(deadline));
        if (thread.isAlive()) {
          LOG.warn("{} didn't end within {} s", thread.getName(), CLOSE_SECONDS);
        }
      }
    } catch (InterruptedException hurry) {
      endThreads();
      Thread.currentThread().interrupt();
    }
  }

  /** At least a millisecond, since a join without time would wait for ever. */
  private static long left(Deadline deadline) {
    return Math.max(TimeUnit.MILLISECONDS.toNanos(1), deadline.timeRemaining(TimeUnit.NANOSECONDS));
  }

  private void endThreads() {
    callbacks.shutdownNow();
    Future<?> unused = loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}
