package dev.vectorstore.support;

import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.VectorStoreException.Conflict;
import org.jspecify.annotations.Nullable;

/** What can change of the declared fields of a collection that is there. Stateless. */
public final class DeclaredFields {
  private DeclaredFields() {}

  /**
   * The type of a field for which a specification asks: that which it has, where it has one. A text
   * stays ranked where TERMS is asked for, which it has too.
   *
   * @param field the field
   * @param present its type, or null if it isn't declared
   * @param wanted the type that is asked for
   * @return the type that the field has from now on
   * @throws Conflict if the field would get another type, or begin to be ranked
   */
  public static FieldType typeOf(FieldPath field, @Nullable FieldType present, FieldType wanted) {
    if (wanted == FieldType.TEXT && present != wanted) {
      throw new Conflict(
          "the field "
              + field
              + (present == null ? " isn't declared" : " is declared as " + present)
              + " in the collection that is there, and a TEXT is declared when its collection is"
              + " made; "
              + (present == null ? "declare it as TERMS" : "leave it as " + present)
              + ", or copy the collection to a new one that has it as TEXT");
    }
    boolean stays = present == FieldType.TEXT && wanted == FieldType.TERMS;
    if (present != null && present != wanted && !stays) {
      throw new Conflict(
          "the field "
              + field
              + " is declared as "
              + present
              + " in the collection that is there, not as "
              + wanted
              + "; declare it as that, or copy the collection to a new one that has it as "
              + wanted);
    }
    return present == null ? wanted : present;
  }
}
