package dev.vectorstore.supabase;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.Value;
import dev.vectorstore.Vector;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the answers of our functions as they come: a record is the list of its id, its payload and
 * its vector, a hit has the score behind them.
 */
final class ManagedRows {
  private final int dimension;

  ManagedRows(int dimension) {
    this.dimension = dimension;
  }

  List<VectorRecord> records(JsonParser in) throws IOException {
    List<VectorRecord> records = new ArrayList<>();
    require(in, JsonToken.START_ARRAY);
    while (in.nextToken() != JsonToken.END_ARRAY) {
      records.add(record(in));
      requireNext(in, JsonToken.END_ARRAY);
    }
    return records;
  }

  Page page(JsonParser in) throws IOException {
    List<VectorRecord> records = List.of();
    Optional<String> next = Optional.empty();
    require(in, JsonToken.START_OBJECT);
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      boolean rows = in.currentName().equals("rows");
      in.nextToken();
      if (rows) {
        records = records(in);
      } else {
        next = Optional.ofNullable(in.getValueAsString());
      }
    }
    return new Page(records, next);
  }

  List<List<SearchHit>> answers(JsonParser in) throws IOException {
    List<List<SearchHit>> answers = new ArrayList<>();
    require(in, JsonToken.START_ARRAY);
    while (in.nextToken() != JsonToken.END_ARRAY) {
      List<SearchHit> hits = new ArrayList<>();
      require(in, JsonToken.START_ARRAY);
      while (in.nextToken() != JsonToken.END_ARRAY) {
        hits.add(hit(in));
      }
      answers.add(hits);
    }
    return answers;
  }

  private SearchHit hit(JsonParser in) throws IOException {
    VectorRecord record = record(in);
    in.nextToken();
    double score = in.getDoubleValue();
    requireNext(in, JsonToken.END_ARRAY);
    return SearchHit.of(record, score, ScoreKind.METRIC);
  }

  private VectorRecord record(JsonParser in) throws IOException {
    require(in, JsonToken.START_ARRAY);
    requireNext(in, JsonToken.VALUE_STRING);
    RecordId id = IdHex.parse(in.getText());
    requireNext(in, JsonToken.START_OBJECT);
    Payload payload = Payload.of((Value.ObjectValue) ValueReader.readStored(in));
    if (in.nextToken() == JsonToken.VALUE_NULL) {
      return VectorRecord.of(id, payload);
    }
    float[] components = VectorText.read(in, dimension);
    if (components == null) {
      throw new MalformedResponse("the function's answer has a vector that isn't one", null);
    }
    return VectorRecord.of(id, Vector.of(components), payload);
  }

  private static void requireNext(JsonParser in, JsonToken expected) throws IOException {
    in.nextToken();
    require(in, expected);
  }

  static void require(JsonParser in, JsonToken expected) throws IOException {
    if (in.currentToken() != expected) {
      throw new MalformedResponse("the function's answer isn't what this version expects", null);
    }
  }
}
