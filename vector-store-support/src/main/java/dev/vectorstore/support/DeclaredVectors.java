package dev.vectorstore.support;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What can change of the vectors of a collection that is there. Stateless. */
public final class DeclaredVectors {
  private DeclaredVectors() {}

  /**
   * The vectors that a collection lacks.
   *
   * @param present the collection that is there
   * @param wanted what is asked for
   * @return the named vectors that are to be added, in the order of their declaration
   * @throws Conflict if a vector is there with another dimension or metric, if one without a name
   *     is asked for that isn't there, or none at all where there are some
   */
  public static Map<String, VectorSpec> missing(CollectionSpec present, CollectionSpec wanted) {
    Map<String, VectorSpec> missing = new LinkedHashMap<>();
    wanted
        .vectors()
        .forEach(
            (name, vector) -> {
              VectorSpec there = present.vectors().get(name);
              if (there == null ? name.equals(VectorSpec.PLAIN) : !there.equals(vector)) {
                throw conflict(present, wanted);
              }
              if (there == null) {
                missing.put(name, vector);
              }
            });
    if (wanted.vectors().isEmpty() && !present.vectors().isEmpty()) {
      throw conflict(present, wanted);
    }
    return missing;
  }

  /**
   * Refuses to go on with a description of vectors that are others by now. One that was dropped
   * matters to those who use it, and one that was added to nobody.
   *
   * @param opened the description
   * @param current the collection as it is
   * @throws Conflict if a vector of the description has another dimension or metric
   */
  public static void requireUnchanged(CollectionSpec opened, CollectionSpec current) {
    boolean changed =
        opened.vectors().entrySet().stream()
            .anyMatch(
                vector ->
                    !vector
                        .getValue()
                        .equals(
                            current.vectors().getOrDefault(vector.getKey(), vector.getValue())));
    if (changed) {
      throw new Conflict(
          "the collection has "
              + list(current)
              + " by now, not "
              + list(opened)
              + " as when it was opened; open it again");
    }
  }

  private static Conflict conflict(CollectionSpec present, CollectionSpec wanted) {
    return new Conflict(
        "the collection has "
            + list(present)
            + ", not "
            + list(wanted)
            + "; drop it first, use another name, or ask for what is there: named vectors can be"
            + " added");
  }

  /**
   * All vectors with their dimensions and metrics, for a message.
   *
   * @param spec a collection
   * @return such as {@code "COSINE vectors of 384 dimensions"}
   */
  public static String list(CollectionSpec spec) {
    if (spec.vectors().isEmpty()) {
      return "no vectors";
    }
    return spec.vectors().entrySet().stream()
        .map(vector -> one(vector.getKey(), vector.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String one(String name, VectorSpec vector) {
    String what = vector.metric() + " vectors of " + vector.dimension() + " dimensions";
    return name.equals(VectorSpec.PLAIN) ? what : what + " named " + name;
  }
}
