package dev.vectorstore.qdrant;

import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds conditions on texts below a negation, which a delete mustn't rely on. A record has terms of
 * those text fields only that its writer knew of. Since the writer opened the collection, or since
 * whoever deletes did, it may have been made anew with other text fields. Then terms are missing,
 * and a text that matches looks like one that doesn't. Stateless.
 */
final class NegatedTexts {
  private static final String TERMS = Reserved.path(Reserved.SLOTS);

  private NegatedTexts() {}

  /** Whether terms are asked for anywhere below a negation. */
  static boolean in(Filter filter) {
    return filter.getMustNotList().stream().anyMatch(NegatedTexts::asksForTerms)
        || Stream.of(filter.getMustList(), filter.getShouldList())
            .flatMap(List::stream)
            .anyMatch(condition -> condition.hasFilter() && in(condition.getFilter()));
  }

  private static boolean asksForTerms(Condition condition) {
    if (condition.hasFilter()) {
      Filter group = condition.getFilter();
      return Stream.of(group.getMustList(), group.getShouldList(), group.getMustNotList())
          .flatMap(List::stream)
          .anyMatch(NegatedTexts::asksForTerms);
    }
    return condition.getField().getKey().startsWith(TERMS);
  }
}
