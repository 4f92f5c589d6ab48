package dev.vectorstore.migration;

import dev.vectorstore.VectorStores;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Names what is copied from where to where. Only a run of an equal job may go on where another
 * stopped.
 *
 * @param from what tells the source from other stores
 * @param to what tells the target from other stores
 * @param parts the collections
 * @param inexactRejected whether numbers that would be kept as text are rejected
 * @param leftOut the source's collections that aren't copied; not what the job is known by
 */
record CopyJob(
    String from, String to, List<Part> parts, boolean inexactRejected, List<String> leftOut) {
  /**
   * One collection.
   *
   * @param source the source's collection
   * @param target the target's collection
   * @param mapping what changes on the way
   */
  record Part(String source, String target, Mapping mapping) {
    @Override
    public String toString() {
      String name = VectorStores.shownName(source);
      return source.equals(target) ? name : name + " to " + VectorStores.shownName(target);
    }
  }

  CopyJob {
    parts = List.copyOf(parts);
    leftOut = List.copyOf(leftOut);
  }

  /** A text that is the same for the same job, and for no other. */
  String fingerprint() {
    StringBuilder text = new StringBuilder();
    append(text, from);
    append(text, to);
    append(text, inexactRejected ? "inexact rejected" : "");
    for (Part part : parts) {
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
