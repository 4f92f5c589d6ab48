package dev.vectorstore.migration;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStores;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Says what a copy has to do. Only a run of an equal job may go on where another stopped.
 *
 * @param route where from and where to
 * @param inexactRejected whether numbers that would be kept as text are rejected
 */
record CopyJob(ResolvedRoute route, boolean inexactRejected) {
  /**
   * The job of a route.
   *
   * @throws InvalidRequest as {@link ResolvedRoute#of}, and if the target has no collection of a
   *     name that it was told, and makes none so called
   */
  static CopyJob of(Route route, boolean inexactRejected) {
    ResolvedRoute resolved = ResolvedRoute.of(route);
    for (ResolvedRoute.Part part : resolved.parts()) {
      if (!part.hasPlace(route.to())) {
        throw new InvalidRequest(
            "the target has no collection "
                + VectorStores.shownName(part.target())
                + ", and none is made under this name; name another target for "
                + VectorStores.shownName(part.source())
                + ": a letter followed by up to 62 letters, digits, _ or -");
      }
    }
    return new CopyJob(resolved, inexactRejected);
  }

  /** A text that is the same for the same job, and for no other. */
  String fingerprint() {
    StringBuilder text = new StringBuilder();
    append(text, route.route().fromName());
    append(text, route.route().toName());
    append(text, inexactRejected ? "inexact rejected" : "");
    for (ResolvedRoute.Part part : route.parts()) {
      append(text, part.source());
      append(text, part.target());
      append(text, part.mapping().toString());
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(digest.digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      // Every Java platform must have SHA-256 (the specification of MessageDigest).
      throw new IllegalStateException(impossible);
    }
  }

  private static void append(StringBuilder text, String part) {
    text.append(part.length()).append(':').append(part);
  }
}
