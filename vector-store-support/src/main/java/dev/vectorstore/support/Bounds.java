package dev.vectorstore.support;

import org.jspecify.annotations.Nullable;

/**
 * Holds what an engine can say natively of a filter. {@code upper} selects every record that the
 * filter selects, and perhaps more. Where {@code exact}, it selects no other, so that the engine's
 * own count, limit and delete can be trusted. Elsewhere the core tests what comes back.
 *
 * @param upper the native filter, or null for all records
 * @param exact whether the native filter means exactly the same
 * @param <N> the engine's native filter
 */
public record Bounds<N>(@Nullable N upper, boolean exact) {
  /**
   * The bounds that select every record and mean it.
   *
   * @param <N> the engine's native filter
   * @return the bounds of no filter
   */
  public static <N> Bounds<N> all() {
    return new Bounds<>(null, true);
  }
}
