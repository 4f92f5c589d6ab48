package dev.vectorstore;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a reader must know of a stored record that its form in the port doesn't show: a foreign
 * table holds rows that no engine here would have written. It comes with the {@link Page} of the
 * record. Immutable, with value equality; it holds no value of the record.
 */
public final class RecordIssue {
  /** What is the matter. */
  public enum Kind {
    /** The embedding is null. The record came, without a vector. */
    NO_EMBEDDING,
    /** The embedding has zeros only, as failed embedding calls leave. It came without a vector. */
    ZERO_EMBEDDING,
    /** A number that int64 and double don't give back. The record came, the number as its text. */
    NUMBER_AS_TEXT,
    /**
     * A declared text that isn't found by its words, since another client wrote it. The record
     * came; upsert it, or patch the text, and it is found.
     */
    NO_TERMS,
    /** No record can hold this one. It didn't come, and the scan went on behind it. */
    UNREADABLE
  }

  private final Kind kind;
  private final String row;
  private final @Nullable RecordId id;
  private final @Nullable String path;
  private final String reason;

  private RecordIssue(
      Kind kind, String row, @Nullable RecordId id, @Nullable String path, String reason) {
    this.kind = Objects.requireNonNull(kind, "kind");
    this.row = Objects.requireNonNull(row, "row");
    this.id = id;
    this.path = path;
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * An issue of a whole record.
   *
   * @param kind what is the matter
   * @param id the record
   * @param reason a clause for people, without values of the record
   * @return the issue
   */
  public static RecordIssue of(Kind kind, RecordId id, String reason) {
    return new RecordIssue(kind, id.toString(), id, null, reason);
  }

  /**
   * A number that was kept as text.
   *
   * @param id the record, whose payload has the text
   * @param path where, as a JSON Pointer (RFC 6901) into the payload, such as {@code /metadata/n}
   * @param reason a clause for people, without the number
   * @return the issue
   */
  public static RecordIssue numberAsText(RecordId id, String path, String reason) {
    return new RecordIssue(
        Kind.NUMBER_AS_TEXT, id.toString(), id, Objects.requireNonNull(path, "path"), reason);
  }

  /**
   * A declared text that isn't found by its words.
   *
   * @param id the record, which came
   * @param path where, as a JSON Pointer (RFC 6901) into the payload
   * @param reason a clause for people, without the text
   * @return the issue
   */
  public static RecordIssue noTerms(RecordId id, String path, String reason) {
    return new RecordIssue(
        Kind.NO_TERMS, id.toString(), id, Objects.requireNonNull(path, "path"), reason);
  }

  /**
   * A record that can't be read, perhaps because its key can't be an id.
   *
   * @param row the key in the engine's own words
   * @param id the record's id, or null if its key can't be one
   * @param reason a clause for people, without values of the record
   * @return the issue
   */
  public static RecordIssue unreadable(String row, @Nullable RecordId id, String reason) {
    return new RecordIssue(Kind.UNREADABLE, row, id, null, reason);
  }

  /**
   * What is the matter.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * The record's key in the engine's own words; the id's text where there is an id.
   *
   * @return the key
   */
  public String row() {
    return row;
  }

  /**
   * The record's id.
   *
   * @return the id, or empty if the key can't be one
   */
  public Optional<RecordId> id() {
    return Optional.ofNullable(id);
  }

  /**
   * Where in the payload.
   *
   * @return a JSON Pointer (RFC 6901), or empty if the whole record is meant
   */
  public Optional<String> path() {
    return Optional.ofNullable(path);
  }

  /**
   * The reason, for people.
   *
   * @return a clause without values of the record
   */
  public String reason() {
    return reason;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordIssue issue
        && kind == issue.kind
        && row.equals(issue.row)
        && Objects.equals(id, issue.id)
        && Objects.equals(path, issue.path)
        && reason.equals(issue.reason);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, row, id, path, reason);
  }

  @Override
  public String toString() {
    return kind + " " + row + (path == null ? "" : " " + path) + ": " + reason;
  }
}
