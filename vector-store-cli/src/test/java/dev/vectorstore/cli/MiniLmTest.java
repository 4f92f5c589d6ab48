package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MiniLmTest {

  private static final List<CorpusRow> EMBEDDED = new ArrayList<>();

  private static MiniLm model;

  @BeforeAll
  static void load() {
    model = MiniLm.load();
    try (Corpus corpus = Corpus.open()) {
      corpus.forEachRemaining(
          row -> {
            if (row.embedding().isPresent()) {
              EMBEDDED.add(row);
            }
          });
    }
  }

  /**
   * On the kind of processor that made the corpus the two are equal to the last bits; the quantised
   * model rounds otherwise on others, which moves a vector by far less than another text would.
   */
  @Test
  void embedsAStoredTextAsItWasStored() {
    for (int i = 0; i < EMBEDDED.size(); i += 500) {
      CorpusRow row = EMBEDDED.get(i);
      float[] live = model.embed(row.embeddedText());

      assertThat(dot(live, vector(row))).isCloseTo(1.0, within(0.01));
      assertThat(nearest(live).columns()).isEqualTo(row.columns());
    }
  }

  @Test
  void findsWhatAQuestionInOtherWordsAsksFor() {
    assertThat(page("how to export a table as CSV from the command line")).endsWith("/cli.html");
    assertThat(page("recursive query over a tree of employees")).endsWith("/lang_with.html");
    assertThat(page("How do I search text in a table full of documents?")).contains("/fts");
  }

  @Test
  void givesTheSameVectorForTheSameText() {
    assertThat(model.embed("PRAGMA page_size")).isEqualTo(model.embed("PRAGMA page_size"));
  }

  private static String page(String question) {
    return nearest(model.embed(question)).text("url");
  }

  private static CorpusRow nearest(float[] query) {
    return EMBEDDED.stream()
        .max(Comparator.comparingDouble(row -> dot(query, vector(row))))
        .orElseThrow();
  }

  private static float[] vector(CorpusRow row) {
    return row.embedding().orElseThrow();
  }

  static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
