package dev.vectorstore.migration;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vectorstore.CollectionInfo.UnreadColumn;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a copy did, interrupted runs of the same copy included. Immutable. */
public final class CopyReport {
  private final List<Collection> collections;
  private final List<String> leftOut;
  private final @Nullable Path rejects;
  private final End end;

  /** Whether rows are left, and whether an earlier run had begun it. */
  record End(boolean stopped, boolean resumed) {}

  CopyReport(List<Collection> collections, List<String> leftOut, @Nullable Path rejects, End end) {
    this.collections = List.copyOf(collections);
    this.leftOut = List.copyOf(leftOut);
    this.rejects = rejects;
    this.end = end;
  }

  /**
   * The collections that were begun.
   *
   * @return what was done for each, in order
   */
  public List<Collection> collections() {
    return collections;
  }

  /**
   * The source's collections that were left out, since nobody named a target for them, the target
   * has no collection of their names, and none is made under such names.
   *
   * @return their names in the source
   */
  public List<String> leftOut() {
    return leftOut;
  }

  /**
   * The file with the rows that can't be moved, each with the reason.
   *
   * @return the file, or empty if everything was moved
   */
  public Optional<Path> rejects() {
    return Optional.ofNullable(rejects);
  }

  /**
   * Whether the copy ended early because it was asked to; run it again to go on.
   *
   * @return true if rows are left
   */
  public boolean stopped() {
    return end.stopped();
  }

  /**
   * Whether it went on where an earlier run had stopped.
   *
   * @return true if there was a checkpoint
   */
  public boolean resumed() {
    return end.resumed();
  }

  /**
   * The rows of all collections that can't be moved.
   *
   * @return the number of rows
   */
  public long rejected() {
    return collections.stream().mapToLong(Collection::rejected).sum();
  }

  /**
   * Whether the target has all that the source had: no row was rejected, and no column or
   * collection left out.
   *
   * @return false if something couldn't be moved
   */
  public boolean clean() {
    return leftOut.isEmpty()
        && collections.stream().allMatch(c -> c.rejected() == 0 && c.unreadColumns().isEmpty());
  }

  /**
   * The report as JSON: {@code {"collections": [{"name", "read", "written", "rejected", "seconds",
   * ...}]}}.
   *
   * @return one line
   */
  public String toJson() {
    ObjectNode root = Json.MAPPER.createObjectNode();
    ArrayNode array = root.putArray("collections");
    collections.forEach(collection -> collection.write(array.addObject()));
    if (rejects != null) {
      root.put("rejects", rejects.toString());
    }
    Json.putTexts(root, "left_out", leftOut);
    if (end.stopped()) {
      root.put("stopped", true);
    }
    return root.toString();
  }

  /** What people should know of a collection beside the counts. */
  record Notes(
      List<String> numbersAsText, List<UnreadColumn> unreadColumns, OptionalLong sourceRows) {
    Notes {
      numbersAsText = List.copyOf(numbersAsText);
      unreadColumns = List.copyOf(unreadColumns);
    }
  }

  /** What was done for one collection. Immutable. */
  public static final class Collection {
    private final ResolvedRoute.Part part;
    private final CopyCounts counts;
    private final Notes notes;
    private final double seconds;

    Collection(ResolvedRoute.Part part, CopyCounts counts, Notes notes, double seconds) {
      this.part = part;
      this.counts = counts;
      this.notes = notes;
      this.seconds = seconds;
    }

    /**
     * The source's collection.
     *
     * @return its name
     */
    public String name() {
      return part.source();
    }

    /**
     * The target's collection.
     *
     * @return its name
     */
    public String target() {
      return part.target();
    }

    /**
     * The rows of the source.
     *
     * @return the number of rows, those that it couldn't read included
     */
    public long read() {
      return counts.read();
    }

    /**
     * The records that the target acknowledged.
     *
     * @return the number of records
     */
    public long written() {
      return counts.written();
    }

    /**
     * The rows that can't be moved; they are in the reject file.
     *
     * @return the number of rows
     */
    public long rejected() {
      return counts.rejected();
    }

    /**
     * The written records without a vector: their embedding was null or zero, or the collection has
     * none.
     *
     * @return the number of records
     */
    public long withoutVector() {
      return counts.withoutVector();
    }

    /**
     * How many numbers are kept as text, since neither int64 nor double gives them back.
     *
     * @return the number of numbers
     */
    public long numbersAsText() {
      return counts.numbersAsText();
    }

    /**
     * The first hundred of the numbers of this run that are kept as text.
     *
     * @return the record's id and a JSON Pointer for each
     */
    public List<String> listedNumbers() {
      return notes.numbersAsText();
    }

    /**
     * Columns of the source that neither its vectors nor its payloads hold, such as a second
     * vector, and which therefore aren't in the target; not those that the mapping drops.
     *
     * @return the columns
     */
    public List<UnreadColumn> unreadColumns() {
      return notes.unreadColumns();
    }

    /**
     * The rows of the source at the end of this run. If it isn't the number of rows that were read,
     * rows came or went meanwhile, and those behind the copy's place aren't in the target: copy
     * once more.
     *
     * @return the number, or empty if it wasn't counted
     */
    public OptionalLong sourceRows() {
      return notes.sourceRows();
    }

    /**
     * The time of this run.
     *
     * @return seconds
     */
    public double seconds() {
      return seconds;
    }

    private void write(ObjectNode node) {
      node.put("name", name());
      counts.write(node);
      if (!notes.unreadColumns().isEmpty()) {
        ArrayNode columns = node.putArray("unread_columns");
        notes.unreadColumns().forEach(column -> columns.add(column.toString()));
      }
      notes.sourceRows().ifPresent(rows -> node.put("source_rows", rows));
      node.put("seconds", Math.round(seconds * 1000) / 1000.0).put("target", target());
    }
  }
}
