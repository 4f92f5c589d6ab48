package dev.vectorstore.supabase.postgres;

import dev.vectorstore.supabase.tables.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A statement as it is built: names are quoted and values are bound, so that neither can be taken
 * for SQL. Not safe for threads.
 */
final class SqlText {
  private final StringBuilder sql = new StringBuilder();
  private final List<Object> values = new ArrayList<>();

  /** A name of which no character has a meaning. */
  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  SqlText add(String text) {
    sql.append(text);
    return this;
  }

  /** A value in the place where this stands. */
  SqlText bind(Object value) {
    sql.append('?');
    values.add(value);
    return this;
  }

  /** A condition on the rows of the table that is called {@code t}. */
  SqlText condition(Condition condition) {
    if (condition instanceof Condition.Comparison comparison) {
      return comparison(comparison);
    } else if (condition instanceof Condition.OfText test) {
      return ofText(test);
    }
    Condition.Group group = (Condition.Group) condition;
    String column = onlyColumn(group);
    if (column != null) {
      return anyOf(column, group);
    }
    boolean or = group.connective().equals("or");
    sql.append(group.connective().startsWith("not") ? "not (" : "(");
    String separator = "";
    for (Condition member : group.members()) {
      sql.append(separator);
      condition(member);
      separator = or ? " or " : " and ";
    }
    sql.append(')');
    return this;
  }

  private SqlText comparison(Condition.Comparison comparison) {
    sql.append("t.").append(quote(comparison.column()));
    String value = comparison.value();
    if (value == null) {
      return add(comparison.operator().startsWith("not") ? " is not null" : " is null");
    }
    return add(symbol(comparison.operator())).bind(value);
  }

  private static String symbol(String operator) {
    return switch (operator) {
      case "eq" -> " = ";
      case "gt" -> " > ";
      case "gte" -> " >= ";
      case "lt" -> " < ";
      case "lte" -> " <= ";
      case "cs" -> " @> ";
      default -> throw new IllegalArgumentException(operator);
    };
  }

  /** In the order of code points, and character by character, whatever collation the column has. */
  private SqlText ofText(Condition.OfText test) {
    if (test instanceof Condition.TextOrder order) {
      add("t.").add(quote(order.column())).add("::text collate \"C\"");
      return add(symbol(order.operator())).bind(order.bound());
    }
    Condition.HasPart has = (Condition.HasPart) test;
    add("strpos(translate(t.").add(quote(has.column())).add("::text, ").bind(has.part().variants());
    add(", ").bind(has.part().folded()).add(") collate \"C\", ").bind(has.part().text());
    return add(") > 0");
  }

  /** The column of which it says that it has one of several values, such as the ids of a fetch. */
  private static @Nullable String onlyColumn(Condition.Group group) {
    String only = null;
    for (Condition member : group.members()) {
      boolean equals =
          member instanceof Condition.Comparison equal && equal.operator().equals("eq");
      String column = equals ? ((Condition.Comparison) member).column() : null;
      if (column == null || (only != null && !only.equals(column))) {
        return null;
      }
      only = column;
    }
    return group.connective().equals("or") ? only : null;
  }

  private SqlText anyOf(String column, Condition.Group group) {
    String array =
        group.members().stream()
            .map(member -> String.valueOf(((Condition.Comparison) member).value()))
            .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
            .collect(Collectors.joining(",", "{", "}"));
    return add("t.").add(quote(column)).add(" = any (").bind(array).add(")");
  }

  List<Object> values() {
    return values;
  }

  @Override
  public String toString() {
    return sql.toString();
  }
}
