package dev.vectorstore.qdrant;

import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Filter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last look at a filter before a delete is sent. Qdrant takes an empty filter, at any depth, a
 * condition without content and a min_should for "all records", so that a compiler's slip would
 * wipe the collection. Stateless.
 */
final class DeleteGuard {
  private DeleteGuard() {}

  /**
   * The filter, if no part of it can mean everything.
   *
   * @throws IllegalStateException if some part could
   */
  static Filter requireNarrow(@Nullable Filter filter) {
    if (filter == null) {
      throw refusal("there is no filter");
    }
    int conditions = filter.getMustCount() + filter.getShouldCount() + filter.getMustNotCount();
    if (conditions == 0) {
      throw refusal("a group is empty");
    }
    if (filter.hasMinShould()) {
      throw refusal("a group has min_should");
    }
    requireEach(filter.getMustList());
    requireEach(filter.getShouldList());
    requireEach(filter.getMustNotList());
    return filter;
  }

  private static void requireEach(List<Condition> conditions) {
    for (Condition condition : conditions) {
      switch (condition.getConditionOneOfCase()) {
        case FILTER -> requireNarrow(condition.getFilter());
        case NESTED -> requireNarrow(condition.getNested().getFilter());
        case FIELD -> requirePredicate(condition.getField());
        case IS_EMPTY, IS_NULL, HAS_ID, HAS_VECTOR -> {}
        case CONDITIONONEOF_NOT_SET -> throw refusal("a condition has no content");
      }
    }
  }

  private static void requirePredicate(FieldCondition field) {
    boolean some =
        field.hasMatch()
            || field.hasRange()
            || field.hasValuesCount()
            || field.hasDatetimeRange()
            || field.hasIsEmpty()
            || field.hasIsNull();
    if (field.getKey().isEmpty() || !some) {
      throw refusal("a condition on a field has no predicate");
    }
  }

  private static IllegalStateException refusal(String why) {
    return new IllegalStateException(
        "the delete was not sent, because its compiled filter could mean every record: " + why);
  }
}
