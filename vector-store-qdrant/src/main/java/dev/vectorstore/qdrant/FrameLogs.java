package dev.vectorstore.qdrant;

import io.grpc.netty.shaded.io.netty.util.internal.logging.InternalLogLevel;
import io.grpc.netty.shaded.io.netty.util.internal.logging.InternalLogger;
import io.grpc.netty.shaded.io.netty.util.internal.logging.InternalLoggerFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps keys out of logs. At DEBUG, gRPC's transport logs each frame of HTTP/2 with its headers, in
 * which the key is, and has nothing that turns this off. So the logger of frames is made one that
 * is never enabled below INFO; all others of it stay as they are. The transport asks for it at each
 * connection, so this holds for all that are made later, in the whole program.
 */
final class FrameLogs extends InternalLoggerFactory {
  private static final Logger LOG = LoggerFactory.getLogger(FrameLogs.class);

  /** What logs frames: the handler of a connection. */
  private static final String FRAMES = "io.grpc.netty.shaded.io.grpc.netty.NettyClientHandler";

  private final InternalLoggerFactory others;
  private final Method newInstance;

  private FrameLogs(InternalLoggerFactory others) throws NoSuchMethodException {
    this.others = others;
    newInstance = InternalLoggerFactory.class.getDeclaredMethod("newInstance", String.class);
    newInstance.setAccessible(true); // it is protected, and there is no other way to wrap one
  }

  /** Makes it so, and again where somebody has put another factory in its place. */
  static void withoutHeaders() {
    synchronized (FrameLogs.class) {
      InternalLoggerFactory current = InternalLoggerFactory.getDefaultFactory();
      if (current instanceof FrameLogs) {
        return;
      }
      try {
        setDefaultFactory(new FrameLogs(current));
      } catch (NoSuchMethodException | RuntimeException changed) {
        LOG.warn(
            "the logger of frames couldn't be turned off: keep {} above DEBUG, where it logs keys",
            FRAMES,
            changed);
      }
    }
  }

  @Override
  protected InternalLogger newInstance(String name) {
    InternalLogger logger =
        (InternalLogger) Objects.requireNonNull(call(others, newInstance, name));
    return name.equals(FRAMES) ? withoutDetails(logger) : logger;
  }

  private static InternalLogger withoutDetails(InternalLogger logger) {
    return (InternalLogger)
        Proxy.newProxyInstance(
            FrameLogs.class.getClassLoader(),
            new Class<?>[] {InternalLogger.class},
            (proxy, method, arguments) ->
                isOfDetails(method, arguments)
                    ? nothing(method)
                    : call(logger, method, arguments == null ? new Object[0] : arguments));
  }

  private static boolean isOfDetails(Method method, @Nullable Object @Nullable [] arguments) {
    String name = method.getName();
    Object first = arguments == null || arguments.length == 0 ? null : arguments[0];
    return name.equals("isDebugEnabled")
        || name.equals("isTraceEnabled")
        || name.equals("debug")
        || name.equals("trace")
        || first == InternalLogLevel.DEBUG
        || first == InternalLogLevel.TRACE;
  }

  /** What a method returns that is told to log nothing. */
  private static @Nullable Object nothing(Method method) {
    return method.getReturnType() == boolean.class ? false : null;
  }

  private static @Nullable Object call(
      Object target, Method method, @Nullable Object... arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (IllegalAccessException | InvocationTargetException broken) {
      throw new IllegalStateException("the transport's logger failed", broken);
    }
  }
}
