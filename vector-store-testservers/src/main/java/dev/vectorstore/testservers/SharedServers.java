package dev.vectorstore.testservers;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The servers that this JVM's tests share: started at the first use, stopped when the JVM ends. */
final class SharedServers {
  private static final Map<String, KillableServer> SERVERS = new HashMap<>();
  private static final Deque<KillableServer> STOPPED_LAST_FIRST = new ArrayDeque<>();

  private SharedServers() {}

  /** The server of this name, started if it isn't there. A start that fails is tried again. */
  static synchronized <T extends KillableServer> T get(
      String name, Class<T> type, Supplier<T> start) {
    KillableServer known = SERVERS.get(name);
    if (known != null) {
      return type.cast(known);
    }
    if (SERVERS.isEmpty()) {
      Runtime.getRuntime().addShutdownHook(new Thread(SharedServers::stopAll, "shared-servers"));
    }
    T server = start.get();
    SERVERS.put(name, server);
    STOPPED_LAST_FIRST.push(server);
    return server;
  }

  private static synchronized void stopAll() {
    STOPPED_LAST_FIRST.forEach(KillableServer::close);
  }
}
