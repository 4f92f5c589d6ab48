package dev.vectorstore;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
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
  private final List<UnreadColumn> unreadColumns;

  /**
   * A column of a table, or a vector, that no record shows.
   *
   * @param name its name
   * @param type its type in the engine's words, such as {@code sparsevec(5)} or {@code sparse}
   */
  public record UnreadColumn(String name, String type) {
    /**
     * Takes both as they are.
     *
     * @param name the column's name
     * @param type its type in the engine's words
     * @throws NullPointerException if one is null
     */
    public UnreadColumn {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(type, "type");
    }

    /** The column for people: {@code name (type)}. */
    @Override
    public String toString() {
      return name + " (" + type + ")";
    }
  }

  private CollectionInfo(
      CollectionSpec spec, Set<Capability> capabilities, List<UnreadColumn> unreadColumns) {
    this.spec = spec;
    this.capabilities = capabilities;
    this.unreadColumns = unreadColumns;
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
    return new CollectionInfo(spec, Collections.unmodifiableSet(copy), List.of());
  }

  /**
   * The same description with other unread columns.
   *
   * @param columns the columns, in any order
   * @return a new description
   */
  public CollectionInfo withUnreadColumns(List<UnreadColumn> columns) {
    return new CollectionInfo(spec, capabilities, List.copyOf(columns));
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

  /**
   * The columns and vectors that neither the vectors nor the payloads of the records hold, so that
   * nobody who reads the records knows of them: in what others made, say one of {@code sparsevec},
   * or a sparse vector.
   *
   * @return what isn't read; none in a collection that was made by a store of this library
   */
  public List<UnreadColumn> unreadColumns() {
    return unreadColumns;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CollectionInfo info
        && spec.equals(info.spec)
        && capabilities.equals(info.capabilities)
        && unreadColumns.equals(info.unreadColumns);
  }

  @Override
  public int hashCode() {
    return Objects.hash(spec, capabilities, unreadColumns);
  }

  @Override
  public String toString() {
    String unread = unreadColumns.isEmpty() ? "" : ", unreadColumns=" + unreadColumns;
    return "CollectionInfo[" + spec + ", capabilities=" + capabilities + unread + "]";
  }
}
