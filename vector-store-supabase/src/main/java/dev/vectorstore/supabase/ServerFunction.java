package dev.vectorstore.supabase;

import java.util.Locale;

/**
 * The functions that our SQL script makes in the schema {@code public}. Each but {@link #VERSION}
 * takes one {@code json} without a name and returns one {@code json}.
 */
enum ServerFunction {
  /** Takes nothing and returns the version of the script that was installed last. */
  VERSION(Access.READ),
  ENSURE(Access.WRITE),
  DESCRIBE(Access.READ),
  COLLECTIONS(Access.READ),
  DROP(Access.WRITE),
  DROP_VECTOR(Access.WRITE),
  ADOPT(Access.WRITE),
  RELEASE(Access.WRITE),
  /** Upserts and deletes in one or several collections, in one transaction. */
  WRITE(Access.WRITE),
  PATCH(Access.WRITE),
  FETCH(Access.READ),
  SCAN(Access.READ),
  COUNT(Access.READ),
  SEARCH(Access.READ),
  /** Reads texts whose terms are still to be made. */
  UNTERMED(Access.READ),
  /** Stores terms of records that were written without them. */
  TERMS(Access.WRITE);

  private final Access access;

  ServerFunction(Access access) {
    this.access = access;
  }

  /** The name in SQL. */
  String sqlName() {
    return SqlFault.PREFIX + name().toLowerCase(Locale.ROOT);
  }

  Access access() {
    return access;
  }
}
