package dev.vectorstore.supabase.tables;

import java.util.Optional;

/** Says tests of texts in the words of a transport, as far as it means them by code points. */
public interface TextConditions {
  /** The order of a column's text to another one. */
  Optional<Condition> order(Column column, String operator, String bound);

  /** Whether a column's text has a part. */
  Optional<Condition> part(Column column, TextPart part);
}
