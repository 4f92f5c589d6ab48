package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Embedding;
import dev.vectorstore.Projection;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

@RequiresEngine(TestEngine.SUPABASE)
class LargeDimensionTest {
  private static final int ROWS = 1_200;

  @Test
  void vectorsOfTheProductionDimensionComeBackBitEqual() {
    int dimension = ExistingSupabaseStore.PRODUCTION_DIMENSION;
    Random random = new Random(11);
    List<float[]> vectors = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      float[] vector = new float[dimension];
      for (int i = 0; i < dimension; i++) {
        // Any finite float but those at whose square pgvector overflows.
        vector[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(12) - 8));
      }
      vectors.add(vector);
    }
    try (ExistingSupabaseStore server = ExistingSupabaseStore.create(dimension);
        VectorStore store = Reading.open(server)) {
      server.load(
          "code_examples",
          List.of("url", "summary", "embedding"),
          vectors.stream().map(vector -> List.of("u" + vectors.indexOf(vector), "s", vector)));
      VectorCollection examples = store.collection("code_examples");

      Reading.Whole whole =
          Reading.all(examples, ScanRequest.all().projection(Projection.all()).pageSize(1_000));

      assertThat(whole.records()).hasSize(ROWS);
      for (int row = 0; row < ROWS; row++) {
        assertThat(whole.records().get(row).vector().orElseThrow().toArray())
            .isEqualTo(vectors.get(row));
      }
      // 17 KB a row: no page is beyond 8 MB, so none has 1,000 rows.
      assertThat(whole.pageSizes()).allMatch(size -> size < 700);
      server.sql("drop index code_examples_embedding_idx");
      assertThat(
              examples
                  .search(SearchRequest.nearest(Embedding.of(vectors.get(7))).limit(1))
                  .get(0)
                  .id()
                  .toString())
          .isEqualTo("8");
    }
  }
}
