package dev.vectorstore.supabase.managed;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.WriteMode;
import dev.vectorstore.supabase.tables.IdHex;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.RankedQuery;
import dev.vectorstore.support.ScanQuery;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes what our functions take for one collection. Immutable. */
final class ManagedRequests {
  private final Description description;

  ManagedRequests(Description description) {
    this.description = description;
  }

  /** Begins a request or an operation on the collection that is about no vectors. */
  void begin(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("collection", description.name());
    out.writeStringField("token", description.token());
  }

  /** Begins a request that is about some of the vectors. */
  void begin(JsonGenerator out, Collection<String> vectors) throws IOException {
    begin(out);
    description.vectors().uses(out, vectors);
  }

  /** Begins a write, which is refused where any vector was dropped or made anew. */
  void beginWrite(JsonGenerator out) throws IOException {
    begin(out, description.vectors().names());
  }

  /** The names of the vectors that a projection has, as an answer's rows have them. */
  List<String> vectors(Projection projection) {
    return description.vectors().names(projection);
  }

  static void ids(JsonGenerator out, String name, Collection<RecordId> ids) throws IOException {
    out.writeArrayFieldStart(name);
    for (RecordId id : ids) {
      out.writeString(IdHex.of(id));
    }
    out.writeEndArray();
  }

  static void filter(JsonGenerator out, String name, @Nullable FilterJson filter)
      throws IOException {
    if (filter != null) {
      out.writeFieldName(name);
      filter.write(out);
    }
  }

  void projection(JsonGenerator out, Projection projection) throws IOException {
    if (projection.fields().isPresent()) {
      strings(out, "fields", projection.fields().get());
    }
    strings(out, "vectors", vectors(projection));
  }

  static void strings(JsonGenerator out, String name, Collection<String> texts) throws IOException {
    out.writeArrayFieldStart(name);
    for (String text : texts) {
      out.writeString(text);
    }
    out.writeEndArray();
  }

  void query(JsonGenerator out, NearestQuery<FilterJson> query, int limit) throws IOException {
    out.writeStartObject();
    out.writeStringField("using", query.using());
    out.writeStringField("vector", description.vectors().query(query.using(), query.vector()));
    filter(out, "filter", query.filter());
    out.writeNumberField("limit", limit);
    out.writeBooleanField("exact", query.exact());
    if (query.effort().isPresent()) {
      out.writeNumberField("effort", query.effort().getAsInt());
    }
    projection(out, query.projection());
    out.writeEndObject();
  }

  /** The records that a search by vector never finds. */
  void lacking(
      JsonGenerator out, NearestQuery<FilterJson> query, ScanQuery<FilterJson> lacking, int limit)
      throws IOException {
    out.writeStartObject();
    out.writeBooleanField("lacking", true);
    out.writeStringField("using", query.using());
    out.writeStringField("vector", description.vectors().query(query.using(), query.vector()));
    filter(out, "filter", lacking.filter());
    out.writeNumberField("limit", limit);
    projection(out, lacking.projection());
    out.writeEndObject();
  }

  void query(JsonGenerator out, RankedQuery<FilterJson> query, int limit) throws IOException {
    out.writeStartObject();
    out.writeStringField("field", Integer.toString(description.texts().position(query.field())));
    strings(out, "terms", query.terms());
    filter(out, "filter", query.filter());
    out.writeNumberField("limit", limit);
    projection(out, query.projection());
    out.writeEndObject();
  }

  /** An operation of a write that puts records there; a vector goes by its place in all names. */
  void upsert(JsonGenerator out, Collection<VectorRecord> records, WriteMode mode)
      throws IOException {
    beginWrite(out);
    ManagedVectors vectors = description.vectors();
    List<String> names = vectors.names();
    out.writeBooleanField("insertOnly", mode == WriteMode.INSERT_ONLY);
    out.writeArrayFieldStart("upsert");
    for (VectorRecord record : records) {
      out.writeStartObject();
      out.writeStringField("i", IdHex.of(record.id()));
      for (int i = 0; i < names.size(); i++) {
        Optional<Embedding> vector = record.vector(names.get(i));
        if (vector.isPresent()) {
          out.writeStringField("v" + i, vectors.stored(names.get(i), vector.get()));
        }
      }
      out.writeFieldName("p");
      StoredJson.write(out, record.payload());
      terms(out, "t", description.texts().terms(record.payload().toValue()));
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  static void terms(JsonGenerator out, String name, List<String> terms) throws IOException {
    if (!terms.isEmpty()) {
      strings(out, name, terms);
    }
  }

  /** The keys that a patch sets and removes, and the terms that change with them. */
  void patch(JsonGenerator out, Payload set, Collection<String> remove, List<String> changed)
      throws IOException {
    out.writeFieldName("set");
    StoredJson.write(out, set);
    strings(out, "remove", remove);
    out.writeArrayFieldStart("termFields");
    for (int position : description.texts().under(changed)) {
      out.writeString(Integer.toString(position));
    }
    out.writeEndArray();
    strings(out, "terms", description.texts().terms(set.toValue()));
  }
}
