package dev.vectorstore.qdrant;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The servers of a store, which take turns. Safe for threads. */
final class Servers {
  private final List<ServerChannel> all;
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * Servers.
   *
   * @param all at least one
   */
  Servers(List<ServerChannel> all) {
    this.all = List.copyOf(all);
  }

  List<ServerChannel> all() {
    return all;
  }

  /** The next one. */
  ServerChannel next() {
    return next(List.of());
  }

  /**
   * The next one: one that answers where there is one, else one to which no connection came about,
   * which fails at once if it is still so, and one that hangs last.
   *
   * @param tried those that are passed by, not all
   */
  ServerChannel next(Collection<ServerChannel> tried) {
    int first = Math.floorMod(turn.getAndIncrement(), all.size());
    ServerChannel broken = null;
    ServerChannel silent = null;
    for (int i = 0; i < all.size(); i++) {
      ServerChannel server = all.get((first + i) % all.size());
      if (tried.contains(server)) {
        continue;
      }
      if (server.isSilent()) {
        silent = silent == null ? server : silent;
      } else if (server.isBroken()) {
        broken = broken == null ? server : broken;
      } else {
        return server;
      }
    }
    return afresh(broken, silent);
  }

  /**
   * A broken one starts afresh: it would otherwise fail calls at once for as long as its back-off
   * lasts, although the server may be back.
   */
  private static ServerChannel afresh(
      @Nullable ServerChannel broken, @Nullable ServerChannel silent) {
    if (broken == null) {
      return Objects.requireNonNull(silent, "all servers were tried");
    }
    broken.channel().enterIdle();
    return broken;
  }

  /** Looks which servers answer; to be called a few times a second where there are several. */
  void look() {
    long answering = all.stream().filter(server -> !server.isSilent()).count();
    for (ServerChannel server : all) {
      server.look(answering > (server.isSilent() ? 0 : 1));
    }
  }
}
