package dev.vectorstore.support;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.vectorstore.Payload;
import dev.vectorstore.Value;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values as JSON text and back, without losing the kind of a number: an integer is written without
 * a point, a double always with one or with an exponent. Stateless.
 */
public final class PayloadJson {
  /** Shared by all that read and write JSON here; safe for threads. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              // Documents are as long as they are; nesting is bounded by Payload anyway.
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNestingDepth(1_000)
                  .maxNumberLength(10_000)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** A row that can't be a record is to be left out alone, so nothing that it has ends the text. */
  private static final JsonFactory ROWS =
      JSON.rebuild()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** What becomes of a number that a double holds only nearly. */
  private enum Decimals {
    /** Refused: somebody wrote it so. */
    EXACT,
    /** The nearest double: we wrote it from a double. */
    NEAREST
  }

  private PayloadJson() {}

  /**
   * The factory of parsers and generators, without limits on the length of texts.
   *
   * @return the factory, shared
   */
  public static JsonFactory factory() {
    return JSON;
  }

  /**
   * The factory of parsers of rows that others wrote, which may nest deeper and have longer numbers
   * than a record: for readers that skip those.
   *
   * @return the factory, shared
   */
  public static JsonFactory rows() {
    return ROWS;
  }

  /**
   * A value as JSON.
   *
   * @param value the value
   * @return the text
   */
  public static String toText(Value value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      write(out, value);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  /**
   * A payload as JSON in UTF-8.
   *
   * @param payload the payload
   * @return the bytes
   */
  public static byte[] toBytes(Payload payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      write(out, payload.toValue());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /**
   * A payload that {@link #toBytes} wrote.
   *
   * @param json the bytes
   * @return an equal payload
   * @throws MalformedResponse if the bytes are damaged
   */
  public static Payload fromBytes(byte[] json) {
    try (JsonParser in = JSON.createParser(json)) {
      in.nextToken();
      if (read(in, Decimals.NEAREST) instanceof Value.ObjectValue object) {
        return Payload.of(object);
      }
      throw new MalformedResponse("a stored payload isn't a JSON object");
    } catch (IOException damaged) {
      throw new MalformedResponse("a stored payload isn't JSON: " + damaged.getClass());
    }
  }

  /**
   * Reads a JSON text that somebody else wrote.
   *
   * @param json the text
   * @return its value
   * @throws InvalidRequest if it isn't JSON, or has a number that neither int64 nor a double holds
   */
  public static Value parse(String json) {
    try (JsonParser in = JSON.createParser(json)) {
      in.nextToken();
      Value value = read(in);
      if (in.nextToken() != null) {
        throw new InvalidRequest("there is more behind the end of the JSON value");
      }
      return value;
    } catch (JsonProcessingException notJson) {
      // Without the cause, whose message quotes the text.
      throw new InvalidRequest(
          "the text isn't JSON at " + notJson.getLocation().offsetDescription());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** How a double is written, where its shortest text isn't what the reader takes it for. */
  @FunctionalInterface
  public interface DoubleWriter {
    /**
     * Writes a double.
     *
     * @param out the generator
     * @param value a finite number
     * @throws IOException if the generator can't write
     */
    void write(JsonGenerator out, double value) throws IOException;
  }

  /**
   * Writes a value.
   *
   * @param out the generator
   * @param value the value
   * @throws IOException if the generator can't write
   */
  public static void write(JsonGenerator out, Value value) throws IOException {
    write(out, value, JsonGenerator::writeNumber);
  }

  /**
   * Writes a value, with its doubles as somebody else's server takes them.
   *
   * @param out the generator
   * @param value the value
   * @param doubles writes a double
   * @throws IOException if the generator can't write
   */
  public static void write(JsonGenerator out, Value value, DoubleWriter doubles)
      throws IOException {
    if (value instanceof Value.ObjectValue object) {
      out.writeStartObject();
      for (Map.Entry<String, Value> entry : object.entries().entrySet()) {
        out.writeFieldName(entry.getKey());
        write(out, entry.getValue(), doubles);
      }
      out.writeEndObject();
    } else if (value instanceof Value.ListValue list) {
      out.writeStartArray();
      for (Value element : list.elements()) {
        write(out, element, doubles);
      }
      out.writeEndArray();
    } else if (value instanceof Value.DoubleValue number) {
      doubles.write(out, number.value());
    } else {
      writeScalar(out, value);
    }
  }

  private static void writeScalar(JsonGenerator out, Value value) throws IOException {
    if (value instanceof Value.StringValue string) {
      out.writeString(string.value());
    } else if (value instanceof Value.LongValue number) {
      out.writeNumber(number.value());
    } else if (value instanceof Value.BooleanValue bool) {
      out.writeBoolean(bool.value());
    } else {
      out.writeNull();
    }
  }

  /**
   * Reads the value at which a parser stands, and leaves it at the value's last token.
   *
   * @param in the parser
   * @return the value
   * @throws IOException if the parser can't read, or it isn't JSON
   * @throws InvalidRequest if a number is neither an int64 nor given back by a double
   */
  public static Value read(JsonParser in) throws IOException {
    return read(in, Decimals.EXACT);
  }

  private static Value read(JsonParser in, Decimals decimals) throws IOException {
    JsonToken token = in.currentToken();
    if (token == null) {
      throw new InvalidRequest("there is no JSON value");
    }
    return switch (token) {
      case START_OBJECT -> readObject(in, decimals);
      case START_ARRAY -> readList(in, decimals);
      case VALUE_STRING -> new Value.StringValue(in.getText());
      case VALUE_TRUE -> new Value.BooleanValue(true);
      case VALUE_FALSE -> new Value.BooleanValue(false);
      case VALUE_NULL -> Value.NullValue.NULL;
      case VALUE_NUMBER_INT ->
          in.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? Value.of(in.getBigIntegerValue())
              : new Value.LongValue(in.getLongValue());
      case VALUE_NUMBER_FLOAT ->
          decimals == Decimals.EXACT
              ? Value.of(in.getDecimalValue())
              : new Value.DoubleValue(in.getDoubleValue());
      default -> throw new InvalidRequest("the JSON has an unexpected " + token);
    };
  }

  private static Value readObject(JsonParser in, Decimals decimals) throws IOException {
    Map<String, Value> entries = new LinkedHashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      in.nextToken();
      entries.put(key, read(in, decimals));
    }
    return new Value.ObjectValue(entries);
  }

  private static Value readList(JsonParser in, Decimals decimals) throws IOException {
    List<Value> elements = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      elements.add(read(in, decimals));
    }
    return new Value.ListValue(elements);
  }
}
