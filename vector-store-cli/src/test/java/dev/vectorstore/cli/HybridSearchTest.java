package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A search by vector and text, whose rankings are fused by what the metric allows. */
@RequiresEngine(TestEngine.QDRANT)
class HybridSearchTest {
  private final String name = "t" + UUID.randomUUID().toString().replace("-", "");

  @ParameterizedTest
  @CsvSource({
    "COSINE, by vector and text; fused by boosted similarity (cosine)",
    "DOT, by vector and text; fused by reciprocal ranks (RRF)"
  })
  void aHybridSearchSaysHowItIsFused(Metric metric, String said) {
    String url = QdrantServer.shared().url();
    try (VectorStore store = VectorStores.open(url)) {
      store
          .ensureCollection(
              CollectionSpec.builder(name)
                  .vectors(2, metric)
                  .field("content", FieldType.TEXT)
                  .build())
          .upsert(
              VectorRecord.of(
                  RecordId.of(1), Embedding.of(1, 0), Payload.of(Map.of("content", "a fox"))));
      Run hybrid = search(url, "--text", "fox", "--like", "1");
      assertThat(hybrid.code()).as(hybrid.err()).isZero();
      assertThat(hybrid.out().lines()).first().isEqualTo(said);
      assertThat(hybrid.out().lines()).element(1).asString().startsWith("1. ");
      for (Run alone : new Run[] {search(url, "--like", "1"), search(url, "--text", "fox")}) {
        assertThat(alone.out().lines()).first().asString().startsWith("1. ");
      }
      assertThat(search(url, "--text", "fox", "--like", "1", "--json").out()).startsWith("{");
      store.drop(name);
    }
  }

  private Run search(String url, String... more) {
    String[] arguments = new String[more.length + 5];
    System.arraycopy(
        new String[] {"search", "--store", url, "--collection", name}, 0, arguments, 0, 5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    return Run.of(arguments);
  }

  @Test
  void theHelpSaysWhichFusionIsUsed() {
    assertThat(Run.of("search", "--help").out().replaceAll("\\s+", " "))
        .contains("boosted", "by cosine, else by reciprocal ranks (RRF)");
  }
}
