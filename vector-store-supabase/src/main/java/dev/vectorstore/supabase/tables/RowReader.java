package dev.vectorstore.supabase.tables;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows from the text of an answer as it comes: a row is held once, as the record that it
 * becomes. Used by one thread.
 */
public final class RowReader {
  public static final String SIMILARITY = "similarity";

  /** A row is as long as it is; what nests deeper than a payload may is skipped, not refused. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final TableShape shape;
  private final Projection projection;
  private final JsonParser in;
  private final @Nullable String[] key;
  private RowNotes notes;
  private RowVectors vectors;
  private final Map<String, Value> payload = new LinkedHashMap<>();
  private OptionalDouble similarity = OptionalDouble.empty();
  private boolean similaritySeen;

  public RowReader(TableShape shape, Projection projection, InputStream body) throws IOException {
    this(shape, projection, JSON.createParser(body));
    if (in.nextToken() != JsonToken.START_ARRAY) {
      throw new MalformedResponse("the answer isn't a list of rows");
    }
  }

  private RowReader(TableShape shape, Projection projection, JsonParser in) {
    this.shape = shape;
    this.projection = projection;
    this.in = in;
    notes = new RowNotes();
    vectors = new RowVectors(shape.specs(), false, notes);
    key = new @Nullable String[shape.key().size()];
  }

  /**
   * Reads one row whose vectors came beside it.
   *
   * @param json its other columns
   * @param vectors its vectors by name as pgvector sends them, null if the column is null
   */
  public static Row read(
      TableShape shape,
      Projection projection,
      byte[] json,
      Map<String, byte @Nullable []> vectors) {
    try (JsonParser in = JSON.createParser(json)) {
      RowReader reader = new RowReader(shape, projection, in);
      in.nextToken();
      reader.readColumns();
      vectors.forEach((name, bytes) -> reader.vectors.add(name, VectorBytes.read(bytes)));
      return reader.row();
    } catch (IOException notJson) {
      throw new MalformedResponse("a row isn't the JSON that Postgres makes of it");
    }
  }

  /** How many bytes were read. */
  public long bytes() {
    return in.currentLocation().getByteOffset();
  }

  /** Whether the row that was read last said how near it is, if only by null. */
  public boolean sawSimilarity() {
    return similaritySeen;
  }

  /** The next row, or null behind the last one. */
  public @Nullable Row next() throws IOException {
    JsonToken token = in.nextToken();
    if (token == JsonToken.END_ARRAY) {
      in.nextToken(); // to the end of the body, so that the connection serves again
      return null;
    }
    if (token != JsonToken.START_OBJECT) {
      throw new MalformedResponse("the answer has something else than rows");
    }
    reset();
    readColumns();
    return row();
  }

  private void readColumns() throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      readColumn(name);
    }
  }

  private void reset() {
    notes = new RowNotes();
    vectors = new RowVectors(shape.specs(), false, notes);
    payload.clear();
    similarity = OptionalDouble.empty();
    similaritySeen = false;
    Arrays.fill(key, null);
  }

  private void readColumn(String name) throws IOException {
    Column column = shape.table().column(name);
    if (column == null) {
      readOther(name);
      return;
    }
    VectorColumn vector = shape.vectorOf(column);
    if (vector != null) {
      readVector(vector);
      return;
    }
    int position = shape.key().columns().indexOf(column);
    if (position >= 0 && in.currentToken().isScalarValue()) {
      key[position] = in.currentToken() == JsonToken.VALUE_NULL ? null : in.getText();
    }
    if (shape.isWanted(column, projection)) {
      payload.put(name, new ValueReader(in, notes).read(column));
    } else {
      in.skipChildren();
    }
  }

  /** A search function may return more than its table has. */
  private void readOther(String name) throws IOException {
    if (name.equals(SIMILARITY)) {
      similaritySeen = true;
      if (in.currentToken().isNumeric()) {
        similarity = OptionalDouble.of(in.getDoubleValue());
      }
    }
    in.skipChildren();
  }

  private void readVector(VectorColumn vector) throws IOException {
    if (!projection.hasVector(vector.name())) {
      in.skipChildren();
      return;
    }
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      vectors.add(vector.name(), null);
      return;
    }
    float[] components = VectorText.read(in, vector.spec().dimension());
    if (components == null || components.length == 0) {
      vectors.unreadable(vector.name());
    } else {
      vectors.add(vector.name(), components);
    }
  }

  private Row row() {
    List<String> texts = keyTexts();
    String name = shape.key().array(texts);
    RecordId id;
    try {
      id = shape.key().id(texts);
    } catch (InvalidRequest noId) {
      return unreadable(texts, name, null, "its key can't be an id: " + noId.getMessage());
    }
    String reason = notes.unreadable();
    if (reason != null) {
      return unreadable(texts, id.toString(), id, reason);
    }
    Payload read;
    try {
      read = Payload.of(new Value.ObjectValue(payload));
    } catch (InvalidRequest noPayload) {
      return unreadable(texts, id.toString(), id, noPayload.getMessage());
    }
    return new Row(texts, VectorRecord.of(id, vectors.read(), read), notes.of(id), similarity);
  }

  private List<String> keyTexts() {
    List<String> texts = new ArrayList<>(key.length);
    for (int i = 0; i < key.length; i++) {
      String text = key[i];
      if (text == null) {
        throw new MalformedResponse(
            "a row came without its key column "
                + shape.key().columns().get(i).name()
                + "; a search function must return the primary key");
      }
      texts.add(text);
    }
    return texts;
  }

  private Row unreadable(List<String> texts, String name, @Nullable RecordId id, String reason) {
    return new Row(texts, null, List.of(RecordIssue.unreadable(name, id, reason)), similarity);
  }
}
