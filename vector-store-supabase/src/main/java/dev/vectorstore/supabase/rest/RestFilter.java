package dev.vectorstore.supabase.rest;

import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.supabase.tables.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds a filter for both ways to read a table. Where one of them can't say the filter, it is
 * missing.
 *
 * @param rows the condition on rows, for scan and count
 * @param calls the calls of the search function, none of which is needed if it is empty
 * @param refusal why one of the two is missing
 */
record RestFilter(@Nullable Condition rows, @Nullable List<MatchFilter> calls, String refusal) {
  Condition requireRows() {
    if (rows == null) {
      throw new UnsupportedFeature(refusal);
    }
    return rows;
  }

  List<MatchFilter> requireCalls() {
    if (calls == null) {
      throw new UnsupportedFeature(refusal);
    }
    return calls;
  }
}
