package dev.vectorstore.supabase.tables;

import java.util.ArrayList;
import java.util.List;

/** Conditions on the primary key, whose columns are never null. */
public final class Keyset {
  private Keyset() {}

  /** The rows behind a key, in the order of all its columns. */
  public static Condition after(RowKey key, List<String> texts) {
    List<Condition> ways = new ArrayList<>();
    for (int last = 0; last < texts.size(); last++) {
      List<Condition> way = new ArrayList<>();
      for (int i = 0; i < last; i++) {
        way.add(compare(key, i, "eq", texts));
      }
      way.add(compare(key, last, "gt", texts));
      ways.add(Condition.and(way));
    }
    if (ways.size() == 1) {
      return ways.get(0);
    }
    // The first column's bound is implied, but only this form lets Postgres start in the index.
    return Condition.and(List.of(compare(key, 0, "gte", texts), Condition.or(ways)));
  }

  /** The row of a key. */
  public static Condition is(RowKey key, List<String> texts) {
    List<Condition> columns = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      columns.add(compare(key, i, "eq", texts));
    }
    return Condition.and(columns);
  }

  static Condition everything(RowKey key) {
    return Condition.isNotNull(key.columns().get(0));
  }

  static Condition nothing(RowKey key) {
    return Condition.isNull(key.columns().get(0));
  }

  private static Condition compare(RowKey key, int column, String operator, List<String> texts) {
    return Condition.compare(key.columns().get(column), operator, texts.get(column));
  }
}
