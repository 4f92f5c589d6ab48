package dev.vectorstore.migration;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.Value;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.support.PayloadJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A search that both stores shall answer alike: by vector, by text or by both, perhaps with a
 * filter; a filter alone is counted. Immutable.
 */
public final class ParityQuery {
  private static final Set<String> KEYS = Set.of("vector", "using", "text", "filter");

  private final String origin;
  private final @Nullable Embedding vector;
  private final @Nullable String text;
  private final @Nullable Payload filter;
  private final @Nullable String using;

  private ParityQuery(
      String origin,
      @Nullable Embedding vector,
      @Nullable String text,
      @Nullable Payload filter,
      @Nullable String using) {
    if (vector == null && text == null && filter == null) {
      throw new InvalidRequest("a query has neither a vector nor a text nor a filter");
    }
    this.origin = origin;
    this.vector = vector;
    this.text = text;
    this.filter = filter;
    this.using = using;
  }

  /**
   * A query.
   *
   * @param origin what the report calls it
   * @param vector the vector, or null
   * @param text the text, or null
   * @param filter what hits contain, as {@link Filter#containsJson(Payload)} means it, or null
   * @return the query
   * @throws InvalidRequest if all three are null
   */
  public static ParityQuery of(
      String origin, @Nullable Embedding vector, @Nullable String text, @Nullable Payload filter) {
    return new ParityQuery(origin, vector, text, filter, null);
  }

  /**
   * This query among the vectors of a name, where the target has several.
   *
   * @param name the vector's name in the target
   * @return the query
   * @throws InvalidRequest if it has no vector
   */
  public ParityQuery using(String name) {
    if (vector == null) {
      throw new InvalidRequest("a query without a vector is among no vectors; leave \"using\" out");
    }
    return new ParityQuery(origin, vector, text, filter, Objects.requireNonNull(name, "name"));
  }

  /**
   * Among which vectors is searched.
   *
   * @return the name in the target, or empty for its default
   */
  public Optional<String> using() {
    return Optional.ofNullable(using);
  }

  /**
   * Reads queries, a JSON object a line: {@code {"vector": [...], "using": "...", "text": "...",
   * "filter": {...}}}, each key optional but one; {@code using} names the vector, where the target
   * has several.
   *
   * @param lines the lines; not closed
   * @return the queries
   * @throws InvalidRequest naming the line that isn't of this form
   */
  public static List<ParityQuery> parse(BufferedReader lines) {
    List<ParityQuery> queries = new ArrayList<>();
    try {
      int number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          queries.add(parse(line, "line " + number));
        }
        number++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the queries can't be read", e);
    }
    return queries;
  }

  private static ParityQuery parse(String line, String origin) {
    try {
      JsonNode node = Json.MAPPER.readTree(line);
      if (!node.isObject()) {
        throw new InvalidRequest("it isn't a JSON object");
      }
      node.fieldNames()
          .forEachRemaining(
              key -> {
                if (!KEYS.contains(key)) {
                  throw new InvalidRequest("it has the key \"" + key + "\"; known are " + KEYS);
                }
              });
      ParityQuery query =
          of(
              origin,
              node.hasNonNull("vector") ? vector(node.get("vector")) : null,
              node.hasNonNull("text") ? node.get("text").asText() : null,
              node.hasNonNull("filter") ? filter(line) : null);
      return node.hasNonNull("using") ? query.using(node.get("using").asText()) : query;
    } catch (JsonProcessingException e) {
      throw new InvalidRequest("the queries, " + origin + ": it isn't JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException("a line in memory can't be read", e);
    } catch (InvalidRequest e) {
      throw new InvalidRequest("the queries, " + origin + ": " + e.getMessage(), e);
    }
  }

  private static Embedding vector(JsonNode node) {
    float[] components = new float[node.size()];
    for (int i = 0; i < components.length; i++) {
      if (!node.path(i).isNumber()) {
        throw new InvalidRequest("its vector isn't a JSON array of numbers");
      }
      components[i] = Float.parseFloat(node.get(i).asText());
    }
    return Embedding.of(components);
  }

  /** Read as payloads are, so that integers stay integers. */
  private static Payload filter(String line) throws IOException {
    try (JsonParser json = PayloadJson.factory().createParser(line)) {
      json.nextToken();
      while (json.nextToken() != null) {
        String key = json.currentName();
        json.nextToken();
        if ("filter".equals(key)) {
          if (PayloadJson.read(json) instanceof Value.ObjectValue object) {
            return Payload.of(object);
          }
          throw new InvalidRequest("its filter isn't a JSON object");
        }
        json.skipChildren();
      }
      throw new InvalidRequest("it has no filter");
    }
  }

  /**
   * What the report calls it.
   *
   * @return such as "line 3"
   */
  public String origin() {
    return origin;
  }

  /**
   * The vector.
   *
   * @return the vector, or empty
   */
  public Optional<Embedding> vector() {
    return Optional.ofNullable(vector);
  }

  /**
   * The text.
   *
   * @return the text, or empty
   */
  public Optional<String> text() {
    return Optional.ofNullable(text);
  }

  /**
   * What hits contain.
   *
   * @return the JSON object, or empty for any
   */
  public Optional<Payload> filter() {
    return Optional.ofNullable(filter);
  }
}
