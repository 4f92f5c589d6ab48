package dev.vectorstore;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Opens stores by URL, and says what collections can be called. The engine's module must be on the
 * class or module path; it is found from any thread, whatever that thread's context class loader
 * is.
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

  /**
   * Whether a name is portable, so that {@link VectorStore#ensureCollection} makes a collection of
   * it on every engine: {@code [A-Za-z][A-Za-z0-9_-]{0,62}}. What is there is opened under any name
   * that its engine allows.
   *
   * @param name the name
   * @return false if {@link #requirePortableName} refuses it
   */
  public static boolean isPortableName(String name) {
    return Names.isPortable(Objects.requireNonNull(name, "name"));
  }

  /**
   * Checks that a name is portable ({@link #isPortableName}).
   *
   * @param name the name
   * @return the name
   * @throws VectorStoreException.InvalidRequest if it isn't, saying what is
   */
  public static String requirePortableName(String name) {
    return Names.requirePortable(Objects.requireNonNull(name, "name"));
  }

  /**
   * Checks that a text can be a name at all; whether it is one of something is for an engine to
   * say.
   *
   * @param name the name
   * @return the name
   * @throws VectorStoreException.InvalidRequest if it is empty, or has U+0000 or an unpaired
   *     surrogate, so that no engine can be asked for it
   */
  public static String requireName(String name) {
    return Names.require(Objects.requireNonNull(name, "name"));
  }

  /**
   * A name as messages and logs have it: as it is where it is made of letters, digits, {@code _},
   * {@code -} and {@code .}; else in quotes, with control characters and what can't be seen escaped
   * as in JSON. Long ones are shortened.
   *
   * @param name the name
   * @return the name for a reader
   */
  public static String shownName(String name) {
    return Names.shown(Objects.requireNonNull(name, "name"));
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
