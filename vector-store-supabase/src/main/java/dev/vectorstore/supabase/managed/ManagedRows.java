package dev.vectorstore.supabase.managed;

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
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.supabase.tables.Found;
import dev.vectorstore.supabase.tables.IdHex;
import dev.vectorstore.supabase.tables.Row;
import dev.vectorstore.supabase.tables.RowNotes;
import dev.vectorstore.supabase.tables.RowVectors;
import dev.vectorstore.supabase.tables.ValueReader;
import dev.vectorstore.supabase.tables.VectorBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answers of our functions as they come. A row is a list: its id, its payload and the
 * vectors that were asked for, in the order of their names. A hit has its score behind these.
 */
final class ManagedRows {
  private final Map<String, VectorSpec> vectors;
  private final boolean adopted;

  /**
   * A reader.
   *
   * @param vectors all of the collection
   * @param adopted whether others wrote the rows, so that they may hold what no record can
   */
  ManagedRows(Map<String, VectorSpec> vectors, boolean adopted) {
    this.vectors = vectors;
    this.adopted = adopted;
  }

  /**
   * A search.
   *
   * @param kind what its scores are
   * @param vectors the names of the vectors that its hits have
   * @param limit how many hits it wants
   */
  record Asked(ScoreKind kind, List<String> vectors, int limit) {}

  List<VectorRecord> records(JsonParser in, List<String> names) throws IOException {
    List<VectorRecord> records = new ArrayList<>();
    require(in, JsonToken.START_ARRAY);
    while (in.nextToken() != JsonToken.END_ARRAY) {
      records.add(row(in, names).requireRecord());
    }
    return records;
  }

  Page page(JsonParser in, List<String> names) throws IOException {
    List<VectorRecord> records = new ArrayList<>();
    List<RecordIssue> issues = new ArrayList<>();
    Optional<String> next = Optional.empty();
    require(in, JsonToken.START_OBJECT);
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      boolean rows = in.currentName().equals("rows");
      in.nextToken();
      if (rows) {
        require(in, JsonToken.START_ARRAY);
        while (in.nextToken() != JsonToken.END_ARRAY) {
          Row row = row(in, names);
          if (row.record() != null) {
            records.add(row.record());
          }
          issues.addAll(row.issues());
        }
      } else {
        next = Optional.ofNullable(in.getValueAsString());
      }
    }
    return new Page(records, next, issues);
  }

  /** Reads the answers to several searches. */
  List<Found> answers(JsonParser in, List<Asked> asked) throws IOException {
    List<Found> answers = new ArrayList<>();
    require(in, JsonToken.START_ARRAY);
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (answers.size() == asked.size()) {
        throw new MalformedResponse("the search function has more answers than were asked for");
      }
      answers.add(hits(in, asked.get(answers.size())));
    }
    return answers;
  }

  private Found hits(JsonParser in, Asked asked) throws IOException {
    List<SearchHit> hits = new ArrayList<>();
    int leftOut = 0;
    require(in, JsonToken.START_ARRAY);
    while (in.nextToken() != JsonToken.END_ARRAY) {
      Row row = row(in, asked.vectors());
      if (row.record() == null) {
        leftOut++;
      } else {
        double score = row.similarity().orElse(Double.NaN);
        hits.add(SearchHit.of(row.record(), score, asked.kind()));
      }
    }
    return new Found(hits, hits.size() + leftOut, leftOut);
  }

  private Row row(JsonParser in, List<String> names) throws IOException {
    require(in, JsonToken.START_ARRAY);
    requireNext(in, JsonToken.VALUE_STRING);
    String hex = in.getText();
    RowNotes notes = new RowNotes();
    Value payload = payload(in, notes);
    Map<String, Embedding> read = vectors(in, names, notes);
    OptionalDouble score = OptionalDouble.empty();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken().isNumeric()) {
        score = OptionalDouble.of(in.getDoubleValue());
      } else if (in.currentToken() == JsonToken.VALUE_STRING) {
        // JSON has no number for a distance beyond all floats; Postgres writes "-Infinity".
        score = OptionalDouble.of(Double.parseDouble(in.getText()));
      }
    }
    return row(hex, (Value.ObjectValue) payload, read, new Seen(notes, score));
  }

  /** Of a row that has a column of json which jsonb can't hold, the function has none. */
  private Value payload(JsonParser in, RowNotes notes) throws IOException {
    if (!adopted) {
      requireNext(in, JsonToken.START_OBJECT);
      return ValueReader.readStored(in);
    }
    if (in.nextToken() == JsonToken.VALUE_NULL) {
      notes.unreadable("a column of json has \\u0000, or half of a surrogate pair");
      return new Value.ObjectValue(Map.of());
    }
    require(in, JsonToken.START_OBJECT);
    return ValueReader.read(in, notes);
  }

  /** What was noticed beside the parts of a record. */
  private record Seen(RowNotes notes, OptionalDouble score) {}

  private static Row row(
      String hex, Value.ObjectValue payload, Map<String, Embedding> vectors, Seen seen) {
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
      VectorRecord record = VectorRecord.of(id, vectors, Payload.of(payload));
      return new Row(List.of(hex), record, seen.notes().of(id), seen.score());
    } catch (InvalidRequest noPayload) {
      return unreadable(hex, id, noPayload.getMessage(), seen);
    }
  }

  private static Row unreadable(String hex, @Nullable RecordId id, String reason, Seen seen) {
    String name = id == null ? hex : id.toString();
    return new Row(
        List.of(hex), null, List.of(RecordIssue.unreadable(name, id, reason)), seen.score());
  }

  private Map<String, Embedding> vectors(JsonParser in, List<String> names, RowNotes notes)
      throws IOException {
    RowVectors read = new RowVectors(vectors, adopted, notes);
    Map<String, Embedding> ours = new LinkedHashMap<>();
    for (String name : names) {
      boolean there = in.nextToken() != JsonToken.VALUE_NULL;
      if (there) {
        require(in, JsonToken.VALUE_STRING);
      }
      if (adopted) {
        read.add(name, there ? VectorBytes.read(in.getBinaryValue()) : null);
      } else if (there) {
        ours.put(name, VectorBytes.vector(in.getBinaryValue()));
      }
    }
    return adopted ? read.read() : ours;
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
