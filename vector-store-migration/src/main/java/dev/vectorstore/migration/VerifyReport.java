package dev.vectorstore.migration;

import dev.vectorstore.CollectionInfo.UnreadColumn;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** What a verification found. Immutable. */
public final class VerifyReport {
  private final Heading heading;
  private final List<Collection> collections;
  private final NotDone notDone;

  /** The queries that were asked nowhere, the collections that were left out, and if it stopped. */
  record NotDone(List<String> queries, List<String> collections, boolean stopped) {}

  /** What was compared, and the bar. */
  record Heading(String from, String to, double minOverlap) {}

  VerifyReport(Heading heading, List<Collection> collections, NotDone notDone) {
    this.heading = heading;
    this.collections = List.copyOf(collections);
    this.notDone = notDone;
  }

  /**
   * The collections that were verified.
   *
   * @return what was found for each, in order
   */
  public List<Collection> collections() {
    return collections;
  }

  /**
   * Whether the target holds what the source holds, and answers what it should.
   *
   * @return true if no record differs, no overlap is below the bar, and no given query and no
   *     collection was left out
   */
  public boolean passed() {
    return notDone.equals(new NotDone(List.of(), List.of(), false))
        && collections.stream().allMatch(c -> c.passed(heading.minOverlap()));
  }

  /**
   * The given queries that no collection could be asked: of another dimension, or with a text where
   * no field is declared as text.
   *
   * @return their names, such as "line 3"
   */
  public List<String> queriesNotAsked() {
    return notDone.queries();
  }

  /**
   * The source's collections that were left out, since the target has none of their names, and none
   * is made under such names: a copy leaves them out unless it is told a target.
   *
   * @return their names in the source
   */
  public List<String> leftOut() {
    return notDone.collections();
  }

  /**
   * Whether the verification ended early because it was asked to.
   *
   * @return true if rows weren't looked at
   */
  public boolean stopped() {
    return notDone.stopped();
  }

  /**
   * The report as JSON: {@code {"collections": [{"name", "count_from", "count_to",
   * "payload_mismatches", "vector_mismatches", "overlap_at_k", ...}]}}.
   *
   * @return one line
   */
  public String toJson() {
    return VerifyJson.write(this).toString();
  }

  /**
   * The report as a page without references to anything else.
   *
   * @return HTML
   */
  public String toHtml() {
    return VerifyHtml.write(this);
  }

  String from() {
    return heading.from();
  }

  String to() {
    return heading.to();
  }

  double minOverlap() {
    return heading.minOverlap();
  }

  /**
   * Counts of rows; by source id, those of the source and of the target; and the columns that no
   * row shows.
   */
  record Counts(long from, long to, Map<String, List<Long>> bySource, List<UnreadColumn> unread) {
    boolean sourcesAgree() {
      return bySource.values().stream().allMatch(pair -> pair.get(0).equals(pair.get(1)));
    }
  }

  /** How the two stores answered the queries that they could be asked. */
  record Searches(ParitySummary target, ParitySummary source, Conditions conditions) {}

  /**
   * How the queries were asked.
   *
   * @param k how many hits were compared
   * @param unasked how many queries the target couldn't be asked
   * @param ranked whether the target ranks texts by relevance
   * @param unproven whether there was something to search for, and none was asked
   */
  record Conditions(int k, int unasked, boolean ranked, boolean unproven) {}

  /** What was found for one collection. Immutable. */
  public static final class Collection {
    private final ResolvedRoute.Part part;
    private final Counts counts;
    private final Comparison.Result compared;
    private final Searches searches;
    private final double seconds;

    Collection(
        ResolvedRoute.Part part,
        Counts counts,
        Comparison.Result compared,
        Searches searches,
        double seconds) {
      this.part = part;
      this.counts = counts;
      this.compared = compared;
      this.searches = searches;
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
     * @return the number of rows
     */
    public long countFrom() {
      return counts.from();
    }

    /**
     * The records of the target.
     *
     * @return the number of records
     */
    public long countTo() {
      return counts.to();
    }

    /**
     * Rows that the target should have and hasn't.
     *
     * @return the number of rows
     */
    public long missing() {
      return compared.differences().missing();
    }

    /**
     * Records of the target that the source hasn't.
     *
     * @return the number of records
     */
    public long extra() {
      return compared.differences().extra();
    }

    /**
     * Records whose payloads differ.
     *
     * @return the number of records
     */
    public long payloadMismatches() {
      return compared.differences().payloads();
    }

    /**
     * Records whose vectors differ: by direction under cosine, else by any bit.
     *
     * @return the number of records
     */
    public long vectorMismatches() {
      return compared.differences().vectors();
    }

    /**
     * Rows that can't be moved to this target.
     *
     * @return the number of rows
     */
    public long unmovable() {
      return compared.unmovable();
    }

    /**
     * By how many rows the source's count and its scan differ: rows came or went meanwhile, or the
     * source hides some, so that not all of them were compared.
     *
     * @return the number of rows
     */
    public long uncompared() {
      return compared.differences().uncompared();
    }

    /**
     * Columns of the source that neither its vectors nor its payloads hold, such as a second
     * vector, so that the target lacks them; not those that the mapping drops.
     *
     * @return the columns
     */
    public List<UnreadColumn> unreadColumns() {
      return counts.unread();
    }

    /**
     * Rows that have no vector.
     *
     * @return the number of rows
     */
    public long withoutVector() {
      return compared.withoutVector();
    }

    /**
     * The share of the right answers that the target gives: the mean over all queries.
     *
     * @return 0 to 1, or empty if nothing could be asked
     */
    public OptionalDouble overlap() {
      return searches.target().overlap();
    }

    /**
     * The share of the right answers that the source's own search gives.
     *
     * @return 0 to 1, or empty if it has no search
     */
    public OptionalDouble sourceOverlap() {
      return searches.source().overlap();
    }

    /**
     * Why the target's answers differ from the right ones.
     *
     * @return the number of absent records by cause
     */
    public Map<String, Long> causes() {
      return new TreeMap<>(searches.target().causes());
    }

    /**
     * Why the source's own answers differ from the right ones.
     *
     * @return the number of absent records by cause
     */
    public Map<String, Long> sourceCauses() {
      return new TreeMap<>(searches.source().causes());
    }

    boolean passed(double minOverlap) {
      return compared.differences().all() == 0
          && compared.unmovable() == 0
          && counts.unread().isEmpty()
          && counts.from() == counts.to()
          && counts.sourcesAgree()
          && !searches.conditions().unproven()
          && overlap().orElse(1) >= minOverlap;
    }

    Counts counts() {
      return counts;
    }

    Comparison.Result compared() {
      return compared;
    }

    Searches searches() {
      return searches;
    }

    double seconds() {
      return seconds;
    }

    /** One line for people. */
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s: %,d rows and %,d records; %d missing, %d extra, %d payloads and %d vectors"
              + " differ%s%s%s%s%s%s",
          part,
          countFrom(),
          countTo(),
          missing(),
          extra(),
          payloadMismatches(),
          vectorMismatches(),
          unmovable() == 0 ? "" : ", " + unmovable() + " rows can't be moved",
          counts.sourcesAgree() ? "" : ", counts by source_id differ",
          uncompared() == 0 ? "" : ", " + uncompared() + " rows not compared",
          shown(", overlap %.4f", overlap()),
          shown(" (the source's own search %.4f)", sourceOverlap()),
          searches.conditions().unasked() == 0
              ? ""
              : ", " + searches.conditions().unasked() + " queries not asked");
    }

    private static String shown(String format, OptionalDouble value) {
      return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "";
    }
  }
}
