package dev.vectorstore.supabase.managed;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.supabase.tables.RowNotes;
import dev.vectorstore.supabase.tables.ValueReader;
import dev.vectorstore.support.Attempt;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the terms that records lack, because another program wrote them or because they are older
 * than their text field. It can be cut off at any time and goes on where it was. Until it is done,
 * the collection lacks TERMS.
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

  /**
   * A row without terms.
   *
   * @param id its id in hexadecimal
   * @param hash of its payload, so that terms of an older one aren't stored
   */
  private record Untermed(String id, String hash, Value.ObjectValue payload) {}

  /** Says that the terms are made by our rules from now on, which makes all of them lacking. */
  void takeOver(Attempt attempt) {
    page(null, attempt);
  }

  /** Page by page, again from the start for what was changed meanwhile, until no row is left. */
  void run(Attempt attempt) {
    String after = null;
    while (true) {
      List<Untermed> page = page(after, attempt);
      if (page.isEmpty() && after == null) {
        return;
      }
      if (attempt.remaining().compareTo(LEAST) < 0) {
        throw new Unavailable(
            "the time ran out while the terms of records that were there already were made; call"
                + " it again, and it goes on where it is");
      }
      if (!page.isEmpty()) {
        store(page, attempt);
      }
      after = page.isEmpty() ? null : page.get(page.size() - 1).id();
    }
  }

  private List<Untermed> page(@Nullable String after, Attempt attempt) {
    return functions.call(
        ServerFunction.UNTERMED,
        out -> {
          requests.begin(out);
          if (after != null) {
            out.writeStringField("after", after);
          }
          out.writeNumberField("termsVersion", TextTerms.version());
          out.writeNumberField("limit", PAGE);
          out.writeEndObject();
        },
        Backfill::read,
        attempt);
  }

  private static List<Untermed> read(JsonParser in) throws IOException {
    List<Untermed> rows = new ArrayList<>();
    while (in.nextToken() == JsonToken.START_ARRAY) {
      String id = in.nextTextValue();
      String hash = in.nextTextValue();
      in.nextToken();
      rows.add(new Untermed(id, hash, (Value.ObjectValue) ValueReader.read(in, new RowNotes())));
      in.nextToken();
    }
    return rows;
  }

  private void store(List<Untermed> page, Attempt attempt) {
    functions.call(
        ServerFunction.TERMS,
        out -> {
          requests.begin(out);
          out.writeArrayFieldStart("rows");
          for (Untermed row : page) {
            writeRow(out, row);
          }
          out.writeEndArray();
          out.writeEndObject();
        },
        JsonParser::getBooleanValue,
        attempt);
  }

  private void writeRow(JsonGenerator out, Untermed row) throws IOException {
    out.writeStartObject();
    out.writeStringField("i", row.id());
    out.writeStringField("h", row.hash());
    ManagedRequests.strings(out, "t", description.texts().terms(row.payload()));
    out.writeEndObject();
  }
}
