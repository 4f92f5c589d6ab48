package dev.vectorstore.supabase;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.support.PayloadJson;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The 1,980 pairs of a live Postgres, over PostgREST: rows loaded by SQL, the filter once as {@code
 * match_crawled_pages}'s argument, once as a condition on rows.
 */
@RequiresEngine(TestEngine.SUPABASE)
class ContainmentTest {
  /** A reader gets this number of 1.1000000000000001 too, and of some forty others. */
  private static final String MANY_TEXTS = "{\"a\":1.1}";

  /** Numbers as their text, so that none is changed on the way into SQL. */
  private record Case(String document, String contains, boolean result) {}

  @Test
  void theFunctionsFilterAndTheRowsConditionContainWhatPostgresContains() throws IOException {
    List<Case> cases = cases();
    assertThat(cases).hasSize(1_980);
    List<String> documents =
        new ArrayList<>(
            cases.stream()
                .map(Case::document)
                .collect(Collectors.toCollection(LinkedHashSet::new)));
    try (ExistingSupabaseStore server = ExistingSupabaseStore.create(3);
        VectorStore store = Reading.open(server)) {
      server.load(
          "crawled_pages",
          List.of("url", "metadata", "embedding"),
          documents.stream()
              .map(d -> List.of("u" + documents.indexOf(d), d, new float[] {1, 2, 3})));
      // No index: the one of this practice hides rows, which isn't what is tested here.
      server.sql("drop index crawled_pages_embedding_idx");
      int refused = compare(store.collection("crawled_pages"), documents, cases);
      assertThat(refused).isEqualTo(132);
    }
  }

  /** How many pairs have a containment that no port value holds, or that isn't said exactly. */
  private static int compare(VectorCollection pages, List<String> documents, List<Case> cases) {
    Map<String, Set<String>> expected = new LinkedHashMap<>();
    Map<String, Integer> pairs = new LinkedHashMap<>();
    for (Case pair : cases) {
      expected.computeIfAbsent(pair.contains(), c -> new LinkedHashSet<>());
      pairs.merge(pair.contains(), 1, Integer::sum);
      if (pair.result()) {
        expected.get(pair.contains()).add(Integer.toString(1 + documents.indexOf(pair.document())));
      }
    }
    int refused = 0;
    for (Map.Entry<String, Set<String>> entry : expected.entrySet()) {
      if (beyondInt64(entry.getKey())) {
        assertThatThrownBy(() -> PayloadJson.parse(entry.getKey()))
            .isInstanceOf(VectorStoreException.InvalidRequest.class);
        refused += pairs.get(entry.getKey());
        continue;
      }
      Value contained = PayloadJson.parse(entry.getKey());
      Filter filter = Filter.field("metadata").containsJson(contained);
      if (entry.getKey().equals(MANY_TEXTS)) {
        assertThatThrownBy(() -> searched(pages, filter))
            .isInstanceOf(VectorStoreException.UnsupportedFeature.class);
        assertThatThrownBy(() -> pages.count(filter))
            .isInstanceOf(VectorStoreException.UnsupportedFeature.class);
        refused += pairs.get(entry.getKey());
        continue;
      }
      assertThat(searched(pages, filter)).as(entry.getKey()).isEqualTo(entry.getValue());
      Filter asPayload = Filter.containsJson(Payload.of(Map.of("metadata", contained)));
      assertThat(searched(pages, asPayload)).as(entry.getKey()).isEqualTo(entry.getValue());
      assertThat(Set.copyOf(Reading.all(pages, ScanRequest.all().filter(filter)).ids()))
          .as(entry.getKey())
          .isEqualTo(entry.getValue());
    }
    return refused;
  }

  private static Set<String> searched(VectorCollection pages, Filter filter) {
    return pages
        .search(
            SearchRequest.nearest(Embedding.of(1, 0, 0))
                .filter(filter)
                .limit(1_000)
                .projection(Projection.ids()))
        .stream()
        .map(SearchHit::id)
        .map(Object::toString)
        .collect(Collectors.toSet());
  }

  private static boolean beyondInt64(String json) {
    return json.matches(".*[0-9]{20}.*") || json.contains("9223372036854775808");
  }

  private static List<Case> cases() throws IOException {
    ObjectMapper json =
        JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    List<Case> cases = new ArrayList<>();
    try (InputStream file = ContainmentTest.class.getResourceAsStream("/containment.jsonl")) {
      for (String line : new String(file.readAllBytes(), UTF_8).lines().toList()) {
        JsonNode pair = json.readTree(line);
        cases.add(
            new Case(
                json.writeValueAsString(pair.get("document")),
                json.writeValueAsString(pair.get("contains")),
                pair.get("result").asBoolean()));
      }
    }
    return cases;
  }
}
