package dev.vectorstore.migration;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import java.util.List;

/** What a copy would do; nothing was written. Immutable. */
public final class CopyPlan {
  private final List<Collection> collections;
  private final List<String> leftOut;
  private final boolean stopped;

  CopyPlan(List<Collection> collections, List<String> leftOut, boolean stopped) {
    this.collections = List.copyOf(collections);
    this.leftOut = List.copyOf(leftOut);
    this.stopped = stopped;
  }

  /**
   * Whether the check ended early because it was asked to.
   *
   * @return true if rows weren't looked at
   */
  public boolean stopped() {
    return stopped;
  }

  /**
   * The collections that would be copied.
   *
   * @return a plan for each, in order
   */
  public List<Collection> collections() {
    return collections;
  }

  /**
   * The source's collections that would be left out, since nobody named a target for them, the
   * target has no collection of their names, and none is made under such names.
   *
   * @return their names in the source
   */
  public List<String> leftOut() {
    return leftOut;
  }

  /**
   * Whether everything can be moved.
   *
   * @return false if a row or a column can't be moved, a collection stands in the way or would be
   *     left out, or not all rows were looked at
   */
  public boolean clean() {
    return !stopped
        && leftOut.isEmpty()
        && collections.stream().allMatch(c -> c.rejected() == 0 && c.problems().isEmpty());
  }

  /**
   * The plan as JSON: {@code {"plan": [{"name", "target", "rows", "rejected", ...}]}}.
   *
   * @return one line
   */
  public String toJson() {
    ObjectNode root = Json.MAPPER.createObjectNode();
    ArrayNode array = root.putArray("plan");
    collections.forEach(collection -> collection.write(array.addObject()));
    Json.putTexts(root, "left_out", leftOut);
    if (stopped) {
      root.put("stopped", true);
    }
    return root.toString();
  }

  /** What would be done for one collection. Immutable. */
  public static final class Collection {
    private final String name;
    private final CollectionSpec target;
    private final boolean exists;
    private final CopyCounts counts;
    private final List<String> problems;

    Collection(
        String name,
        CollectionSpec target,
        boolean exists,
        CopyCounts counts,
        List<String> problems) {
      this.name = name;
      this.target = target;
      this.exists = exists;
      this.counts = counts;
      this.problems = List.copyOf(problems);
    }

    /**
     * The source's collection.
     *
     * @return its name
     */
    public String name() {
      return name;
    }

    /**
     * What the target's collection would be, or would be made to have.
     *
     * @return name, dimension, metric and fields
     */
    public CollectionSpec target() {
      return target;
    }

    /**
     * Whether the target's collection is there.
     *
     * @return false if it would be made
     */
    public boolean targetExists() {
      return exists;
    }

    /**
     * The rows of the source.
     *
     * @return the number of rows
     */
    public long rows() {
      return counts.read();
    }

    /**
     * The records that would have no vector.
     *
     * @return the number of records
     */
    public long withoutVector() {
      return counts.withoutVector();
    }

    /**
     * The numbers that would be kept as text.
     *
     * @return the number of numbers
     */
    public long numbersAsText() {
      return counts.numbersAsText();
    }

    /**
     * The rows that can't be moved.
     *
     * @return the number of rows
     */
    public long rejected() {
      return counts.rejected();
    }

    /**
     * What stands in the way, and the first rows that can't be moved with their reasons.
     *
     * @return lines for people
     */
    public List<String> problems() {
      return problems;
    }

    private void write(ObjectNode node) {
      node.put("name", name).put("target", target.name()).put("target_exists", exists);
      node.put("rows", counts.read());
      target.dimension().ifPresent(dimension -> node.put("dimension", dimension));
      target.metric().map(Metric::name).ifPresent(metric -> node.put("metric", metric));
      NamedVectors.write(node, target);
      ObjectNode fields = node.putObject("fields");
      target
          .fields()
          .forEach((path, type) -> fields.put(String.join("/", path.segments()), type.name()));
      node.put("without_vector", counts.withoutVector());
      node.put("numbers_as_text", counts.numbersAsText());
      node.put("rejected", counts.rejected());
      ArrayNode lines = node.putArray("problems");
      problems.forEach(lines::add);
    }
  }
}
