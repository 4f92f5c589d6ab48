package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channels that a store makes itself, with threads of their own that end with it. */
final class OwnChannels implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OwnChannels.class);
  private static final long KEEP_ALIVE_SECONDS = 30;
  private static final long CLOSE_SECONDS = 2;

  private final EventLoopGroup loops;
  private final Queue<Thread> ioThreads = new ConcurrentLinkedQueue<>();
  private final ExecutorService callbacks;
  private final List<ManagedChannel> channels = new ArrayList<>();

  /**
   * Channels to servers; nothing is connected yet.
   *
   * @param endpoints the servers
   * @param trusted the certificates to trust in PEM form, or null for the platform's
   */
  OwnChannels(List<Endpoint> endpoints, @Nullable Path trusted) {
    DefaultThreadFactory io = new DefaultThreadFactory("vector-store-qdrant-io", true);
    loops =
        new MultiThreadIoEventLoopGroup(
            Math.min(endpoints.size(), 2),
            task -> {
              Thread thread = io.newThread(task);
              ioThreads.add(thread);
              return thread;
            },
            NioIoHandler.newFactory());
    callbacks =
        Executors.newCachedThreadPool(new DefaultThreadFactory("vector-store-qdrant-call", true));
    for (Endpoint endpoint : endpoints) {
      channels.add(channel(endpoint, trusted));
    }
  }

  List<ManagedChannel> channels() {
    return List.copyOf(channels);
  }

  private ManagedChannel channel(Endpoint endpoint, @Nullable Path trusted) {
    ChannelCredentials credentials =
        endpoint.tls() ? tls(trusted) : InsecureChannelCredentials.create();
    return NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port(), credentials)
        .eventLoopGroup(loops)
        .channelType(NioSocketChannel.class)
        .executor(callbacks)
        .offloadExecutor(callbacks)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .maxInboundMessageSize(Integer.MAX_VALUE)
        .build();
  }

  private static ChannelCredentials tls(@Nullable Path trusted) {
    if (trusted == null) {
      return TlsChannelCredentials.create();
    }
    File file = trusted.toFile();
    try {
      return TlsChannelCredentials.newBuilder().trustManager(file).build();
    } catch (IOException unreadable) {
      throw new InvalidRequest(
          "the file of trusted certificates can't be read: " + trusted, unreadable);
    }
  }

  /** Ends channels and threads; what is in flight fails. */
  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    try {
      for (ManagedChannel channel : channels) {
        if (!channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
          LOG.warn("a connection to Qdrant didn't end within {} s", CLOSE_SECONDS);
        }
      }
      endThreads();
      // The group reports its end from its last thread, which then still has to end.
      for (Thread thread : ioThreads) {
        thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
      }
    } catch (InterruptedException hurry) {
      endThreads();
      Thread.currentThread().interrupt();
    }
  }

  private void endThreads() {
    callbacks.shutdownNow();
    boolean ended =
        loops
            .shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
            .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      LOG.warn("the threads of a Qdrant store didn't end within {} s", CLOSE_SECONDS);
    }
  }
}
