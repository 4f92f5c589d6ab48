package dev.vectorstore.migration;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.support.PayloadJson;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The line of a record in files: {@code {"id": 7, "vector": [...], "vectors": {"name": [...]},
 * "payload": {...}}}, the vectors where the record has them; and in files of rejects also {@code
 * "collection"} and {@code "reason"}. Stateless.
 */
final class RecordLines {
  /**
   * A line that was read.
   *
   * @param collection the source's collection, or null if the line doesn't say
   * @param reject the record and, if it was one, why it was rejected
   */
  record Line(@Nullable String collection, Reject reject) {}

  private RecordLines() {}

  static String write(String collection, Reject reject) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = Json.MAPPER.createGenerator(line)) {
      json.writeStartObject();
      if (reject.record() == null) {
        json.writeStringField("row", reject.row());
      } else {
        writeRecord(json, reject.record());
      }
      json.writeStringField("collection", collection);
      json.writeStringField("reason", reject.reason());
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new IllegalStateException("a line in memory can't be written", impossible);
    }
    return line.toString();
  }

  private static void writeRecord(JsonGenerator json, VectorRecord record) throws IOException {
    json.writeFieldName("id");
    writeId(json, record.id());
    if (record.vector(VectorSpec.PLAIN).isPresent()) {
      writeVector(json, "vector", record.vector(VectorSpec.PLAIN).get());
    }
    Map<String, Embedding> named = new LinkedHashMap<>(record.vectors());
    named.remove(VectorSpec.PLAIN);
    if (!named.isEmpty()) {
      json.writeObjectFieldStart("vectors");
      for (Map.Entry<String, Embedding> vector : named.entrySet()) {
        writeVector(json, vector.getKey(), vector.getValue());
      }
      json.writeEndObject();
    }
    json.writeFieldName("payload");
    PayloadJson.write(json, record.payload().toValue());
  }

  private static void writeVector(JsonGenerator json, String field, Embedding vector)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (float component : vector.toArray()) {
      json.writeNumber(component);
    }
    json.writeEndArray();
  }

  /** A text that reads like a UUID says that it is a text. */
  private static void writeId(JsonGenerator json, RecordId id) throws IOException {
    if (id instanceof RecordId.NumberId number) {
      json.writeNumber(number.value());
    } else if (id instanceof RecordId.TextId text && isUuid(text.value())) {
      json.writeStartObject();
      json.writeStringField("text", text.value());
      json.writeEndObject();
    } else {
      json.writeString(id.toString());
    }
  }

  /** An id as the line's JSON. */
  static String idText(RecordId id) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = Json.MAPPER.createGenerator(text)) {
      writeId(json, id);
    } catch (IOException impossible) {
      throw new IllegalStateException("an id in memory can't be written", impossible);
    }
    return text.toString();
  }

  /** An id from the line's JSON. */
  static RecordId readId(String text) {
    try (JsonParser json = Json.MAPPER.createParser(text)) {
      json.nextToken();
      return new LineReader(json).id();
    } catch (IOException e) {
      throw new InvalidRequest("an id isn't JSON", e);
    }
  }

  /** Reads a line; what isn't one is InvalidRequest. */
  static Line read(String text) {
    try (JsonParser json = Json.MAPPER.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidRequest("the line isn't a JSON object");
      }
      return new LineReader(json).read();
    } catch (IOException e) {
      throw new InvalidRequest("the line isn't JSON of the export form", e);
    }
  }

  static boolean isUuid(String text) {
    try {
      return text.length() == 36 && UUID.fromString(text).toString().equals(text);
    } catch (IllegalArgumentException e) {
      return false; // 36 characters of something else
    }
  }

  /** One line's fields, in any order. */
  private static final class LineReader {
    private final JsonParser json;
    private @Nullable RecordId id;
    private final Map<String, Embedding> vectors = new LinkedHashMap<>();
    private Payload payload = Payload.empty();
    private @Nullable String row;
    private @Nullable String collection;
    private String reason = "";

    LineReader(JsonParser json) {
      this.json = json;
    }

    Line read() throws IOException {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        field(field);
      }
      if (id == null) {
        if (row == null) {
          throw new InvalidRequest("the line has no id");
        }
        return new Line(collection, new Reject(row, null, reason));
      }
      VectorRecord record = VectorRecord.of(id, vectors, payload);
      return new Line(collection, new Reject(id.toString(), record, reason));
    }

    private void field(String name) throws IOException {
      switch (name) {
        case "id" -> id = id();
        case "vector" -> vector(VectorSpec.PLAIN);
        case "vectors" -> {
          if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new InvalidRequest("the line's vectors aren't a JSON object");
          }
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            String vector = json.currentName();
            json.nextToken();
            vector(vector);
          }
        }
        case "payload" -> {
          if (!(PayloadJson.read(json) instanceof Value.ObjectValue object)) {
            throw new InvalidRequest("the line's payload isn't a JSON object");
          }
          payload = Payload.of(object);
        }
        case "row" -> row = json.getText();
        case "collection" -> collection = json.getText();
        case "reason" -> reason = json.getText();
        default -> json.skipChildren();
      }
    }

    private void vector(String name) throws IOException {
      if (json.currentToken() != JsonToken.VALUE_NULL) {
        vectors.put(name, vector());
      }
    }

    private RecordId id() throws IOException {
      if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
        return RecordId.of(json.getLongValue());
      }
      if (json.currentToken() == JsonToken.START_OBJECT) {
        json.nextToken();
        String text = json.nextTextValue();
        json.nextToken();
        if (text == null) {
          throw new InvalidRequest("the line's id isn't a number, a string or {\"text\": ...}");
        }
        return RecordId.of(text);
      }
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        throw new InvalidRequest("the line's id isn't a number or a string");
      }
      String text = json.getText();
      return isUuid(text) ? RecordId.of(UUID.fromString(text)) : RecordId.of(text);
    }

    private Embedding vector() throws IOException {
      if (json.currentToken() != JsonToken.START_ARRAY) {
        throw new InvalidRequest("the line's vector isn't a JSON array");
      }
      float[] components = new float[16];
      int dimension = 0;
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (dimension == components.length) {
          components = Arrays.copyOf(components, 2 * dimension);
        }
        // From the text, since by way of a double a float can be rounded twice.
        components[dimension++] = component(json.getText());
      }
      return Embedding.of(Arrays.copyOf(components, dimension));
    }

    private static float component(String text) {
      try {
        return Float.parseFloat(text);
      } catch (NumberFormatException e) {
        throw new InvalidRequest("the line's vector has a component that isn't a number", e);
      }
    }
  }
}
