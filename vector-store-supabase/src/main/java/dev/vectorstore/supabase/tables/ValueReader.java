package dev.vectorstore.supabase.tables;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.vectorstore.Payload;
import dev.vectorstore.Value;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the values of a row, whatever Postgres has put there: what a payload can't hold is noted,
 * and the parser goes on behind it.
 */
public final class ValueReader {
  private final JsonParser in;
  private final RowNotes notes;

  /** Whether a decimal is the text of a double. */
  private final boolean stored;

  ValueReader(JsonParser in, RowNotes notes) {
    this(in, notes, false);
  }

  private ValueReader(JsonParser in, RowNotes notes, boolean stored) {
    this.in = in;
    this.notes = notes;
    this.stored = stored;
  }

  /** The value of a column at which the parser stands. */
  public Value read(Column column) throws IOException {
    notes.enter(column.name());
    Value value = read();
    notes.leave();
    if (column.is(ColumnType.Kind.FLOAT)) {
      return asDouble(column, value);
    }
    return value;
  }

  /** A float column prints 3.0 as 3, and prints what JSON can't say as a text. */
  private Value asDouble(Column column, Value value) {
    if (value instanceof Value.LongValue whole) {
      return new Value.DoubleValue(whole.value());
    }
    if (value instanceof Value.StringValue) {
      notes.enter(column.name());
      notes.numberAsText();
      notes.leave();
    }
    return value;
  }

  /** A payload that we wrote, each of whose decimals was a double. */
  public static Value readStored(JsonParser in) throws IOException {
    return new ValueReader(in, new RowNotes(), true).read();
  }

  /** A whole payload, with notes on what it can't hold. */
  public static Value read(JsonParser in, RowNotes notes) throws IOException {
    return new ValueReader(in, notes).read();
  }

  private Value read() throws IOException {
    return switch (in.currentToken()) {
      case START_OBJECT -> isTooDeep() ? Value.NullValue.NULL : readObject();
      case START_ARRAY -> isTooDeep() ? Value.NullValue.NULL : readList();
      case VALUE_STRING -> text(in.getText());
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> decimal();
      case VALUE_TRUE -> new Value.BooleanValue(true);
      case VALUE_FALSE -> new Value.BooleanValue(false);
      default -> Value.NullValue.NULL;
    };
  }

  /** A column's container is at depth 2 of the payload. */
  private boolean isTooDeep() throws IOException {
    if (notes.depth() < Payload.MAX_DEPTH) {
      return false;
    }
    notes.unreadable("it nests deeper than " + Payload.MAX_DEPTH);
    in.skipChildren();
    return true;
  }

  private Value readObject() throws IOException {
    Map<String, Value> entries = new LinkedHashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      in.nextToken();
      notes.enter(key);
      entries.put(key, read());
      notes.leave();
    }
    try {
      return new Value.ObjectValue(entries);
    } catch (InvalidRequest badKey) {
      return unreadable(badKey);
    }
  }

  private Value readList() throws IOException {
    List<Value> elements = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      notes.enter(Integer.toString(elements.size()));
      elements.add(read());
      notes.leave();
    }
    return new Value.ListValue(elements);
  }

  private Value text(String text) {
    try {
      return new Value.StringValue(text);
    } catch (InvalidRequest badText) {
      return unreadable(badText);
    }
  }

  private Value integer() throws IOException {
    if (in.getTextLength() <= 20 && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return new Value.LongValue(in.getLongValue());
    }
    return numberAsText();
  }

  private Value decimal() throws IOException {
    if (stored) {
      return new Value.DoubleValue(in.getDoubleValue());
    }
    Value number = JsonNumber.decimal(in.getText());
    return number == null ? numberAsText() : number;
  }

  private Value numberAsText() throws IOException {
    notes.numberAsText();
    return new Value.StringValue(in.getText());
  }

  private Value unreadable(InvalidRequest reason) {
    notes.unreadable(reason.getMessage());
    return Value.NullValue.NULL;
  }
}
