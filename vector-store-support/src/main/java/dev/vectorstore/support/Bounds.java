package dev.vectorstore.support;

import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Bounds a filter by what an engine can say natively. The upper bound selects every record that the
 * filter selects, and perhaps more; the lower bound selects no record that the filter doesn't. A
 * missing upper bound selects all records, a missing lower one none. Exact bounds are one native
 * filter that means the same, so that the engine's own count, limit and delete can be trusted.
 * Elsewhere the core tests what comes back.
 *
 * <p>Bounds are joined as their filters are. Immutable, as far as native filters are.
 *
 * @param <N> the engine's native filter
 */
public final class Bounds<N> {
  private final @Nullable N upper;
  private final @Nullable N lower;
  private final boolean exact;
  private final @Nullable String refusal;

  private Bounds(@Nullable N upper, @Nullable N lower, boolean exact, @Nullable String refusal) {
    this.upper = upper;
    this.lower = lower;
    this.exact = exact;
    this.refusal = refusal;
  }

  /**
   * Bounds no filter. There is no native filter for that.
   *
   * @param <N> the engine's native filter
   * @return exact bounds that select every record
   */
  public static <N> Bounds<N> all() {
    return new Bounds<>(null, null, true, null);
  }

  /**
   * Bounds a filter that the engine can say.
   *
   * @param filter means exactly the same
   * @param <N> the engine's native filter
   * @return exact bounds
   */
  public static <N> Bounds<N> exactly(N filter) {
    return new Bounds<>(Objects.requireNonNull(filter, "filter"), filter, true, null);
  }

  /**
   * Bounds a filter from above.
   *
   * @param upper selects at least what the filter selects, or null for all records
   * @param <N> the engine's native filter
   * @return bounds that aren't exact
   */
  public static <N> Bounds<N> atMost(@Nullable N upper) {
    return between(null, upper);
  }

  /**
   * Bounds a filter from below.
   *
   * @param lower selects at most what the filter selects, or null for none
   * @param <N> the engine's native filter
   * @return bounds that aren't exact
   */
  public static <N> Bounds<N> atLeast(@Nullable N lower) {
    return between(lower, null);
  }

  /**
   * Bounds a filter from both sides.
   *
   * @param lower selects at most what the filter selects, or null for none
   * @param upper selects at least what the filter selects, or null for all records
   * @param <N> the engine's native filter
   * @return bounds that aren't exact
   */
  public static <N> Bounds<N> between(@Nullable N lower, @Nullable N upper) {
    return new Bounds<>(upper, lower, false, null);
  }

  /**
   * Bounds a filter of which the engine can say nothing.
   *
   * @param <N> the engine's native filter
   * @return no bounds
   */
  public static <N> Bounds<N> unknown() {
    return between(null, null);
  }

  /**
   * Bounds a filter of which the engine can say nothing, and tells why.
   *
   * @param why the message of {@link #requireExact}
   * @param <N> the engine's native filter
   * @return no bounds
   */
  public static <N> Bounds<N> refused(String why) {
    return new Bounds<>(null, null, false, Objects.requireNonNull(why, "why"));
  }

  /**
   * Bounds a conjunction.
   *
   * @param parts the bounds of its members
   * @param connectives the engine's
   * @param <N> the engine's native filter
   * @return exact bounds if all parts are exact; else refused as the first part that is
   */
  public static <N> Bounds<N> and(List<Bounds<N>> parts, Connectives<N> connectives) {
    N upper = known(parts, Bounds::upper, connectives.and());
    return areExact(parts)
        ? new Bounds<>(upper, upper, true, null)
        : new Bounds<>(
            upper, every(parts, Bounds::lower, connectives.and()), false, firstRefusal(parts));
  }

