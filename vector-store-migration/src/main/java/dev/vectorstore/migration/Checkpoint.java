package dev.vectorstore.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a job has come, in a file that is replaced whole after the target's acknowledgement. It
 * belongs to one job: the file's name and content carry the job's fingerprint. Not safe for
 * threads.
 */
final class Checkpoint {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);
  private static final int VERSION = 1;

  /**
   * How far one collection has come.
   *
   * @param done whether it is copied
   * @param cursor where to go on, or null for the start
   * @param lastId the text of the last id that was acknowledged, or null
   * @param counts what was done up to the cursor
   */
  record State(boolean done, @Nullable String cursor, @Nullable String lastId, CopyCounts counts) {
    static final State START = new State(false, null, null, CopyCounts.NONE);
  }

  private final @Nullable Path file;
  private final String fingerprint;
  private final Map<String, State> states = new LinkedHashMap<>();
  private long rejectBytes;

  private Checkpoint(@Nullable Path file, String fingerprint) {
    this.file = file;
    this.fingerprint = fingerprint;
  }

  /** The checkpoint of a job; at the start where there is none, or one of another version. */
  static Checkpoint open(Path folder, CopyJob job) {
    String fingerprint = job.fingerprint();
    Checkpoint checkpoint =
        new Checkpoint(folder.resolve("copy-" + shortened(fingerprint) + ".json"), fingerprint);
    checkpoint.read();
    return checkpoint;
  }

  /** A checkpoint that isn't kept: for a target that doesn't outlive this run, and for replays. */
  static Checkpoint unkept() {
    return new Checkpoint(null, "");
  }

  /** The part of a fingerprint that names files. */
  static String shortened(String fingerprint) {
    return fingerprint.substring(0, 16);
  }

  private void read() {
    if (file == null || !Files.exists(file)) {
      return;
    }
    try {
      JsonNode root = Json.MAPPER.readTree(Files.readAllBytes(file));
      if (root.path("version").asInt() != VERSION
          || !fingerprint.equals(root.path("fingerprint").asText())) {
        LOG.warn("{} is the checkpoint of another job or version; starting over", file);
        return;
      }
      rejectBytes = root.path("reject_bytes").asLong();
      root.path("collections")
          .properties()
          .forEach(entry -> states.put(entry.getKey(), state(entry.getValue())));
    } catch (IOException e) {
      LOG.warn("{} can't be read as a checkpoint ({}); starting over", file, e.toString());
      restart();
    }
  }

  private static State state(JsonNode node) {
    return new State(
        node.path("done").asBoolean(),
        node.path("cursor").textValue(),
        node.path("last_id").textValue(),
        CopyCounts.read(node));
  }

  /** Whether an earlier run got anywhere. */
  boolean resumes() {
    return !states.isEmpty();
  }

  State state(String collection) {
    return states.getOrDefault(collection, State.START);
  }

  /** The length of the reject file that belongs to this state. */
  long rejectBytes() {
    return rejectBytes;
  }

  /** Forgets everything: all collections are copied from their start. */
  void restart() {
    states.clear();
    rejectBytes = 0;
  }

  /** Keeps a state; on return it is durable. */
  void save(String collection, State state, long rejectLength) {
    states.put(collection, state);
    rejectBytes = rejectLength;
    if (file == null) {
      return;
    }
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("version", VERSION).put("fingerprint", fingerprint).put("reject_bytes", rejectBytes);
    ObjectNode collections = root.putObject("collections");
    states.forEach((name, kept) -> write(collections.putObject(name), kept));
    try {
      AtomicFile.write(file, Json.MAPPER.writeValueAsBytes(root));
    } catch (IOException e) {
      throw new UncheckedIOException("the checkpoint " + file + " can't be written", e);
    }
  }

  private static void write(ObjectNode node, State state) {
    node.put("done", state.done()).put("cursor", state.cursor()).put("last_id", state.lastId());
    state.counts().write(node);
  }

  /** Removes the file: the job is done. */
  void delete() {
    if (file == null) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("the checkpoint " + file + " can't be deleted", e);
    }
  }
}
