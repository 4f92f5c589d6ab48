package dev.vectorstore;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Opens stores by URL. The engine's module must be on the class or module path; it is found from
 * any thread, whatever that thread's context class loader is.
 *
 * <pre>{@code
 * try (VectorStore store = VectorStores.open("qdrant:http://127.0.0.1:6334")) {
 *   VectorCollection pages = store.collection("crawled_pages");
 * }
 * }</pre>
 */
public final class VectorStores {
  /** user:password@ behind the scheme's slashes, or a parameter that looks like a key. */
  private static final Pattern SECRET =
      Pattern.compile(
          "//[^/@?#]*:[^/@?#]*@"
              + "|[?&#;]([a-z]+[-_])*(ssl)?(api)?(key|token|password|passwd|pwd|secret|jwt)=",
          Pattern.CASE_INSENSITIVE);

  private VectorStores() {}

  /**
   * Opens a store without a key, with default deadlines and retries.
   *
   * @param url such as {@code memory:} or {@code qdrant:http://127.0.0.1:6334}
   * @return the store, to be closed by the caller
   * @throws VectorStoreException.InvalidRequest if the URL can't be understood, has a key in it, or
   *     no engine on the class path opens it
   */
  public static VectorStore open(String url) {
    return open(url, StoreOptions.defaults());
  }

  /**
   * Opens a store.
   *
   * @param url such as {@code memory:} or {@code qdrant:http://127.0.0.1:6334}
   * @param options the key, deadlines and retries
   * @return the store, to be closed by the caller
   * @throws VectorStoreException.InvalidRequest if the URL can't be understood, has a key in it, or
   *     no engine on the class path opens it
   */
  public static VectorStore open(String url, StoreOptions options) {
    Objects.requireNonNull(options, "options");
    String scheme = scheme(Objects.requireNonNull(url, "url"));
    if (SECRET.matcher(url).find()) {
      throw new VectorStoreException.InvalidRequest(
          "the "
              + scheme
              + " URL has a key or password in it, where logs and process lists show it; take it"
              + " out and pass it by StoreOptions.key(...) or the environment");
    }
    Providers providers = Providers.find();
    return providers
        .of(scheme)
        .orElseThrow(
            () ->
                new VectorStoreException.InvalidRequest(
                    "no engine on the class path opens "
                        + scheme
                        + ": URLs; "
                        + providers
                        + ". "
                        + advice(url, scheme)))
        .open(url, options);
  }

  /** What was meant, where an address stands without its engine. */
  private static String advice(String url, String scheme) {
    if (scheme.equals("http") || scheme.equals("https")) {
      return "Write the engine before the address: qdrant:"
          + scheme
          + "://host:6334, supabase:https://project.supabase.co or postgrest:"
          + scheme
          + "://host:3000";
    }
    if (scheme.equals("jdbc") || url.contains("postgres")) {
      return "Write postgresql://user@host:5432/database, without a password";
    }
    return "Add the engine's module, such as vector-store-qdrant, or write one of these";
  }

  private static String scheme(String url) {
    int colon = url.indexOf(':');
    if (colon < 1 || !url.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*")) {
      throw new VectorStoreException.InvalidRequest(
          "a store's URL starts with its engine and a colon, such as memory: or"
              + " qdrant:http://127.0.0.1:6334");
    }
    return url.substring(0, colon).toLowerCase(Locale.ROOT);
  }
}
