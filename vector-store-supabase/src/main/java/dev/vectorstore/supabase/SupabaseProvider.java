package dev.vectorstore.supabase;

import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreProvider;
import java.util.Locale;
import java.util.Set;

/**
 * Opens {@code supabase:https://project.supabase.co}, {@code postgrest:http://127.0.0.1:3000} and
 * {@code postgresql://user@host:5432/db}.
 */
public final class SupabaseProvider implements VectorStoreProvider {
  static final String SUPABASE = "supabase";
  static final String POSTGREST = "postgrest";
  static final String POSTGRESQL = "postgresql";

  /** The short form that libpq knows too. */
  private static final String POSTGRES = "postgres";

  /** Called by {@link java.util.ServiceLoader}. */
  public SupabaseProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of(SUPABASE, POSTGREST, POSTGRESQL, POSTGRES);
  }

  @Override
  public VectorStore open(String url, StoreOptions options) {
    int colon = url.indexOf(':');
    String scheme = url.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
    if (scheme.equals(POSTGRESQL) || scheme.equals(POSTGRES)) {
      return Postgres.at(url).options(options).open();
    }
    String address = url.substring(colon + 1);
    Supabase.Builder builder =
        scheme.equals(SUPABASE) ? Supabase.project(address) : Supabase.postgrest(address);
    return builder.options(options).open();
  }
}
