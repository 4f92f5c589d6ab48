package dev.vectorstore.supabase.tables;

import dev.vectorstore.support.Connectives;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A condition on rows in PostgREST's words. Each is true or false for every row, never unknown, so
 * that its negation is the exact complement.
 */
public sealed interface Condition {
  Connectives<Condition> CONNECTIVES =
      new Connectives<>(Condition::and, Condition::or, Condition::not);

  /**
   * The condition as an element of a logic tree.
   *
   * @param withValues false for reading: values are left out
   */
  String text(boolean withValues);

  /** Neither column nor value can be mistaken for syntax: both are quoted. */
  record Comparison(String column, String operator, @Nullable String value) implements Condition {
    @Override
    public String text(boolean withValues) {
      String right = value == null ? "null" : withValues ? quote(value) : "?";
      return quote(column) + '.' + operator + '.' + right;
    }
  }

  /** A connective over at least one condition. */
  record Group(String connective, List<Condition> members) implements Condition {
    @Override
    public String text(boolean withValues) {
      return members.stream()
          .map(member -> member.text(withValues))
          .collect(Collectors.joining(",", connective + '(', ")"));
    }
  }

  /**
   * A test that SQL alone can say: PostgREST names no collation, and folds as the database does.
   */
  sealed interface OfText extends Condition {
    @Override
    default String text(boolean withValues) {
      throw new IllegalStateException("PostgREST has no word for a test of texts by code points");
    }
  }

  /** The order of a column's text to another one, by code points. */
  record TextOrder(String column, String operator, String bound) implements OfText {}

  /** Whether a column's text has a part. */
  record HasPart(String column, TextPart part) implements OfText {}

  /** A name or value, quoted so that no character of it has a meaning. */
  static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  static Condition and(List<Condition> members) {
    return members.size() == 1 ? members.get(0) : new Group("and", List.copyOf(members));
  }

  static Condition or(List<Condition> members) {
    return members.size() == 1 ? members.get(0) : new Group("or", List.copyOf(members));
  }

  static Condition not(Condition member) {
    return new Group("not.and", List.of(member));
  }

  static Condition isNull(Column column) {
    return new Comparison(column.name(), "is", null);
  }

  static Condition isNotNull(Column column) {
    return new Comparison(column.name(), "not.is", null);
  }

  /** A comparison that is false, not unknown, where the column is null. */
  static Condition compare(Column column, String operator, String value) {
    return notNull(column, new Comparison(column.name(), operator, value));
  }

  /** A test of a column that is false, not unknown, where the column is null. */
  static Condition notNull(Column column, Condition test) {
    return column.nullable() ? and(List.of(isNotNull(column), test)) : test;
  }
}
