package dev.vectorstore.support;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.VectorStoreException.Conflict;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a collection that are ranked, and what of them can change. Stateless. */
public final class RankedFields {
  /** What to do where a collection has none. */
  public static final String ADVICE =
      "declare a field as RANKED_TEXT when the collection is made, or search without ranked()";

  private RankedFields() {}

  /**
   * The fields that are declared as RANKED_TEXT.
   *
   * @param spec a collection
   * @return their paths, in the order of declaration
   */
  public static List<FieldPath> of(CollectionSpec spec) {
    return spec.fields().entrySet().stream()
        .filter(field -> field.getValue() == FieldType.RANKED_TEXT)
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * The type of a field of a collection that is there, for which a specification asks: a ranked one
   * stays ranked where TEXT is asked for, which it is too.
   *
   * @param field the field
   * @param present its type, or null if it isn't declared
   * @param wanted the type that is asked for
   * @return the wanted type, or RANKED_TEXT
   * @throws Conflict if the field would begin to be ranked, or end to be a text
   */
  public static FieldType typeOf(FieldPath field, @Nullable FieldType present, FieldType wanted) {
    if (wanted == FieldType.RANKED_TEXT && present != wanted) {
      throw new Conflict(
          "the field "
              + field
              + (present == null ? " isn't declared" : " is declared as " + present)
              + " in the collection that is there, whose records were not weighed for RANKED_TEXT;"
              + " declare it as TEXT, or copy the collection to a new one that has it as RANKED_TEXT",
          null);
    }
    if (present == FieldType.RANKED_TEXT && !wanted.isText()) {
      throw new Conflict(
          "the field "
              + field
              + " is declared as RANKED_TEXT, not as "
              + wanted
              + "; use another field, or another collection",
          null);
    }
    return present == FieldType.RANKED_TEXT ? present : wanted;
  }
}
