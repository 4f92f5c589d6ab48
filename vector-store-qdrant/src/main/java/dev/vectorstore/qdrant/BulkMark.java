package dev.vectorstore.qdrant;

import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Marks in a collection's metadata that a bulk load has turned indexing off. When the loader has
 * died, others find the mark and turn indexing on again.
 *
 * @param loader who loads, unlike any other
 * @param threshold the indexing threshold of before
 * @param host where the loader runs
 * @param until the end of its lease, in milliseconds since 1970; it is renewed while records come
 * @param ended whether the load is over, and only indexing is still to be taken up
 */
record BulkMark(String loader, long threshold, Host host, long until, boolean ended) {
  private static final String PREFIX = "vector_store.bulk:";

  /** How long a loader that writes nothing keeps indexing off, where nobody can see it run. */
  static final Duration LEASE = Duration.ofMinutes(10);

  /**
   * A process of some machine.
   *
   * @param name the machine's name
   * @param pid the number of the process
   * @param started when it started, in milliseconds since 1970, since numbers are used again
   */
  record Host(String name, long pid, long started) {
    static final Host THIS = current();

    private static Host current() {
      return new Host(
          hostName(),
          ProcessHandle.current().pid(),
          ManagementFactory.getRuntimeMXBean().getStartTime());
    }

    private static String hostName() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException unnamed) {
        return "";
      }
    }

    /** Whether it ran on this machine and is gone. */
    boolean isGone() {
      boolean here = !name.isEmpty() && name.equals(THIS.name);
      boolean samePid = pid == THIS.pid;
      return here
          && (samePid
              ? started != THIS.started
              : ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }
  }

  static BulkMark start(String loader, long threshold, long now) {
    return new BulkMark(loader, threshold, Host.THIS, now + LEASE.toMillis(), false);
  }

  BulkMark end() {
    return new BulkMark(loader, threshold, host, until, true);
  }

  /** Whether indexing must stay off for it. */
  boolean isActive(long now) {
    return !ended && now < until && !host.isGone();
  }

  String key() {
    return PREFIX + loader;
  }

  Value value() {
    return JsonValues.struct(
        Struct.newBuilder()
            .putFields("threshold", JsonValues.integer(threshold))
            .putFields("host", JsonValues.string(host.name()))
            .putFields("pid", JsonValues.integer(host.pid()))
            .putFields("started", JsonValues.integer(host.started()))
            .putFields("until", JsonValues.integer(until))
            .putFields("ended", Value.newBuilder().setBoolValue(ended).build())
            .build());
  }

  /** The marks in a collection's metadata. */
  static List<BulkMark> of(Map<String, Value> metadata) {
    List<BulkMark> marks = new ArrayList<>();
    metadata.forEach(
        (key, value) -> {
          if (key.startsWith(PREFIX) && value.hasStructValue()) {
            marks.add(read(key.substring(PREFIX.length()), value.getStructValue().getFieldsMap()));
          }
        });
    return marks;
  }

  private static BulkMark read(String loader, Map<String, Value> fields) {
    return new BulkMark(
        loader,
        get(fields, "threshold").getIntegerValue(),
        new Host(
            get(fields, "host").getStringValue(),
            get(fields, "pid").getIntegerValue(),
            get(fields, "started").getIntegerValue()),
        get(fields, "until").getIntegerValue(),
        get(fields, "ended").getBoolValue());
  }

  private static Value get(Map<String, Value> fields, String key) {
    return fields.getOrDefault(key, Value.getDefaultInstance());
  }
}
