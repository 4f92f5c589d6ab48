package dev.vectorstore.supabase.managed;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.IdKind;
import dev.vectorstore.TextTerms;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the server's catalog says of a collection. Immutable.
 *
 * @param info for the port
 * @param name under which the catalog has it, which isn't the port's where an adopted table was
 *     asked for by its own
 * @param token what a request must carry, so that a changed schema is noticed
 * @param vectors its vectors
 * @param texts its text fields
 * @param terms whether every record has the terms of its texts
 * @param adopted the table, where others made it
 */
public record Description(
    CollectionInfo info,
    String name,
    String token,
    ManagedVectors vectors,
    TextFields texts,
    Terms terms,
    Optional<AdoptedTable> adopted) {
  /** What a collection can do that our SQL manages. */
  public static final Set<Capability> CAPABILITIES =
      Collections.unmodifiableSet(EnumSet.allOf(Capability.class));

  /** Reads what a function says of a collection. */
  static Description of(JsonNode described) {
    try {
      return read(described);
    } catch (InvalidRequest | IllegalArgumentException damaged) {
      throw new MalformedResponse("the server's catalog has a collection that can't be", damaged);
    }
  }

  private static Description read(JsonNode described) {
    CollectionSpec.Builder spec = CollectionSpec.builder(described.path("name").asText());
    ManagedVectors vectors = ManagedVectors.of(described);
    vectors.declare(spec);
    List<IdKind> kinds = new ArrayList<>();
    described.path("idKinds").forEach(kind -> kinds.add(IdKind.valueOf(kind.asText())));
    spec.idKinds(kinds.get(0), kinds.toArray(new IdKind[0]));
    described.path("labels").properties().forEach(label -> label(spec, label));
    Map<FieldPath, Integer> texts = new LinkedHashMap<>();
    int position = 0;
    for (JsonNode field : described.path("fields")) {
      List<String> segments = new ArrayList<>();
      field.path("path").forEach(segment -> segments.add(segment.asText()));
      FieldPath path = new FieldPath(segments);
      FieldType type = FieldType.valueOf(field.path("type").asText());
      spec.field(path, type);
      if (type.isText()) {
        texts.put(path, position);
      }
      position++;
    }
    Terms terms =
        Terms.of(
            described.path("termsReady").asBoolean(),
            texts.isEmpty() ? TextTerms.version() : described.path("termsVersion").asInt(1));
    CollectionInfo info = CollectionInfo.of(spec.build(), capabilities(described, terms));
    return new Description(
        info,
        info.name(),
        described.path("token").asText(),
        vectors,
        new TextFields(texts),
        terms,
        described.path("adopted").asBoolean()
            ? Optional.of(AdoptedTable.of(described))
            : Optional.empty());
  }

  /** The same for whoever asked for it under this name. */
  Description as(String asked) {
    CollectionInfo renamed =
        CollectionInfo.of(info.spec().toBuilder(asked).build(), info.capabilities());
    return new Description(renamed, name, token, vectors, texts, terms, adopted);
  }

  private static void label(CollectionSpec.Builder spec, Map.Entry<String, JsonNode> label) {
    spec.label(label.getKey(), label.getValue().asText());
  }

  private static Set<Capability> capabilities(JsonNode described, Terms terms) {
    Set<Capability> capabilities = EnumSet.copyOf(CAPABILITIES);
    if (!terms.areReady()) {
      capabilities.remove(Capability.TERMS);
      capabilities.remove(Capability.PHRASE);
      capabilities.remove(Capability.RANKED_TEXT);
    }
    if (described.path("adopted").asBoolean()) {
      capabilities.remove(Capability.MANAGE);
    }
    return capabilities;
  }

  /** Writes a specification as the catalog takes it. */
  public static void write(JsonGenerator out, CollectionSpec spec) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", spec.name());
    out.writeNumberField("termsVersion", TextTerms.version());
    out.writeArrayFieldStart("vectors");
    for (Map.Entry<String, VectorSpec> vector : spec.vectors().entrySet()) {
      out.writeStartObject();
      out.writeStringField("name", vector.getKey());
      out.writeNumberField("dimension", vector.getValue().dimension());
      out.writeStringField("metric", vector.getValue().metric().name());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("idKinds");
    for (IdKind kind : spec.idKinds()) {
      out.writeString(kind.name());
    }
    out.writeEndArray();
    out.writeArrayFieldStart("fields");
    for (Map.Entry<FieldPath, FieldType> field : spec.fields().entrySet()) {
      out.writeStartObject();
      out.writeFieldName("path");
      write(out, field.getKey());
      out.writeStringField("type", field.getValue().name());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeObjectFieldStart("labels");
    for (Map.Entry<String, String> label : spec.labels().entrySet()) {
      out.writeStringField(label.getKey(), label.getValue());
    }
    out.writeEndObject();
    out.writeEndObject();
  }

  /** Writes a path as the catalog has it. */
  public static void write(JsonGenerator out, FieldPath path) throws IOException {
    out.writeStartArray();
    for (String segment : path.segments()) {
      out.writeString(segment);
    }
    out.writeEndArray();
  }
}
