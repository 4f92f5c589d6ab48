package dev.vectorstore.support;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import java.util.List;
import java.util.Map;

/** The fields of a collection that are ranked. Stateless. */
public final class RankedFields {
  /** What to do where a collection has none. */
  public static final String ADVICE =
      "declare a field as TEXT when the collection is made, or scan with a filter matchesText(...)";

  private RankedFields() {}

  /**
   * The fields that are declared as TEXT.
   *
   * @param spec a collection
   * @return their paths, in the order of declaration
   */
  public static List<FieldPath> of(CollectionSpec spec) {
    return spec.fields().entrySet().stream()
        .filter(field -> field.getValue() == FieldType.TEXT)
        .map(Map.Entry::getKey)
        .toList();
  }
}
