package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the calls of a store have found out about its servers. Safe for threads. */
final class KnownServers {
  private static final Logger LOG = LoggerFactory.getLogger(KnownServers.class);

  private final Set<ManagedChannel> answered = ConcurrentHashMap.newKeySet();
  private final Set<ManagedChannel> warned = ConcurrentHashMap.newKeySet();

  /** The server carried a call out. */
  void answered(ManagedChannel server) {
    // Looked up first, since that takes no lock.
    if (!answered.contains(server)) {
      answered.add(server);
    }
    if (!warned.isEmpty()) {
      warned.remove(server);
    }
  }

  /** Whether the server has ever spoken gRPC to this store. */
  boolean hasAnswered(ManagedChannel server) {
    return answered.contains(server);
  }

  /**
   * A call goes on with another server. One that is away comes back by itself, but encryption that
   * fails has to be put right by somebody, who is told here: once until the server answers again.
   */
  void passedBy(ManagedChannel server, StatusRuntimeException error) {
    VectorStoreException fault = GrpcTls.exception(error, server.authority());
    if (fault != null && warned.add(server)) {
      LOG.warn(
          "one of several servers is passed by, and tried again from time to time: {}",
          fault.getMessage());
    }
  }
}
