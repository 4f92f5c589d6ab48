package dev.vectorstore;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * A collection as the engine describes it. Immutable, with value equality.
 *
 * <p>It grows with the engines, so it isn't a record.
 */
public final class CollectionInfo {
  private final CollectionSpec spec;
  private final Set<Capability> capabilities;

  private CollectionInfo(CollectionSpec spec, Set<Capability> capabilities) {
    this.spec = spec;
    this.capabilities = capabilities;
  }

  /**
   * A description; made by engines.
   *
   * @param spec what the collection is
   * @param capabilities what it can do; {@link Capability#RANKED_TEXT} is left out where no field
   *     is declared as {@link FieldType#TEXT}
   * @return the description
   */
  public static CollectionInfo of(CollectionSpec spec, Set<Capability> capabilities) {
    Set<Capability> copy = EnumSet.noneOf(Capability.class);
    copy.addAll(capabilities);
    if (!Objects.requireNonNull(spec, "spec").fields().containsValue(FieldType.TEXT)) {
      copy.remove(Capability.RANKED_TEXT);
    }
    return new CollectionInfo(spec, Collections.unmodifiableSet(copy));
  }

  /**
   * The collection's name.
   *
   * @return the name
   */
  public String name() {
    return spec.name();
  }

  /**
   * What the collection is.
   *
   * @return name, dimension, metric, fields, labels and kinds of ids
   */
  public CollectionSpec spec() {
    return spec;
  }

  /**
   * What the collection can do.
   *
   * @return the capabilities
   */
  public Set<Capability> capabilities() {
    return capabilities;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CollectionInfo info
        && spec.equals(info.spec)
        && capabilities.equals(info.capabilities);
  }

  @Override
  public int hashCode() {
    return Objects.hash(spec, capabilities);
  }

  @Override
  public String toString() {
    return "CollectionInfo[" + spec + ", capabilities=" + capabilities + "]";
  }
}
