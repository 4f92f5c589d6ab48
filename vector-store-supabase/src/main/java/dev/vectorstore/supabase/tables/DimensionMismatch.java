package dev.vectorstore.supabase.tables;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The cause of a refusal to compare vectors of different dimensions. */
public final class DimensionMismatch extends Exception {
  private static final long serialVersionUID = 1L;

  private static final Pattern DIFFERENT =
      Pattern.compile("different \\w+ dimensions (\\d+) and (\\d+)");

  private final int one;
  private final int other;

  private DimensionMismatch(int one, int other) {
    super("vectors of " + one + " and of " + other + " dimensions are compared");
    this.one = one;
    this.other = other;
  }

  /** What pgvector's message says, if it is about that. */
  public static Optional<DimensionMismatch> in(String message) {
    Matcher said = DIFFERENT.matcher(message);
    return said.find()
        ? Optional.of(
            new DimensionMismatch(Integer.parseInt(said.group(1)), Integer.parseInt(said.group(2))))
        : Optional.empty();
  }

  /** That of the column, where the query has this one. */
  public int ofTheColumn(int ofTheQuery) {
    return one == ofTheQuery ? other : one;
  }

  /** What to do about it. */
  public String advice() {
    return getMessage()
        + ": the column has vectors of several models, or the search function is for those of"
        + " another column; filter for the rows of one model, or search by the vector of the"
        + " function's column";
  }
}
