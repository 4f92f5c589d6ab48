package dev.vectorstore.supabase;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.vectorstore.Embedding;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answers of our functions as they come. A row is a list: its id, its payload and its
 * vector. A hit has its score behind these, and a row of an adopted table the reason why it has no
 * vector.
 */
final class ManagedRows {
  private final boolean adopted;

  /**
   * A reader.
   *
   * @param adopted whether others wrote the rows, so that they may hold what no record can
   */
  ManagedRows(boolean adopted) {
    this.adopted = adopted;
  }

  List<VectorRecord> records(JsonParser in) throws IOException {
    List<VectorRecord> records = new ArrayList<>();
    require(in, JsonToken.START_ARRAY);
    while (in.nextToken() != JsonToken.END_ARRAY) {
      records.add(row(in).requireRecord());
    }
    return records;
  }

  Page page(JsonParser in) throws IOException {
    List<VectorRecord> records = new ArrayList<>();
    List<RecordIssue> issues = new ArrayList<>();
    Optional<String> next = Optional.empty();
    require(in, JsonToken.START_OBJECT);
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      boolean rows = in.currentName().equals("rows");
      in.nextToken();
      if (rows) {
        readRows(in, records, issues);
      } else {
        next = Optional.ofNullable(in.getValueAsString());
      }
    }
    return new Page(records, next, issues);
  }

  private void readRows(JsonParser in, List<VectorRecord> records, List<RecordIssue> issues)
      throws IOException {
    require(in, JsonToken.START_ARRAY);
    while (in.nextToken() != JsonToken.END_ARRAY) {
      Row row = row(in);
      if (row.record() != null) {
        records.add(row.record());
      }
      issues.addAll(row.issues());
    }
  }

  /**
   * Reads the answers to several searches.
   *
   * @param kinds what the scores of each are
   */
  List<List<SearchHit>> answers(JsonParser in, List<ScoreKind> kinds) throws IOException {
    List<List<SearchHit>> answers = new ArrayList<>();
    require(in, JsonToken.START_ARRAY);
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (answers.size() == kinds.size()) {
        throw new MalformedResponse("the search function has more answers than were asked for");
      }
      answers.add(hits(in, kinds.get(answers.size())));
    }
    return answers;
  }

  private List<SearchHit> hits(JsonParser in, ScoreKind kind) throws IOException {
    List<SearchHit> hits = new ArrayList<>();
    require(in, JsonToken.START_ARRAY);
    while (in.nextToken() != JsonToken.END_ARRAY) {
      Row row = row(in);
      hits.add(SearchHit.of(row.requireRecord(), row.similarity().orElse(Double.NaN), kind));
    }
    return hits;
  }

  private Row row(JsonParser in) throws IOException {
    require(in, JsonToken.START_ARRAY);
    requireNext(in, JsonToken.VALUE_STRING);
    String hex = in.getText();
    requireNext(in, JsonToken.START_OBJECT);
    RowNotes notes = new RowNotes();
    Value payload = adopted ? ValueReader.read(in, notes) : ValueReader.readStored(in);
    in.nextToken();
    Optional<Embedding> vector = vector(in);
    OptionalDouble score = OptionalDouble.empty();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken().isNumeric()) {
        score = OptionalDouble.of(in.getDoubleValue());
      } else if (in.currentToken() == JsonToken.VALUE_STRING) {
        notes.embedding(
            in.getText().equals("zero")
                ? RecordIssue.Kind.ZERO_EMBEDDING
                : RecordIssue.Kind.NO_EMBEDDING);
      }
    }
    return row(hex, (Value.ObjectValue) payload, vector, new Seen(notes, score));
  }

  /** What was noticed beside the parts of a record. */
  private record Seen(RowNotes notes, OptionalDouble score) {}

  private static Row row(
      String hex, Value.ObjectValue payload, Optional<Embedding> vector, Seen seen) {
    RecordId id;
    try {
      id = IdHex.parse(hex);
    } catch (InvalidRequest noId) {
      return unreadable(hex, null, "its key can't be an id: " + noId.getMessage(), seen);
    }
    String reason = seen.notes().unreadable();
    if (reason != null) {
      return unreadable(hex, id, reason, seen);
    }
    try {
      Payload read = Payload.of(payload);
      VectorRecord record =
          vector.isPresent() ? VectorRecord.of(id, vector.get(), read) : VectorRecord.of(id, read);
      return new Row(List.of(hex), record, seen.notes().of(id), seen.score());
    } catch (InvalidRequest noPayload) {
      return unreadable(hex, id, String.valueOf(noPayload.getMessage()), seen);
    }
  }

  private static Row unreadable(String hex, @Nullable RecordId id, String reason, Seen seen) {
    String name = id == null ? hex : id.toString();
    return new Row(
        List.of(hex), null, List.of(RecordIssue.unreadable(name, id, reason)), seen.score());
  }

  private Optional<Embedding> vector(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return Optional.empty();
    }
    require(in, JsonToken.VALUE_STRING);
    return Optional.of(VectorBytes.vector(in.getBinaryValue()));
  }

  private static void requireNext(JsonParser in, JsonToken expected) throws IOException {
    in.nextToken();
    require(in, expected);
  }

  static void require(JsonParser in, JsonToken expected) throws IOException {
    if (in.currentToken() != expected) {
      throw new MalformedResponse("the function's answer isn't what this version expects");
    }
  }
}
