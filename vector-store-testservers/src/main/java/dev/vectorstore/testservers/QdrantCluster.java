package dev.vectorstore.testservers;

import dev.vectorstore.testkit.Await;
import dev.vectorstore.testkit.FreePort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Several real Qdrants that know each other, each on free ports of 127.0.0.1 with a folder of its
 * own.
 *
 * <pre>{@code
 * try (QdrantCluster cluster = QdrantCluster.start(3)) {
 *   cluster.nodes().get(1).kill9();
 *   cluster.nodes().get(1).restart();
 *   cluster.awaitWhole("pages");
 * }
 * }</pre>
 *
 * <p>Safe to use from several threads.
 */
public final class QdrantCluster implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final Pattern OWN = Pattern.compile("\"peer_id\":(\\d+)");
  private static final Pattern LOCAL = Pattern.compile("\"shard_id\":(\\d+),\"points_count\":\\d+");
  private static final Pattern REMOTE = Pattern.compile("\"shard_id\":(\\d+),\"peer_id\":(\\d+)");

  private final List<QdrantServer> nodes = new ArrayList<>();

  private QdrantCluster() {}

  /**
   * Starts a cluster and returns when every node knows all others.
   *
   * @param nodes how many
   * @throws IllegalStateException when there is no {@code qdrant} on the PATH, or a node doesn't
   *     answer in time
   */
  public static QdrantCluster start(int nodes) {
    QdrantCluster cluster = new QdrantCluster();
    try {
      String first = "";
      for (int i = 0; i < nodes; i++) {
        int port = FreePort.next();
        String uri = "http://127.0.0.1:" + port;
        QdrantServer.Builder node =
            QdrantServer.builder()
                .setting("QDRANT__CLUSTER__ENABLED", "true")
                .setting("QDRANT__CLUSTER__P2P__PORT", Integer.toString(port))
                .arguments("--uri", uri);
        if (i == 0) {
          first = uri;
        } else {
          node.arguments("--bootstrap", first);
        }
        cluster.nodes.add(node.start());
      }
      cluster.await(
          "know each other",
          node ->
              HttpProbe.page(node.httpPort(), "/cluster").map(QdrantCluster::peers).orElse(0L)
                  == nodes);
      return cluster;
    } catch (IllegalStateException e) {
      cluster.close();
      throw e;
    }
  }

  /** The servers, in the order of their start. */
  public List<QdrantServer> nodes() {
    return List.copyOf(nodes);
  }

  /** The addresses of all nodes in the form that {@code VectorStores.open} takes. */
  public String url() {
    return nodes.stream()
        .map(node -> "http://" + node.host() + ":" + node.grpcPort())
        .collect(Collectors.joining(",", "qdrant:", ""));
  }

  /**
   * Waits until every node says that all replicas of a collection are active.
   *
   * @param collection its name
   * @throws IllegalStateException when they aren't in time
   */
  public void awaitWhole(String collection) {
    await(
        "have all replicas of " + collection + " active",
        node ->
            HttpProbe.page(node.httpPort(), "/collections/" + collection + "/cluster")
                .filter(QdrantCluster::isWhole)
                .isPresent());
  }

  /**
   * Moves a shard of the first node to a node that doesn't have it. {@link #awaitWhole} waits for
   * its end.
   *
   * @param collection its name
   * @throws IllegalStateException when the cluster refuses
   */
  public void moveShard(String collection) {
    String path = "/collections/" + collection + "/cluster";
    QdrantServer first = nodes.get(0);
    String state = HttpProbe.page(first.httpPort(), path).orElseThrow();
    Map<String, Set<String>> remote = new LinkedHashMap<>(); // peers by shard
    Matcher peers = REMOTE.matcher(state);
    while (peers.find()) {
      remote.computeIfAbsent(peers.group(1), any -> new TreeSet<>()).add(peers.group(2));
    }
    Set<String> all =
        remote.values().stream()
            .flatMap(Set::stream)
            .collect(Collectors.toCollection(TreeSet::new));
    Matcher local = LOCAL.matcher(state);
    while (local.find()) {
      Set<String> lacking = new TreeSet<>(all);
      lacking.removeAll(remote.getOrDefault(local.group(1), Set.of()));
      if (!lacking.isEmpty()) {
        move(first, path, local.group(1), lacking.iterator().next());
        return;
      }
    }
    throw new IllegalStateException("every shard of the first node is on all others: " + state);
  }

  private static void move(QdrantServer from, String path, String shard, String to) {
    String cluster = HttpProbe.page(from.httpPort(), path).orElseThrow();
    Matcher own = OWN.matcher(cluster);
    String request =
        String.format(
            "{\"move_shard\":{\"shard_id\":%s,\"from_peer_id\":%s,\"to_peer_id\":%s}}",
            shard, own.find() ? own.group(1) : "?", to);
    if (HttpProbe.post(from.httpPort(), path, request).isEmpty()) {
      throw new IllegalStateException("the cluster refuses " + request);
    }
  }

  /** Stops all nodes and deletes their folders. */
  @Override
  public void close() {
    nodes.forEach(QdrantServer::close);
  }

  private void await(String what, Predicate<QdrantServer> condition) {
    if (!Await.until(LIMIT, () -> nodes.stream().allMatch(condition))) {
      throw new IllegalStateException(
          "The nodes don't "
              + what
              + " within "
              + LIMIT
              + ". The first one's log ends with:\n"
              + nodes.get(0).log());
    }
  }

  private static long peers(String cluster) {
    return cluster.split("\"uri\"", -1).length - 1L;
  }

  private static boolean isWhole(String collection) {
    boolean others =
        List.of("Dead", "Partial", "Initializing", "Listener", "Recovery", "Resharding").stream()
            .anyMatch(state -> collection.contains("\"state\":\"" + state));
    return !others && collection.contains("\"shard_transfers\":[]");
  }
}
