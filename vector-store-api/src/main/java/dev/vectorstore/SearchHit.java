package dev.vectorstore;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One answer of a search: a record and its score. Immutable, with value equality. */
public final class SearchHit {
  /** The columns of the flat layout, in which metadata keys stand beside them. */
  private static final Set<String> COLUMNS =
      Set.of(
          "id",
          "url",
          "content",
          "chunk_number",
          "source_id",
          "summary",
          "source_summary",
          "created_at");

  private final VectorRecord record;
  private final double score;
  private final ScoreKind scoreKind;

  private SearchHit(VectorRecord record, double score, ScoreKind scoreKind) {
    this.record = Objects.requireNonNull(record, "record");
    this.score = score;
    this.scoreKind = Objects.requireNonNull(scoreKind, "scoreKind");
  }

  /**
   * A hit with a score.
   *
   * @param record the record, or the part of it that was asked for
   * @param score the score; 0 for {@link ScoreKind#NONE}
   * @param scoreKind what the score means
   * @return the hit
   */
  public static SearchHit of(VectorRecord record, double score, ScoreKind scoreKind) {
    return new SearchHit(record, scoreKind == ScoreKind.NONE ? 0 : score, scoreKind);
  }

  /**
   * The record.
   *
   * @return the record, or the part of it that was asked for
   */
  public VectorRecord record() {
    return record;
  }

  /**
   * The record's id.
   *
   * @return the id
   */
  public RecordId id() {
    return record.id();
  }

  /**
   * The record's payload.
   *
   * @return the payload, or the part of it that was asked for
   */
  public Payload payload() {
    return record.payload();
  }

  /**
   * The score; what it means, {@link #scoreKind()} says.
   *
   * @return the score, or 0 for {@link ScoreKind#NONE}
   */
  public double score() {
    return score;
  }

  /**
   * What the score means.
   *
   * @return the kind
   */
  public ScoreKind scoreKind() {
    return scoreKind;
  }

  /**
   * The score, where there is one.
   *
   * @return the score, or empty for {@link ScoreKind#NONE}
   */
  public OptionalDouble similarity() {
    return scoreKind == ScoreKind.NONE ? OptionalDouble.empty() : OptionalDouble.of(score);
  }

  /**
   * The text of the payload's key {@code content}.
   *
   * @return the text, or empty if there is none
   */
  public Optional<String> content() {
    return record.payload().text("content");
  }

  /**
   * The normalised form: the keys {@code id, similarity, content, metadata}, and every other key of
   * the payload. {@code id} and {@code similarity} are never overwritten by the payload. {@code
   * content} is the payload's value of that name, or null, and so is {@code metadata}; where the
   * payload is flat, the keys beside the columns url, content, chunk_number, source_id, summary,
   * source_summary and created_at.
   *
   * @return a new map of plain Java objects; {@code similarity} is null for {@link ScoreKind#NONE}
   */
  public Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> payload = record.payload().toMap();
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("id", plainId());
    map.put("similarity", scoreKind == ScoreKind.NONE ? null : Double.valueOf(score));
    map.put("content", payload.get("content"));
    map.put("metadata", payload.containsKey("metadata") ? payload.get("metadata") : flat(payload));
    payload.forEach(
        (key, value) -> {
          if (!map.containsKey(key)) {
            map.put(key, value);
          }
        });
    return map;
  }

  private Object plainId() {
    return id() instanceof RecordId.NumberId number ? number.value() : id().toString();
  }

  private static Map<String, @Nullable Object> flat(Map<String, @Nullable Object> payload) {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>(payload);
    metadata.keySet().removeAll(COLUMNS);
    return metadata;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SearchHit hit
        && record.equals(hit.record)
        && Double.compare(score, hit.score) == 0
        && scoreKind == hit.scoreKind;
  }

  @Override
  public int hashCode() {
    return Objects.hash(record, score, scoreKind);
  }

  @Override
  public String toString() {
    return "SearchHit[" + record + ", score=" + score + ", " + scoreKind + "]";
  }
}
