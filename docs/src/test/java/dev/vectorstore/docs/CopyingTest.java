package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.migration.Copy;
import dev.vectorstore.migration.CopyReport;
import dev.vectorstore.migration.Route;
import dev.vectorstore.migration.Verify;
import dev.vectorstore.migration.VerifyReport;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippet of the page on copying a store. */
class CopyingTest {
  @Test
  void copying(@TempDir Path folder) {
    String fromUrl = "memory:";
    String toUrl = "memory:";
    CopyReport copied;
    VerifyReport verified;
    try (VectorStore source = VectorStores.open(fromUrl);
        VectorStore target = VectorStores.open(toUrl)) {
      load(source);
      Path state = folder;
      // tag
      Route route = Route.from(source, fromUrl).to(target, toUrl);
      copied = Copy.of(route).stateDirectory(state).build().run();
      verified = Verify.of(route).build().run();
      // end
    }
    assertThat(copied.rejected()).isZero();
    assertThat(copied.collections().get(0).written()).isEqualTo(100);
    assertThat(verified.passed()).isTrue();
  }

  private static void load(VectorStore source) {
    VectorCollection pages =
        source.ensureCollection(CollectionSpec.builder("pages").vectors(2, Metric.COSINE).build());
    for (int i = 0; i < 100; i++) {
      pages.upsert(
          VectorRecord.of(
              RecordId.of(i),
              Embedding.of(1, (float) i),
              Payload.of(Map.of("content", "page " + i))));
    }
  }
}
