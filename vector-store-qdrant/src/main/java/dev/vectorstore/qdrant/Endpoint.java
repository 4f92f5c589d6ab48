package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|(0*:)*:?0*1");

  /**
   * One or more servers.
   *
   * @param urls such as {@code http://host:6334}, several separated by commas; a later one may
   *     leave the scheme out
   * @throws InvalidRequest if one of them can't be understood
   */
  static List<Endpoint> parseAll(String urls) {
    String scheme = urls.startsWith("https://") ? "https://" : "http://";
    return Arrays.stream(urls.split(",", -1))
        .map(url -> parse(url.contains("://") ? url : scheme + url))
        .collect(Collectors.toUnmodifiableList());
  }

  static Endpoint parse(String url) {
    try {
      URI uri = new URI(url.strip());
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean known = scheme.equals("http") || scheme.equals("https");
      boolean bare = uri.getRawQuery() == null && uri.getRawFragment() == null;
      boolean root = uri.getRawPath() == null || uri.getRawPath().matches("/?");
      if (!known || uri.getHost() == null || !bare || !root || uri.getRawUserInfo() != null) {
        throw malformed();
      }
      String host = uri.getHost().replaceAll("[\\[\\]]", "");
      return new Endpoint(
          host, uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(), scheme.equals("https"));
    } catch (URISyntaxException malformed) {
      throw malformed();
    }
  }

  /** By its name alone: looking it up would be I/O, and who answers could lie. */
  boolean isLoopback() {
    return isLoopback(host);
  }

  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches();
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
