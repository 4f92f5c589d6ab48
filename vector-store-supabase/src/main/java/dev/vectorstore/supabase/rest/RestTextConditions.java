package dev.vectorstore.supabase.rest;

import dev.vectorstore.supabase.tables.Column;
import dev.vectorstore.supabase.tables.ColumnType.Kind;
import dev.vectorstore.supabase.tables.Condition;
import dev.vectorstore.supabase.tables.TextConditions;
import dev.vectorstore.supabase.tables.TextPart;
import java.util.Optional;

/** Says tests of texts to PostgREST. Stateless. */
final class RestTextConditions implements TextConditions {
  /** PostgREST compares by the collation of the column, which is the database's mostly. */
  @Override
  public Optional<Condition> order(Column column, String operator, String bound) {
    return Optional.empty();
  }

  /** Not by LIKE: PostgREST takes each * for a %, and has no word for a * that is none. */
  @Override
  public Optional<Condition> part(Column column, TextPart part) {
    return column.is(Kind.UUID)
        ? Optional.empty()
        : Optional.of(new Condition.Comparison(column.name(), "match", part.pattern()));
  }
}
