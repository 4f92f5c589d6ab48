package dev.vectorstore.supabase.postgres;

import dev.vectorstore.supabase.tables.Column;
import dev.vectorstore.supabase.tables.Condition;
import dev.vectorstore.supabase.tables.TextConditions;
import dev.vectorstore.supabase.tables.TextPart;
import java.util.Optional;

/** Says tests of texts in SQL, which names the collation that it compares by. Stateless. */
final class SqlTextConditions implements TextConditions {
  @Override
  public Optional<Condition> order(Column column, String operator, String bound) {
    return Optional.of(new Condition.TextOrder(column.name(), operator, bound));
  }

  @Override
  public Optional<Condition> part(Column column, TextPart part) {
    return Optional.of(new Condition.HasPart(column.name(), part));
  }
}
