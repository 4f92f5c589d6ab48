package dev.vectorstore.support;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Joins an engine's native filters, for {@link Bounds}.
 *
 * @param and selects what all of two or more filters select
 * @param or selects what any of two or more filters selects
 * @param not selects exactly what a filter doesn't
 * @param <N> the engine's native filter
 */
public record Connectives<N>(
    Function<List<N>, N> and, Function<List<N>, N> or, UnaryOperator<N> not) {}
