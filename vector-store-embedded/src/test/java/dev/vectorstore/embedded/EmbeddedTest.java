package dev.vectorstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.VectorStores;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.WriteMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is this engine's own in the port's verbs. */
class EmbeddedTest {
  private final VectorStore store = VectorStores.open("memory:");

  @AfterEach
  void close() {
    store.close();
  }

  private VectorCollection pages(Metric metric) {
    return store.ensureCollection(CollectionSpec.builder("pages").vectors(3, metric).build());
  }

  private static VectorRecord record(long id, float... components) {
    return VectorRecord.of(
        RecordId.of(id),
        Embedding.of(components),
        Payload.of(Map.of("n", id, "even", id % 2 == 0)));
  }

  private static List<RecordId> ids(List<SearchHit> hits) {
    return hits.stream().map(SearchHit::id).toList();
  }

  @Test
  void findsWhatWasJustWritten() {
    VectorCollection pages = pages(Metric.COSINE);
    for (int i = 0; i < 30; i++) {
      pages.upsert(record(i, 1, i, 2));
      assertThat(pages.count(Filter.all())).isEqualTo(i + 1);
    }
    List<SearchHit> hits = pages.search(SearchRequest.nearest(Embedding.of(1, 29, 2)).limit(3));
    assertThat(ids(hits)).containsExactly(RecordId.of(29), RecordId.of(28), RecordId.of(27));
    assertThat(hits.get(0).score()).isEqualTo(1, org.assertj.core.data.Offset.offset(1e-6));
  }

  @Test
  void eachStoreInMemoryIsItsOwn() {
    pages(Metric.DOT).upsert(record(1, 1, 2, 3));
    try (VectorStore other = VectorStores.open("memory:")) {
      assertThat(other.exists("pages")).isFalse();
    }
    assertThat(store.exists("pages")).isTrue();
  }

  @Test
  void refusesAnythingBehindTheColon() {
    assertThatThrownBy(() -> VectorStores.open("memory:name").close())
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("memory:");
  }

  @Test
  void hasNothingToUnwrap() {
    assertThatThrownBy(() -> store.unwrap(String.class)).isInstanceOf(UnsupportedFeature.class);
  }

  @Test
  void refusesNamesThatDifferInCaseOnly() {
    pages(Metric.DOT);
    assertThatThrownBy(() -> store.ensureCollection(CollectionSpec.builder("Pages").build()))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("pages");
    assertThat(store.exists("Pages")).isFalse();
    assertThat(store.drop("PAGES")).isFalse();
    assertThat(store.collections()).containsExactly("pages");
  }

