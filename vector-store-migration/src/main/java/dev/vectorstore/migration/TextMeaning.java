package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells which rows a collection finds by a text. A collection that ranks texts finds the rows that
 * have at least one of the terms in a field declared as TEXT. Another finds those that have all of
 * the terms in a field with terms. Source and target may differ in that. Immutable.
 *
 * @param ranked whether hits come by relevance
 * @param fields the fields that are looked at, where the target's layout has them
 */
record TextMeaning(boolean ranked, Set<FieldPath> fields) {
  /** What the target finds; empty if it can't be asked by text. */
  static Optional<TextMeaning> ofTarget(VectorCollection target) {
    return ofSource(target, Mapping.identity());
  }

  /**
   * What the source finds; empty if it can't be asked by text, or looks at a text that the mapping
   * drops: rows as the target shall hold them don't show what it finds then.
   */
  static Optional<TextMeaning> ofSource(VectorCollection source, Mapping mapping) {
    boolean ranked = source.capabilities().contains(Capability.RANKED_TEXT);
    Set<FieldPath> fields = new LinkedHashSet<>();
    for (Map.Entry<FieldPath, FieldType> field : source.describe().spec().fields().entrySet()) {
      if (ranked ? field.getValue() == FieldType.TEXT : field.getValue().isText()) {
        Optional<FieldPath> path = mapping.apply(field.getKey());
        if (path.isEmpty()) {
          return Optional.empty();
        }
        fields.add(path.get());
      }
    }
    boolean terms = source.capabilities().contains(Capability.TERMS);
    return terms && !fields.isEmpty()
        ? Optional.of(new TextMeaning(ranked, fields))
        : Optional.empty();
  }

  /** Selects the rows that have all terms, as a collection that doesn't rank finds them. */
  Filter allTerms(SearchRequest request) {
    CollectionSpec.Builder spec = CollectionSpec.builder("texts");
    fields.forEach(field -> spec.field(field, FieldType.TERMS));
    return request.textFilter(spec.build());
  }
}
