package dev.vectorstore.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vectorstore.Payload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document, another, and what a live PostgreSQL 15 answered to {@code document @> contains}.
 *
 * @param document plain objects, integers as BigInteger, decimals as BigDecimal
 * @param contains the same
 * @param result Postgres' answer
 */
record ContainmentCase(
    Map<String, @Nullable Object> document,
    Map<String, @Nullable Object> contains,
    boolean result,
    boolean beyondInt64) {
  private static final String FILE = "containment.jsonl";
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** The 1,980 cases, in the order of the file. */
  static List<ContainmentCase> all() {
    InputStream stream = ContainmentCase.class.getResourceAsStream(FILE);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Objects.requireNonNull(stream, FILE), StandardCharsets.UTF_8))) {
      return lines.lines().map(ContainmentCase::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Payload documentPayload() {
    return Payload.of(document);
  }

  Payload containsPayload() {
    return Payload.of(contains);
  }

  private static ContainmentCase parse(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      JsonNode document = node.get("document");
      JsonNode contains = node.get("contains");
      return new ContainmentCase(
          object(document),
          object(contains),
          node.get("result").booleanValue(),
          isBeyondInt64(document) || isBeyondInt64(contains));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isBeyondInt64(JsonNode node) {
    if (node.isIntegralNumber()) {
      return node.bigIntegerValue().bitLength() > 63;
    }
    for (JsonNode child : node) {
      if (isBeyondInt64(child)) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, @Nullable Object> object(JsonNode node) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    node.properties().forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
    return map;
  }

  private static @Nullable Object plain(JsonNode node) {
    if (node.isObject()) {
      return object(node);
    }
    if (node.isArray()) {
      List<@Nullable Object> list = new ArrayList<>();
      node.forEach(element -> list.add(plain(element)));
      return list;
    }
    if (node.isNumber()) {
      return node.isIntegralNumber() ? node.bigIntegerValue() : node.decimalValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    return node.isNull() ? null : node.textValue();
  }
}
