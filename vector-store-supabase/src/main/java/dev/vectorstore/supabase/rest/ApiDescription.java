package dev.vectorstore.supabase.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.supabase.tables.Column;
import dev.vectorstore.supabase.tables.ColumnType;
import dev.vectorstore.supabase.tables.MatchFunction;
import dev.vectorstore.supabase.tables.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The tables and search functions that PostgREST's own OpenAPI description lists. */
final class ApiDescription {
  private static final String FUNCTION = "/rpc/";
  private static final String MATCH = "match_";
  private static final String PRIMARY_KEY = "<pk/>";
  private static final Pattern FOREIGN_KEY = Pattern.compile("<fk table='(.*?)' column='");

  private ApiDescription() {}

  /**
   * Reads the description of a schema.
   *
   * @return the tables by name
   */
  static Map<String, Table> read(String schema, JsonNode root) {
    JsonNode definitions = root.path("definitions");
    if (!root.path("swagger").isTextual() || !root.path("paths").isObject()) {
      throw new MalformedResponse(
          "the server answers JSON, but not PostgREST's description of an API; check the URL, and"
              + " that no function of the database takes its place (db-root-spec)");
    }
    Map<String, MatchFunction> functions = functions(root.path("paths"));
    Map<String, Table> tables = new TreeMap<>();
    for (Map.Entry<String, JsonNode> definition : definitions.properties()) {
      String name = definition.getKey();
      MatchFunction match = functions.get(MATCH + name);
      tables.put(name, table(schema, name, definition.getValue(), match));
    }
    return tables;
  }

  private static Map<String, MatchFunction> functions(JsonNode paths) {
    Map<String, MatchFunction> functions = new HashMap<>();
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      if (path.getKey().startsWith(FUNCTION + MATCH)) {
        String name = path.getKey().substring(FUNCTION.length());
        JsonNode body = body(path.getValue().path("post").path("parameters"));
        Set<String> arguments = new LinkedHashSet<>();
        body.path("properties").fieldNames().forEachRemaining(arguments::add);
        Set<String> required = texts(body.path("required"));
        if (MatchFunction.fits(arguments, required)) {
          functions.put(name, new MatchFunction(name, Set.copyOf(arguments), required));
        }
      }
    }
    return functions;
  }

  private static JsonNode body(JsonNode parameters) {
    for (JsonNode parameter : parameters) {
      if (parameter.path("in").asText().equals("body")) {
        return parameter.path("schema");
      }
    }
    return parameters.path("none");
  }

  private static Table table(
      String schema, String name, JsonNode definition, @Nullable MatchFunction match) {
    Set<String> required = texts(definition.path("required"));
    List<Column> columns = new ArrayList<>();
    Set<String> references = new LinkedHashSet<>();
    for (Map.Entry<String, JsonNode> property : definition.path("properties").properties()) {
      String column = property.getKey();
      String description = property.getValue().path("description").asText();
      columns.add(
          new Column(
              column,
              ColumnType.of(property.getValue().path("format").asText()),
              !required.contains(column),
              description.contains(PRIMARY_KEY)));
      Matcher foreignKey = FOREIGN_KEY.matcher(description);
      if (foreignKey.find()) {
        references.add(Table.qualified(schema, foreignKey.group(1)));
      }
    }
    return new Table(schema, name, columns, references, match);
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new LinkedHashSet<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }
}
