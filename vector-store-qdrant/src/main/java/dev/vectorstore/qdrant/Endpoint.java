package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.support.Loopback;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a server is.
 *
 * @param host a name or an address, IPv6 ones without brackets
 * @param port the gRPC port
 * @param tls whether the connection is encrypted
 */
record Endpoint(String host, int port, boolean tls) {
  private static final int DEFAULT_PORT = 6334;
  private static final int MOST_PORT = 65_535;

  /** Names of containers have underscores, which {@link java.net.URI} takes for no host at all. */
  private static final Pattern URL =
      Pattern.compile("(?i)(https?)://(\\[[0-9a-f.]*:[0-9a-f:.]*]|[a-z0-9._-]+)(?::(\\d{1,5}))?/?");

  /**
   * One or more servers.
   *
   * @param urls such as {@code http://host:6334}, several separated by commas; a later one may
   *     leave the scheme out, and then has that of the first
   * @throws InvalidRequest if one of them can't be understood
   */
  static List<Endpoint> parseAll(String urls) {
    // As VectorStores.open(...) takes them.
    String own = urls.strip().replaceFirst("(?i)^qdrant:(?=https?://)", "");
    String scheme = own.regionMatches(true, 0, "https://", 0, 8) ? "https://" : "http://";
    return Arrays.stream(own.split(",", -1))
        .map(String::strip)
        .map(url -> parse(url.contains("://") ? url : scheme + url))
        .collect(Collectors.toUnmodifiableList());
  }

  static Endpoint parse(String url) {
    Matcher parts = URL.matcher(url.strip());
    if (!parts.matches()) {
      throw malformed();
    }
    String host = parts.group(2).replaceAll("[\\[\\]]", "");
    int port = parts.group(3) == null ? DEFAULT_PORT : Integer.parseInt(parts.group(3));
    if (port == 0 || port > MOST_PORT || (host.contains(":") && address(host).isEmpty())) {
      throw malformed();
    }
    return new Endpoint(host, port, parts.group(1).length() == "https".length());
  }

  boolean isLoopback() {
    return Loopback.is(host);
  }

  /** The address that these digits mean. In brackets nothing is looked up. */
  private static Optional<InetAddress> address(String digits) {
    try {
      return Optional.of(InetAddress.getByName("[" + digits + "]"));
    } catch (UnknownHostException malformed) {
      return Optional.empty();
    }
  }

  /** The URL isn't repeated: somebody may have put a key into it. */
  private static InvalidRequest malformed() {
    return new InvalidRequest(
        "the address of a Qdrant server is http://host:port or https://host:port, several separated"
            + " by commas, with the gRPC port (usually 6334) and nothing behind it; keys go into"
            + " StoreOptions.key(...) or QDRANT_API_KEY");
  }

  @Override
  public String toString() {
    return (tls ? "https://" : "http://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port;
  }
}
