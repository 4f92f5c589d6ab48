package dev.vectorstore.migration;

import static dev.vectorstore.migration.SampleStore.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collections that have several vectors a record, as stores with a column per model do. */
class NamedVectorsTest {
  private static final String PAGES = "kb_pages";
  private static final int[] DIMENSIONS = {3, 5, 8};

  @TempDir private Path state;
  private final VectorStore source = SampleStore.empty();
  private final VectorStore target = SampleStore.empty();

  /** Every second record has all vectors, the others the largest alone; every tenth has none. */
  @BeforeEach
  void fill() {
    CollectionSpec.Builder spec = CollectionSpec.builder(PAGES);
    for (int dimension : DIMENSIONS) {
      spec.vector("embedding_" + dimension, dimension, Metric.COSINE);
    }
    Random random = new Random(5);
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      Map<String, Embedding> vectors = new HashMap<>();
      for (int dimension : DIMENSIONS) {
        float[] components = new float[dimension];
        for (int c = 0; c < dimension; c++) {
          components[c] = (float) random.nextGaussian();
        }
        if (i % 10 != 0 && (i % 2 == 0 || dimension == 8)) {
          vectors.put("embedding_" + dimension, Embedding.of(components));
        }
      }
      Payload payload = Payload.of(Map.of("content", "page about topic " + i));
      records.add(VectorRecord.of(RecordId.of(i), vectors, payload));
    }
    source.ensureCollection(spec.build()).upsert(records);
  }

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  private Copy.Builder copy() {
    return copy(route(source, target));
  }

  private Copy.Builder copy(Route route) {
    return Copy.of(route).stateDirectory(state);
  }

  private VerifyReport.Collection verify() {
    return Verify.of(route(source, target)).sample(60).build().run().collections().get(0);
  }

  private static List<VectorRecord> all(VectorCollection collection) {
    try (Stream<VectorRecord> records =
        collection.stream(ScanRequest.all().projection(Projection.all()))) {
      return records.toList();
    }
  }

  @Test
  void allVectorsAreCopiedAndVerified() {
    CopyReport.Collection copied = copy().build().run().collections().get(0);
    assertThat(copied.withoutVector()).isEqualTo(12);
    VectorCollection there = target.collection(PAGES);
    assertThat(there.describe().spec().vectors())
        .isEqualTo(source.describe(PAGES).spec().vectors());
    assertThat(all(there))
        .extracting(record -> record.vectors().keySet())
        .isEqualTo(all(source.collection(PAGES)).stream().map(r -> r.vectors().keySet()).toList());
    VerifyReport.Collection report = verify();
    assertThat(report.vectorMismatches()).isZero();
    assertThat(report.withoutVector()).isEqualTo(12);
    assertThat(report.overlap()).hasValue(1);
  }

  @Test
  void aVectorThatDiffersUnderOneNameIsAMismatch() {
    copy().build().run();
    VectorCollection there = target.collection(PAGES);
    VectorRecord whole = there.fetch(RecordId.of(2)).orElseThrow();
    VectorRecord other = there.fetch(RecordId.of(4)).orElseThrow();
    Map<String, Embedding> fewer = new HashMap<>(other.vectors());
    fewer.remove("embedding_5");
    there.upsert(whole.withVector("embedding_3", Embedding.of(-1, 2, 3)), other.withVectors(fewer));
    assertThat(verify().vectorMismatches()).isEqualTo(2);
  }

  @Test
  void vectorsAreRenamedByAMapping() {
    String json =
        "{\"kb_pages\": {\"vectors\": {\"embedding_8\": \"\", \"embedding_5\": \"small\"}}}";
    Map<String, Mapping> mappings = Mapping.parse(new StringReader(json));
    Route route = route(source, target).mappings(mappings);
    Copy.of(route).stateDirectory(state).build().run();
    VectorCollection there = target.collection(PAGES);
    assertThat(there.describe().spec().vectors().keySet())
        .containsExactlyInAnyOrder(VectorSpec.PLAIN, "small", "embedding_3");
    Embedding query =
        source.collection(PAGES).fetch(RecordId.of(3)).orElseThrow().vectors().get("embedding_8");
    assertThat(there.search(SearchRequest.nearest(query).limit(1)).get(0).id())
        .isEqualTo(RecordId.of(3));
    VerifyReport.Collection report = Verify.of(route).sample(60).build().run().collections().get(0);
    assertThat(report.vectorMismatches()).isZero();
    assertThat(report.overlap()).hasValue(1);
  }

  @Test
  void twoVectorsOfOneNameAreRefusedBeforeAnythingIsMade() {
    Copy copy =
        copy(route(source, target)
                .mapping(
                    PAGES,
                    Mapping.builder()
                        .vector("embedding_3", "x")
                        .vector("embedding_5", "x")
                        .build()))
            .build();
    assertThatThrownBy(copy::run).isInstanceOf(InvalidRequest.class).hasMessageContaining("\"x\"");
    assertThat(target.collections()).isEmpty();
  }

  @Test
  void aTargetWithAnotherDimensionOfOneNameIsAProblemOfThePlan() {
    target.ensureCollection(
        CollectionSpec.builder(PAGES).vector("embedding_5", 6, Metric.COSINE).build());
    assertThat(copy().build().plan().collections().get(0).problems())
        .anySatisfy(problem -> assertThat(problem).contains("embedding_5", "6", "5"));
  }

  @Test
  void aQueryNamesItsVector() {
    copy().build().run();
    String lines =
        """
        {"vector": [1, 0, 2], "using": "embedding_3"}
        {"vector": [1, 0, 2]}
        """;
    List<ParityQuery> queries = ParityQuery.parse(new BufferedReader(new StringReader(lines)));
    VerifyReport report = Verify.of(route(source, target)).sample(0).queries(queries).build().run();
    assertThat(report.queriesNotAsked())
        .as("this one doesn't say among which vectors")
        .containsExactly("line 2");
    assertThatThrownBy(
            () ->
                ParityQuery.parse(
                    new BufferedReader(new StringReader("{\"text\": \"a\", \"using\": \"b\"}"))))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("line 1");
  }

  @Test
  void aRecordComesBackFromItsLineWithAllVectors() {
    VectorRecord record =
        VectorRecord.of(RecordId.of(1), Embedding.of(0.1f, 2), Payload.of(Map.of("a", 1)))
            .withVector("title", Embedding.of(3))
            .withVector("x\"y", Embedding.of(4, 5));
    String line = RecordLines.write(PAGES, new Reject("1", record, "why"));
    assertThat(RecordLines.read(line).reject().record()).isEqualTo(record);
    assertThatThrownBy(() -> RecordLines.read("{\"id\": 1, \"vectors\": [1]}"))
        .isInstanceOf(InvalidRequest.class);
  }
}
