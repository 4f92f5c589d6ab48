package dev.vectorstore.supabase;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.support.Attempt;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the terms of records that were written before their text fields were declared. It can be
 * cut off at any time and goes on where it was; until it is done, the collection lacks TERMS.
 */
final class Backfill {
  private static final int PAGE = 500;

  /** A page takes less; what is left of an attempt must let it end. */
  private static final Duration LEAST = Duration.ofMillis(500);

  private final Functions functions;
  private final Description description;
  private final ManagedRequests requests;

  Backfill(Functions functions, Description description) {
    this.functions = functions;
    this.description = description;
    requests = new ManagedRequests(description);
  }

  /** Page by page, until no record is left. */
  void run(Attempt attempt) {
    while (true) {
      List<VectorRecord> page = page(attempt);
      if (page.isEmpty()) {
        return;
      }
      if (attempt.remaining().compareTo(LEAST) < 0) {
        throw new Unavailable(
            "the time ran out while the terms of records that were there already were made; call"
                + " it again, and it goes on where it is",
            null);
      }
      store(page, attempt);
    }
  }

  private List<VectorRecord> page(Attempt attempt) {
    return functions.call(
        ServerFunction.UNTERMED,
        out -> {
          requests.begin(out);
          out.writeNumberField("limit", PAGE);
          out.writeEndObject();
        },
        Backfill::read,
        attempt);
  }

  private static List<VectorRecord> read(JsonParser in) throws IOException {
    List<VectorRecord> records = new ArrayList<>();
    while (in.nextToken() == JsonToken.START_ARRAY) {
      in.nextToken();
      RecordId id = IdHex.parse(in.getText());
      in.nextToken();
      Value.ObjectValue payload = (Value.ObjectValue) ValueReader.readStored(in);
      in.nextToken();
      records.add(VectorRecord.of(id, Payload.of(payload)));
    }
    return records;
  }

  private void store(List<VectorRecord> page, Attempt attempt) {
    functions.call(
        ServerFunction.TERMS,
        out -> {
          requests.begin(out);
          out.writeArrayFieldStart("rows");
          for (VectorRecord record : page) {
            writeRow(out, record);
          }
          out.writeEndArray();
          out.writeEndObject();
        },
        JsonParser::getBooleanValue,
        attempt);
  }

  private void writeRow(JsonGenerator out, VectorRecord record) throws IOException {
    out.writeStartObject();
    out.writeStringField("i", IdHex.of(record.id()));
    out.writeFieldName("p");
    StoredJson.write(out, record.payload());
    ManagedRequests.strings(out, "t", description.texts().terms(record.payload()));
    out.writeEndObject();
  }
}
