package dev.vectorstore.supabase.postgres;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a Postgres is, and as whom to log in; never a password.
 *
 * @param host as the URL writes it
 * @param port 5432 unless said
 * @param database the user's name unless said, as libpq has it
 * @param user the role
 * @param schema the only one whose tables are listed, or null if none was said
 * @param tls how connections are encrypted
 */
public record PostgresAddress(
    String host, int port, String database, String user, @Nullable String schema, PostgresTls tls) {
  private static final int USUAL_PORT = 5432;
  private static final int MOST_PORT = 65_535;

  private static final String SCHEMA_PARAMETER = "schema";
  private static final String MODE = "sslmode";
  private static final String TRUSTED = "sslrootcert";
  private static final Set<String> KNOWN = Set.of(SCHEMA_PARAMETER, MODE, TRUSTED);

  /** The address that libpq, and so psql, takes. */
  public static PostgresAddress of(String url) {
    URI uri = parse(url);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!Set.of("postgresql", "postgres").contains(scheme) || uri.getHost() == null) {
      throw new InvalidRequest(
          "the address of Postgres must be postgresql://user@host:5432/database");
    }
    String user = uri.getUserInfo();
    if (user == null || user.isEmpty()) {
      throw new InvalidRequest(
          "the address of Postgres names no user; write postgresql://user@host:5432/database");
    }
    if (uri.getRawUserInfo().contains(":")) {
      throw new InvalidRequest(
          "the address of Postgres has a password in it, where logs show it; pass it by an option");
    }
    if (uri.getPort() == 0 || uri.getPort() > MOST_PORT) {
      throw new InvalidRequest(
          "the address of Postgres has the port " + uri.getPort() + ", and 1 to 65535 are ports");
    }
    String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
    Map<String, String> parameters = parameters(uri.getRawQuery());
    String schema = parameters.get(SCHEMA_PARAMETER);
    if (schema != null && schema.isBlank()) {
      throw new InvalidRequest("the address of Postgres names an empty schema; leave it out");
    }
    return new PostgresAddress(
        uri.getHost(),
        uri.getPort() < 0 ? USUAL_PORT : uri.getPort(),
        path.isEmpty() ? user : path,
        user,
        schema,
        new PostgresTls(parameters.get(MODE), parameters.get(TRUSTED)));
  }

  /** The same with other connections. */
  public PostgresAddress encrypted(PostgresTls other) {
    return new PostgresAddress(host, port, database, user, schema, other);
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new TreeMap<>();
    if (query == null || query.isEmpty()) {
      return parameters;
    }
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (equals < 0 || !KNOWN.contains(name)) {
        throw new InvalidRequest(
            "the address of Postgres has a parameter that isn't known here; known are "
                + new TreeSet<>(KNOWN));
      }
      String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
      parameters.put(name, value);
    }
    return parameters;
  }

  /** For the driver, which takes the rest as properties. */
  public String jdbcUrl() {
    return "jdbc:postgresql://"
        + host
        + ":"
        + port
        + "/"
        + java.net.URLEncoder.encode(database, StandardCharsets.UTF_8);
  }

  /** For messages. */
  String place() {
    return host + ":" + port;
  }

  private static URI parse(String url) {
    try {
      return new URI(url.strip());
    } catch (URISyntaxException invalid) {
      // The cause would repeat the text, which may hold a password.
      throw new InvalidRequest("the address of Postgres isn't a URL");
    }
  }
}