  @Test
  void refusesAnotherDimensionOrMetric() {
    pages(Metric.DOT);
    assertThatThrownBy(() -> pages(Metric.COSINE)).isInstanceOf(Conflict.class);
    assertThatThrownBy(
            () ->
                store.ensureCollection(
                    CollectionSpec.builder("pages").vectors(4, Metric.DOT).build()))
        .isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> store.ensureCollection(CollectionSpec.builder("pages").build()))
        .isInstanceOf(Conflict.class);
  }

  @Test
  void noticesThatACollectionWasMadeAgain() {
    VectorCollection pages = pages(Metric.DOT);
    pages.upsert(record(1, 1, 2, 3));
    assertThat(store.drop("pages")).isTrue();
    assertThatThrownBy(() -> pages.count(Filter.all())).isInstanceOf(NotFound.class);
    store.ensureCollection(CollectionSpec.builder("pages").vectors(2, Metric.DOT).build());
    assertThatThrownBy(() -> pages.count(Filter.all())).isInstanceOf(Conflict.class);
  }

  @Test
  void addsFieldsAndLabels() {
    pages(Metric.DOT);
    CollectionSpec more =
        CollectionSpec.builder("pages")
            .vectors(3, Metric.DOT)
            .field("content", FieldType.TERMS)
            .label("model", "m")
            .build();
    store.ensureCollection(more);
    store.ensureCollection(more.toBuilder().label("model", "other").build());
    assertThat(store.describe("pages").spec()).isEqualTo(more);
  }

  @Test
  void givesDotAndEuclideanVectorsBackBitByBit() {
    for (Metric metric : List.of(Metric.DOT, Metric.EUCLIDEAN)) {
      store.drop("pages");
      VectorCollection pages = pages(metric);
      VectorRecord record = record(1, (float) 1e15, -0.0f, Float.MIN_VALUE);
      pages.upsert(record);
      assertThat(pages.fetch(List.of(record.id()), Projection.all())).containsExactly(record);
    }
  }

  @Test
  void insertsOnlyWhatIsAbsent() {
    VectorCollection pages = pages(Metric.DOT);
    pages.upsert(record(1, 1, 1, 1));
    pages.upsert(List.of(record(1, 9, 9, 9), record(2, 2, 2, 2)), WriteMode.INSERT_ONLY);
    assertThat(pages.fetch(List.of(RecordId.of(1), RecordId.of(2)), Projection.all()))
        .containsExactly(record(1, 1, 1, 1), record(2, 2, 2, 2));
  }

  @Test
  void patchesInPlace() {
    VectorCollection pages = pages(Metric.DOT);
    pages.upsert(record(1, 1, 1, 1));
    var report =
        pages.patchPayload(
            List.of(RecordId.of(1), RecordId.of(7)),
            Payload.of(Map.of("n", 5)),
            Set.of("even", "none"));
    assertThat(report.patched()).isEqualTo(1);
    assertThat(pages.fetch(List.of(RecordId.of(1)), Projection.all()))
        .containsExactly(
            VectorRecord.of(RecordId.of(1), Embedding.of(1, 1, 1), Payload.of(Map.of("n", 5))));
    assertThat(pages.count(Filter.field("even").exists())).isZero();
  }

  @Test
  void appliesABatchInItsOrder() {
    VectorCollection pages = pages(Metric.DOT);
    VectorCollection sources = store.ensureCollection(CollectionSpec.builder("Sources").build());
    pages.upsert(List.of(record(1, 1, 1, 1), record(2, 1, 1, 1), record(3, 1, 1, 1)));
    VectorRecord source = VectorRecord.of(RecordId.of("s"), Payload.of(Map.of("words", 3)));
    store.apply(
        WriteBatch.builder()
            .upsert("pages", List.of(record(4, 1, 1, 1), record(5, 1, 1, 1)))
            .deleteWhere("pages", Filter.field("even").eq(true))
            .upsert("pages", List.of(record(2, 2, 2, 2)))
            .delete("pages", List.of(RecordId.of(5), RecordId.of(99)))
            .deleteWhere("pages", Filter.none())
            .upsert("Sources", List.of(source))
            .build());
    assertThat(pages.fetch(idsTo(9), Projection.all()))
        .containsExactly(record(1, 1, 1, 1), record(2, 2, 2, 2), record(3, 1, 1, 1));
    assertThat(sources.count(Filter.all())).isEqualTo(1);
  }

  @Test
  void writesNothingOfABatchWithAnUnknownCollection() {
    VectorCollection pages = pages(Metric.DOT);
    WriteBatch batch =
        WriteBatch.builder()
            .upsert("pages", List.of(record(4, 1, 1, 1)))
            .delete("none", List.of(RecordId.of(5)))
            .build();
    assertThatThrownBy(() -> store.apply(batch)).isInstanceOf(NotFound.class);
    assertThat(pages.count(Filter.all())).isZero();
  }

  private static List<RecordId> idsTo(int end) {
    return java.util.stream.LongStream.range(0, end).mapToObj(RecordId::of).toList();
  }

  @Test
  void explainsWithoutValues() {
    VectorCollection pages = pages(Metric.DOT);
    Filter filter =
        Filter.and(
            Filter.field("secret").eq("value"),
            Filter.not(Filter.field("n").gt(3)),
            Filter.field("secret").gte("val"),
            Filter.field("secret").lt("value".repeat(40)),
            Filter.field("secret").contains("lue"),
            Filter.field("secret").containsText("alu"));
    assertThat(pages.explain(SearchRequest.nearest(Embedding.of(1, 2, 3)).filter(filter)))
        .contains("facts:terms", "facts:range", "payload test", "200 candidates")
        .doesNotContain("val", "alu", "lue", "secret");
  }
}
