package dev.vectorstore.qdrant;

import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.Match;
import java.util.List;
import java.util.stream.Stream;

/** Whether a collection's strict mode lets a filter pass. Stateless. */
final class FilterLimits {
  private FilterLimits() {}

  static boolean allow(Filter filter, StrictModeConfig limits) {
    if (!limits.hasFilterMaxConditions() && !limits.hasConditionMaxSize()) {
      return true;
    }
    long most = limits.hasFilterMaxConditions() ? limits.getFilterMaxConditions() : Long.MAX_VALUE;
    long largest = limits.hasConditionMaxSize() ? limits.getConditionMaxSize() : Long.MAX_VALUE;
    return conditions(filter) <= most && largest(filter) <= largest;
  }

  private static long conditions(Filter filter) {
    long count = 0;
    for (Condition condition : all(filter)) {
      count += condition.hasFilter() ? conditions(condition.getFilter()) : 1;
    }
    return count;
  }

  private static long largest(Filter filter) {
    long largest = 0;
    for (Condition condition : all(filter)) {
      largest =
          Math.max(
              largest, condition.hasFilter() ? largest(condition.getFilter()) : size(condition));
    }
    return largest;
  }

  private static long size(Condition condition) {
    if (condition.hasHasId()) {
      return condition.getHasId().getHasIdCount();
    }
    Match match = condition.getField().getMatch();
    return match.hasKeywords() ? match.getKeywords().getStringsCount() : 1;
  }

  private static Iterable<Condition> all(Filter filter) {
    return Stream.of(filter.getMustList(), filter.getShouldList(), filter.getMustNotList())
        .flatMap(List::stream)
        .toList();
  }
}