  /**
   * Bounds a disjunction.
   *
   * @param parts the bounds of its members
   * @param connectives the engine's
   * @param <N> the engine's native filter
   * @return exact bounds if all parts are exact; else refused as the first part that is
   * @throws IllegalArgumentException if there are no parts: no bounds say that nothing is selected
   */
  public static <N> Bounds<N> or(List<Bounds<N>> parts, Connectives<N> connectives) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a disjunction needs a part; without any it selects none");
    }
    N upper = every(parts, Bounds::upper, connectives.or());
    return areExact(parts)
        ? new Bounds<>(upper, upper, true, null)
        : new Bounds<>(
            upper, known(parts, Bounds::lower, connectives.or()), false, firstRefusal(parts));
  }

  /**
   * Bounds the complement: what certainly isn't selected bounds it from above.
   *
   * @param connectives the engine's
   * @return exact bounds if these are exact; else refused as these are
   * @throws IllegalStateException if these are {@link #all}: no bounds say that nothing is selected
   */
  public Bounds<N> not(Connectives<N> connectives) {
    if (isAll()) {
      throw new IllegalStateException("the core answers the complement of all records");
    }
    N complement = upper == null ? null : connectives.not().apply(upper);
    return exact
        ? new Bounds<>(complement, complement, true, null)
        : new Bounds<>(
            lower == null ? null : connectives.not().apply(lower), complement, false, refusal);
  }

  /**
   * Leaves out each bound that the engine won't be asked for.
   *
   * @param allowed whether the engine takes a native filter
   * @return these bounds, or wider ones
   */
  public Bounds<N> retain(Predicate<? super N> allowed) {
    N retained = upper != null && allowed.test(upper) ? upper : null;
    if (exact) {
      return retained == upper ? this : unknown();
    }
    return new Bounds<>(
        retained, lower != null && allowed.test(lower) ? lower : null, false, refusal);
  }

  /**
   * Says the bounds in other words.
   *
   * @param mapping gives a native filter that means the same
   * @param <M> the other kind of native filter
   * @return bounds that are as exact
   */
  public <M> Bounds<M> map(Function<? super N, ? extends M> mapping) {
    M mapped = upper == null ? null : mapping.apply(upper);
    return exact
        ? new Bounds<>(mapped, mapped, true, null)
        : new Bounds<>(mapped, lower == null ? null : mapping.apply(lower), false, refusal);
  }

  /**
   * Selects at least what the filter selects.
   *
   * @return a native filter, or null for all records
   */
  public @Nullable N upper() {
    return upper;
  }

  /** Selects at most what the filter selects; null selects none, and is that of {@link #all}. */
  @Nullable N lower() {
    return lower;
  }

  /**
   * Says whether the upper bound means exactly what the filter does.
   *
   * @return whether records needn't be tested
   */
  public boolean exact() {
    return exact;
  }

  /**
   * Requires what the engine says instead of the filter.
   *
   * @return the native filter that means exactly the same
   * @throws UnsupportedFeature if there is none, with the refusal that these bounds hold
   */
  public N requireExact() {
    if (!exact || upper == null) {
      throw new UnsupportedFeature(
          refusal == null ? "the engine has no word for exactly this filter" : refusal);
    }
    return upper;
  }

  private boolean isAll() {
    return exact && upper == null;
  }

  private static <N> boolean areExact(List<Bounds<N>> parts) {
    return parts.stream().allMatch(Bounds::exact);
  }

  /** Joins the bounds that are there, or is null without any. */
  private static <N> @Nullable N known(
      List<Bounds<N>> parts, Function<Bounds<N>, @Nullable N> side, Function<List<N>, N> join) {
    List<N> known = parts.stream().map(side).filter(Objects::nonNull).toList();
    return known.size() < 2 ? known.stream().findFirst().orElse(null) : join.apply(known);
  }

  /** Joins the bounds, or is null unless each is there. */
  private static <N> @Nullable N every(
      List<Bounds<N>> parts, Function<Bounds<N>, @Nullable N> side, Function<List<N>, N> join) {
    return parts.stream().map(side).allMatch(Objects::nonNull) ? known(parts, side, join) : null;
  }

  private static <N> @Nullable String firstRefusal(List<Bounds<N>> parts) {
    return parts.stream()
        .map(part -> part.refusal)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
