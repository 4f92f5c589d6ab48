package dev.vectorstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.WriteMode;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Batch;
import dev.vectorstore.support.RankedQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.search.Query;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Texts ranked by Lucene's BM25. */
class RankedTextTest {
  private static final Attempt HOUR = () -> Duration.ofHours(1);
  private static final Attempt OVER = () -> Duration.ofNanos(1);
  private static final FieldPath TEXT = FieldPath.of("meta", "text");

  private final EmbeddedEngine engine = new EmbeddedEngine(name -> new ByteBuffersDirectory());

  @AfterEach
  void close() {
    engine.close();
  }

  private EmbeddedCollection texts(String... texts) {
    CollectionSpec spec = CollectionSpec.builder("texts").field(TEXT, FieldType.TEXT).build();
    engine.ensure(spec, HOUR);
    EmbeddedCollection collection = engine.open(spec.name(), HOUR);
    List<VectorRecord> records = new ArrayList<>();
    for (String text : texts) {
      records.add(
          VectorRecord.of(
              RecordId.of(records.size()),
              Payload.of(Map.of("meta", Map.of("text", text), "n", records.size()))));
    }
    collection.write(Batch.of(records), WriteMode.REPLACE, HOUR);
    return collection;
  }

  private static List<SearchHit> search(
      EmbeddedCollection collection, Filter filter, String... terms) {
    return collection.ranked(List.of(query(collection, filter, terms)), HOUR).get(0);
  }

  private static RankedQuery<Query> query(
      EmbeddedCollection collection, Filter filter, String... terms) {
    return new RankedQuery<>(
        TEXT, List.of(terms), collection.compile(filter).upper(), 10, Projection.ids());
  }

  @Test
  void theScoreIsThatOfTheFormula() {
    EmbeddedCollection collection = texts("fox fox dog", "fox", "dog owl owl owl owl", "");
    // Three texts of 3, 1 and 5 terms; two of them have the fox.
    double rarity = Math.log(1 + (3 - 2 + 0.5) / (2 + 0.5));
    for (SearchHit hit : search(collection, Filter.all(), "fox")) {
      boolean first = hit.id().equals(RecordId.of(0));
      double occurrences = first ? 2 : 1;
      double length = first ? 3 : 1;
      double expected = rarity * occurrences / (occurrences + 1.2 * (1 - 0.75 + 0.75 * length / 3));
      assertThat(hit.score()).isCloseTo(expected, within(1e-6));
    }
    assertThat(search(collection, Filter.all(), "fox")).hasSize(2);
  }

  @Test
  void aTermLongerThanLuceneTakesIsRankedToo() {
    String term = "x".repeat(50_000);
    EmbeddedCollection collection = texts("a " + term, term + "y", term.substring(1));
    assertThat(search(collection, Filter.all(), term))
        .extracting(SearchHit::id)
        .containsExactly(RecordId.of(0));
  }

  @Test
  void aSearchEndsWithItsDeadline() {
    String[] foxes = new String[2_000];
    java.util.Arrays.fill(foxes, "a fox");
    EmbeddedCollection collection = texts(foxes);
    assertThat(search(collection, Filter.all(), "fox")).hasSize(10);
    RankedQuery<Query> tested =
        query(collection, Filter.field("meta", "text").containsText("nowhere"), "fox");
    assertThatThrownBy(() -> collection.ranked(List.of(tested), OVER))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("before the collection was read");
    assertThat(collection.ranked(List.of(tested), HOUR).get(0)).isEmpty();
  }

  @Test
  void theSearchIsExplainedWithoutItsValues() {
    EmbeddedCollection collection = texts("fox");
    assertThat(collection.explain(query(collection, Filter.field("n").eq(7), "secret", "fox")))
        .isEqualTo("the best 10 by 2 terms in [\"meta\", \"text\"] where facts:terms");
  }
}
