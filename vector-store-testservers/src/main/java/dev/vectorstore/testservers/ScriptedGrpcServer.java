package dev.vectorstore.testservers;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real gRPC server on 127.0.0.1 that knows every method and answers what a test tells it to.
 *
 * <p>Each call takes the next reply of its method's script, else of the general one; the last reply
 * of a script is repeated. Safe to use from several threads.
 */
public final class ScriptedGrpcServer implements AutoCloseable {
  private final Server server;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(ScriptedGrpcServer::thread);
  private final Deque<GrpcReply> general = new ArrayDeque<>();
  private final Map<String, Deque<GrpcReply>> byMethod = new HashMap<>();
  private final List<GrpcCallSeen> calls = new CopyOnWriteArrayList<>();

  private ScriptedGrpcServer() {
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .fallbackHandlerRegistry(new EveryMethod())
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .directExecutor()
            .build();
  }

  /**
   * Starts a server on a free port.
   *
   * @param first the reply to the first call
   * @param next those to the next ones; the last of all is repeated
   */
  public static ScriptedGrpcServer start(GrpcReply first, GrpcReply... next) {
    ScriptedGrpcServer scripted = new ScriptedGrpcServer();
    scripted.script(first, next);
    try {
      scripted.server.start();
      return scripted;
    } catch (IOException e) {
      throw new UncheckedIOException("Can't start the scripted gRPC server", e);
    }
  }

  /** Replaces the rest of the general script. */
  public void script(GrpcReply first, GrpcReply... next) {
    synchronized (byMethod) {
      fill(general, first, next);
    }
  }

  /**
   * Replaces the rest of one method's script.
   *
   * @param method the full name, such as {@code qdrant.Points/Upsert}
   * @param first the reply to its first call
   * @param next those to the next ones; the last of all is repeated
   */
  public void scriptMethod(String method, GrpcReply first, GrpcReply... next) {
    synchronized (byMethod) {
      fill(byMethod.computeIfAbsent(method, name -> new ArrayDeque<>()), first, next);
    }
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return server.getPort();
  }

  /** The calls until now, in the order of their arrival. */
  public List<GrpcCallSeen> calls() {
    return List.copyOf(calls);
  }

  /** Ends all calls, silent ones too; twice is fine. */
  @Override
  public void close() {
    timer.shutdownNow();
    server.shutdownNow();
    try {
      server.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void fill(Deque<GrpcReply> script, GrpcReply first, GrpcReply... next) {
    script.clear();
    script.add(first);
    script.addAll(List.of(next));
  }

  private GrpcReply nextReply(String method) {
    synchronized (byMethod) {
      Deque<GrpcReply> script = byMethod.getOrDefault(method, general);
      return script.size() > 1 ? script.removeFirst() : script.getFirst();
    }
  }

  private void answer(ServerCall<byte[], byte[]> call, byte[] request, Metadata headers) {
    String method = call.getMethodDescriptor().getFullMethodName();
    calls.add(new GrpcCallSeen(method, text(headers), request));
    GrpcReply reply = nextReply(method);
    Duration delay = reply.delay();
    if (delay == null) {
      return;
    }
    if (delay.isZero()) {
      send(call, reply);
      return;
    }
    try {
      Future<?> unused =
          timer.schedule(() -> send(call, reply), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // the server is being closed, which ends the call
    }
  }

  private static void send(ServerCall<byte[], byte[]> call, GrpcReply reply) {
    if (call.isCancelled()) {
      return;
    }
    byte[] message = reply.message();
    if (message != null) {
      call.sendHeaders(new Metadata());
      call.sendMessage(message);
    }
    call.close(reply.status(), reply.trailers());
  }

  private static Map<String, String> text(Metadata headers) {
    Map<String, String> values = new HashMap<>();
    for (String name : headers.keys()) {
      if (!name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        String value = headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        values.put(name, value == null ? "" : value);
      }
    }
    return values;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "scripted-grpc");
    thread.setDaemon(true);
    return thread;
  }

  /** Takes any method as one of bytes to bytes. */
  private final class EveryMethod extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String method, @Nullable String authority) {
      MethodDescriptor<byte[], byte[]> descriptor =
          MethodDescriptor.<byte[], byte[]>newBuilder()
              // not UNARY: as such, gRPC wouldn't let an OK go out without a message
              .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(method)
              .setRequestMarshaller(BytesMarshaller.INSTANCE)
              .setResponseMarshaller(BytesMarshaller.INSTANCE)
              .build();
      ServerCallHandler<byte[], byte[]> handler = this::handle;
      return ServerMethodDefinition.create(descriptor, handler);
    }

    private ServerCall.Listener<byte[]> handle(ServerCall<byte[], byte[]> call, Metadata headers) {
      call.request(2); // one message, and the end that must follow it
      return new ServerCall.Listener<>() {
        private byte[] message = new byte[0];

        @Override
        public void onMessage(byte[] request) {
          message = request;
        }

        @Override
        public void onHalfClose() {
          answer(call, message, headers);
        }
      };
    }
  }
}
