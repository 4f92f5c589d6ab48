package dev.vectorstore.qdrant;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Bounds a filter by what Qdrant can say. {@code upper} selects every record that the filter
 * selects, and perhaps more; {@code lower} selects none that the filter doesn't. Where Qdrant can
 * say exactly what is meant, the two are the same clause.
 *
 * @param upper selects at least what is meant
 * @param lower selects at most what is meant
 */
record Clauses(Clause upper, Clause lower) {
  static Clauses exact(Clause clause) {
    return new Clauses(clause, clause);
  }

  static Clauses upper(Clause upper) {
    return new Clauses(upper, Clause.NONE);
  }

  static Clauses between(Clause upper, Clause lower) {
    return new Clauses(upper, lower);
  }

  static Clauses unknown() {
    return new Clauses(Clause.ALL, Clause.NONE);
  }

  static Clauses and(List<Clauses> parts) {
    Clause upper = Clause.and(uppers(parts));
    return areExact(parts) ? exact(upper) : new Clauses(upper, Clause.and(lowers(parts)));
  }

  static Clauses or(List<Clauses> parts) {
    Clause upper = Clause.or(uppers(parts));
    return areExact(parts) ? exact(upper) : new Clauses(upper, Clause.or(lowers(parts)));
  }

  /** The upper bound of a complement is the complement of the lower bound. */
  Clauses not() {
    return isExact() ? exact(upper.not()) : new Clauses(lower.not(), upper.not());
  }

  boolean isExact() {
    return upper == lower;
  }

  private static boolean areExact(List<Clauses> parts) {
    return parts.stream().allMatch(Clauses::isExact);
  }

  private static List<Clause> uppers(List<Clauses> parts) {
    return parts.stream().map(Clauses::upper).collect(Collectors.toList());
  }

  private static List<Clause> lowers(List<Clauses> parts) {
    return parts.stream().map(Clauses::lower).collect(Collectors.toList());
  }
}
