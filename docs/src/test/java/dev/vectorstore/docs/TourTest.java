package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.IdKind;
import dev.vectorstore.Metric;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStores;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.WriteReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The snippets of the five-minute tour. */
class TourTest {
  private VectorStore store;
  private VectorCollection pages;

  @BeforeEach
  void load() {
    store = VectorStores.open("memory:");
    pages =
        store.ensureCollection(
            CollectionSpec.builder("pages")
                .vectors(3, Metric.COSINE)
                .field("content", FieldType.TEXT)
                .field("source_id", FieldType.KEYWORD)
                .build());
    pages.upsert(
        page(1, "How to export a table", Embedding.of(1, 0, 0), 2019),
        page(2, "Recursive queries over a tree", Embedding.of(0, 1, 0), 2021),
        page(3, "Foreign keys are not enforced", Embedding.of(0, 0.9f, 0.4f), 2024));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static VectorRecord page(long id, String content, Embedding vector, int year) {
    return VectorRecord.of(
        RecordId.of(id),
        vector,
        Payload.builder()
            .put("content", content)
            .put("source_id", "docs")
            .put("metadata", Map.of("year", year))
            .build());
  }

  @Test
  void storeAndSearch() {
    List<String> found = new ArrayList<>();
    // tag
    try (VectorStore store = VectorStores.open("memory:")) {
      VectorCollection pages =
          store.ensureCollection(
              CollectionSpec.builder("pages")
                  .vectors(3, Metric.COSINE)
                  .field("content", FieldType.TEXT)
                  .build());

      pages.upsert(
          VectorRecord.of(
              RecordId.of(7),
              new float[] {0.1f, 0.9f, 0.2f},
              Payload.of(Map.of("content", "Recursive queries over a tree"))));

      for (SearchHit hit : pages.search(SearchRequest.nearest(0, 1, 0))) {
        found.add(hit.score() + " " + hit.content().orElse(""));
      }
    }
    // end
    assertThat(found).hasSize(1).first().asString().endsWith("over a tree");
  }

  @Test
  void filter() {
    Embedding query = Embedding.of(0, 1, 0);
    // tag
    SearchRequest request =
        SearchRequest.nearest(query)
            .filter(
                Filter.and(
                    Filter.field("source_id").eq("docs"),
                    Filter.field("metadata", "year").gte(2020),
                    Filter.not(Filter.field("content").matchesText("foreign keys"))))
            .limit(5);
    List<SearchHit> hits = pages.search(request);
    // end
    assertThat(hits).extracting(SearchHit::id).containsExactly(RecordId.of(2));
  }

  @Test
  void texts() {
    pages.patchPayload(
        List.of(RecordId.of(1)), Payload.of(Map.of("updated", "2024-11-30")), List.of());
    // tag
    Filter part = Filter.field("content").contains("table");
    Filter year =
        Filter.and(Filter.field("updated").gte("2024"), Filter.field("updated").lt("2025"));
    long recent = pages.count(Filter.and(part, year));
    long blind = pages.count(Filter.field("content").containsText("FOREIGN KEY"));
    // end
    assertThat(recent).isEqualTo(1);
    assertThat(blind).isEqualTo(1);
  }

  @Test
  void values() {
    String json = "{\"url\": \"https://a\", \"chunk\": 3, \"metadata\": {\"lang\": \"en\"}}";
    // tag
    Payload payload = Payload.parse(json);
    String url = payload.text("url").orElse("");
    long chunk = payload.integer("chunk").orElse(0);
    String language = payload.text(FieldPath.of("metadata", "lang")).orElse("");
    RecordId id = RecordId.derived(url, chunk);
    Payload more =
        payload.toBuilder().put("seen", Instant.now()).put("tags", List.of("a", "b")).build();
    // end
    assertThat(Payload.parse(payload.toJson())).isEqualTo(payload);
    assertThat(more.instant("seen")).isPresent();
    assertThat(url + chunk + language).isEqualTo("https://a3en");
    assertThat(id.kind()).isEqualTo(IdKind.UUID);
  }

  @Test
  void health() {
    // tag
    CallOptions soon = CallOptions.builder().attemptTimeout(Duration.ofSeconds(1)).build();
    store.with(soon).ping();
    // end
    assertThat(store.collections()).contains("pages");
  }

  @Test
  void textAndHybrid() {
    Embedding query = Embedding.of(0, 1, 0);
    // tag
    List<SearchHit> byText = pages.search(SearchRequest.text("recursive tree"));
    List<SearchHit> byBoth =
        pages.search(SearchRequest.hybrid(query, "foreign keys", Fusion.rrf()).limit(5));
    // end
    assertThat(byText).hasSize(1);
    assertThat(byBoth).hasSize(3);
    assertThat(byBoth.get(0).id()).isEqualTo(RecordId.of(3));
  }

  @Test
  void terms() {
    // tag
    Filter filter = Filter.field("content").matchesText("foreign keys");
    long all = pages.count(filter);
    long phrase = pages.count(Filter.field("content").matchesPhrase("recursive queries"));
    // end
    assertThat(all).isEqualTo(1);
    assertThat(phrase).isEqualTo(1);
  }

  private static Embedding embed(Optional<String> text) {
    return Embedding.of(1, text.orElse("").length());
  }

  @Test
  void anotherEmbeddingModel() {
    // tag
    pages =
        store.ensureCollection(
            pages.describe().spec().toBuilder().vector("v2", 2, Metric.COSINE).build());
    ScanRequest whole = ScanRequest.all().projection(Projection.all());
    try (Stream<VectorRecord> records = pages.stream(whole)) {
      pages.upsertAll(
          records.map(page -> page.withVector("v2", embed(page.payload().text("content")))),
          WriteOptions.defaults());
    }
    List<SearchHit> byNew = pages.search(SearchRequest.nearest(1, 0).using("v2"));
    store.dropVector("pages", VectorSpec.PLAIN);
    // end
    assertThat(byNew).hasSize(3);
    assertThat(store.collection("pages").search(SearchRequest.nearest(1, 0))).isEqualTo(byNew);
  }

  @Test
  void readEverything() {
    List<RecordId> ids = new ArrayList<>();
    // tag
    ScanRequest request = ScanRequest.all().projection(Projection.all()).pageSize(500);
    try (Stream<VectorRecord> records = pages.stream(request)) {
      records.forEach(record -> ids.add(record.id()));
    }
    // end
    assertThat(ids).containsExactly(RecordId.of(1), RecordId.of(2), RecordId.of(3));
    ids.clear();
    // tag
    Page page = pages.scan(request);
    page.records().forEach(record -> ids.add(record.id()));
    while (page.next().isPresent()) {
      page = pages.scan(request.from(page.next().get()));
      page.records().forEach(record -> ids.add(record.id()));
    }
    // end
    assertThat(ids).containsExactly(RecordId.of(1), RecordId.of(2), RecordId.of(3));
  }

  @Test
  void bulk() {
    Stream<VectorRecord> records =
        IntStream.range(0, 1_000)
            .mapToObj(i -> page(i, "page " + i, Embedding.of(1, i + 1f, 1), 2000));
    // tag
    WriteReport report = pages.upsertAll(records, WriteOptions.builder().inFlight(4).build());
    // end
    assertThat(report.records()).isEqualTo(1_000);
  }

  @Test
  void errors() {
    List<String> log = new ArrayList<>();
    VectorRecord record = VectorRecord.of(RecordId.of(9), Embedding.of(1, 2), Payload.empty());
    // tag
    try {
      pages.upsert(record);
    } catch (VectorStoreException.InvalidRequest invalid) {
      log.add("nothing was written: " + invalid.getMessage());
    } catch (VectorStoreException.OutcomeUnknown unknown) {
      log.add("the answer was lost; writing again settles it: " + unknown.getMessage());
    } catch (VectorStoreException failure) {
      log.add((failure.isRetryable() ? "try later: " : "give up: ") + failure.getMessage());
    }
    // end
    assertThat(log)
        .containsExactly(
            "nothing was written: upsert on pages (embedded): the vector of the record with number"
                + " id 9 has 2 dimensions, the collection has 3; is it from another embedding"
                + " model?");
  }
}
