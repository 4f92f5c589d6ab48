package dev.vectorstore.migration;

import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a query should be answered.
 *
 * @param best the right records, best first
 * @param substitute tells which others would do as well
 */
record RightAnswer(List<ExactOrder.Scored> best, Substitute substitute) {
  /** Whether a record that isn't among the best stands no lower than the last of them. */
  @FunctionalInterface
  interface Substitute {
    /** Asks about a row of the source, as the target shall hold it. */
    boolean equallyGood(VectorRecord row);
  }

  Set<RecordId> ids() {
    return best.stream().map(ExactOrder.Scored::id).collect(Collectors.toSet());
  }
}
