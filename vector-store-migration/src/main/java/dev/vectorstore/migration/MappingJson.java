package dev.vectorstore.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The mapping file. Stateless. */
final class MappingJson {
  private MappingJson() {}

  static Map<String, Mapping> parse(Reader json) {
    try {
      JsonNode root = Json.MAPPER.readTree(json);
      requireObject(root, "the mapping file");
      Map<String, Mapping> mappings = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : root.properties()) {
        mappings.put(entry.getKey(), mapping(entry.getKey(), entry.getValue()));
      }
      return mappings;
    } catch (JsonProcessingException e) {
      throw new InvalidRequest("the mapping file isn't JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("the mapping file can't be read", e);
    }
  }

  private static Mapping mapping(String collection, JsonNode node) {
    String where = "the mapping of " + collection;
    requireObject(node, where);
    Mapping.Builder builder = Mapping.builder();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      read(builder, where, entry.getKey(), entry.getValue());
    }
    return builder.build();
  }

  private static void read(Mapping.Builder builder, String where, String key, JsonNode value) {
    switch (key) {
      case "target" -> builder.target(text(value, where + ", target"));
      case "rename" -> {
        requireObject(value, where + ", rename,");
        value
            .properties()
            .forEach(e -> builder.rename(e.getKey(), text(e.getValue(), where + ", rename")));
      }
      case "drop" -> {
        if (!value.isArray()) {
          throw new InvalidRequest(where + ", drop, isn't a JSON array of keys");
        }
        value.forEach(element -> builder.drop(text(element, where + ", drop")));
      }
      case "vectors" -> {
        requireObject(value, where + ", vectors,");
        value
            .properties()
            .forEach(e -> builder.vector(e.getKey(), text(e.getValue(), where + ", vectors")));
      }
      case "fields" -> {
        requireObject(value, where + ", fields,");
        value.properties().forEach(e -> builder.field(path(e.getKey()), type(e.getValue(), where)));
      }
      default ->
          throw new InvalidRequest(
              where
                  + " has the key \""
                  + key
                  + "\"; known are target, rename, drop, vectors, fields");
    }
  }

  private static FieldType type(JsonNode node, String where) {
    String name = text(node, where + ", fields").toUpperCase(Locale.ROOT);
    for (FieldType type : FieldType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    String hint = name.equals("RANKED_TEXT") ? "; a text that is ranked is TEXT" : "";
    throw new InvalidRequest(
        where
            + " has the field type "
            + name
            + hint
            + "; known are "
            + List.of(FieldType.values()));
  }

  private static FieldPath path(String key) {
    if (!key.startsWith("[")) {
      return FieldPath.of(key);
    }
    try {
      List<String> segments = new ArrayList<>();
      Json.MAPPER.readTree(key).forEach(node -> segments.add(text(node, "a field's path")));
      return new FieldPath(segments);
    } catch (JsonProcessingException e) {
      throw new InvalidRequest("the field " + key + " isn't a key or a JSON array of keys", e);
    }
  }

  private static String text(JsonNode node, String where) {
    if (!node.isTextual()) {
      throw new InvalidRequest(where + " isn't a string");
    }
    return node.textValue();
  }

  private static void requireObject(JsonNode node, String what) {
    if (!node.isObject()) {
      throw new InvalidRequest(what + " isn't a JSON object");
    }
  }
}
