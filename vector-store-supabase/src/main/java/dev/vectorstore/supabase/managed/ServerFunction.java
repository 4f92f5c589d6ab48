package dev.vectorstore.supabase.managed;

import dev.vectorstore.support.Effect;
import java.util.Locale;

/**
 * The functions that our SQL script makes in the schema {@code public}. Each but {@link #VERSION}
 * takes one {@code json} without a name and returns one {@code json}.
 */
public enum ServerFunction {
  /** Takes nothing and returns the version of the script that was installed last. */
  VERSION(Effect.READ),
  ENSURE(Effect.WRITE),
  DESCRIBE(Effect.READ),
  COLLECTIONS(Effect.READ),
  DROP(Effect.WRITE),
  DROP_VECTOR(Effect.WRITE),
  ADOPT(Effect.WRITE),
  RELEASE(Effect.WRITE),
  /** Upserts and deletes in one or several collections, in one transaction. */
  WRITE(Effect.WRITE),
  PATCH(Effect.WRITE),
  FETCH(Effect.READ),
  SCAN(Effect.READ),
  COUNT(Effect.READ),
  SEARCH(Effect.READ),
  /** Reads texts whose terms are still to be made. */
  UNTERMED(Effect.READ),
  /** Stores terms of records that were written without them. */
  TERMS(Effect.WRITE);

  /** How to make the functions where they are missing. */
  public static final String INSTALL =
      "install our SQL once: vector-store supabase sql | psql -v ON_ERROR_STOP=1"
          + " \"$DATABASE_URL\" (or paste it into the SQL editor of Supabase); where that is done,"
          + " PostgREST must serve the schema public and read it again (notify pgrst, 'reload"
          + " schema')";

  /** With which the names of all begin. */
  public static final String PREFIX = "vector_store_";

  private final Effect effect;

  ServerFunction(Effect effect) {
    this.effect = effect;
  }

  /** The name in SQL. */
  public String sqlName() {
    return PREFIX + name().toLowerCase(Locale.ROOT);
  }

  public Effect effect() {
    return effect;
  }
}
