package dev.vectorstore.supabase.rest;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.support.Loopback;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/** Where PostgREST is. */
public final class RestAddress {
  private static final int MOST_PORT = 65_535;
  private static final String SUPABASE_PATH = "/rest/v1";

  private RestAddress() {}

  /** The address of a bare PostgREST, checked, without a slash at its end. */
  public static URI of(String url) {
    URI uri = parse(url);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!Set.of("http", "https").contains(scheme) || uri.getHost() == null) {
      throw new InvalidRequest(
          "the address of PostgREST must be http://host:port or https://host, such as"
              + " postgrest:http://127.0.0.1:3000 or supabase:https://project.supabase.co");
    }
    if (uri.getPort() == 0 || uri.getPort() > MOST_PORT) {
      throw new InvalidRequest(
          "the address of PostgREST has the port " + uri.getPort() + ", and 1 to 65535 are ports");
    }
    if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
      throw new InvalidRequest(
          "the address of PostgREST has more than a host and a path; a key is passed by an option");
    }
    String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("/+$", "");
    return URI.create(scheme + "://" + uri.getRawAuthority() + path);
  }

  /** The address of a Supabase project, whose PostgREST is below a path of its own. */
  public static URI ofSupabase(String url) {
    URI uri = of(url);
    return uri.getPath().endsWith(SUPABASE_PATH) ? uri : URI.create(uri + SUPABASE_PATH);
  }

  /** Whether a key may travel to it: encrypted, or within the machine. */
  public static boolean isSafeForKeys(URI address) {
    return "https".equals(address.getScheme()) || Loopback.is(address.getHost());
  }

  private static URI parse(String url) {
    try {
      return new URI(url.strip());
    } catch (URISyntaxException invalid) {
      // The cause would repeat the text, which may hold a key.
      throw new InvalidRequest("the address of PostgREST isn't a URL");
    }
  }
}
