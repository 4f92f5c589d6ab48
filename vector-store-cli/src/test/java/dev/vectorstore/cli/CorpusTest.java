package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CorpusTest {

  private static final List<CorpusRow> ALL = new ArrayList<>();

  @BeforeAll
  static void readAll() {
    try (Corpus corpus = Corpus.open()) {
      corpus.forEachRemaining(ALL::add);
    }
  }

  @Test
  void holdsThreeTablesAfterOneAnotherWithTheirParentsFirst() {
    Set<String> order = ALL.stream().map(CorpusRow::table).collect(toOrderedSet());

    assertThat(order).containsExactly("sources", "crawled_pages", "code_examples");
    assertThat(table("sources")).hasSize(7);
    assertThat(table("crawled_pages")).hasSizeGreaterThanOrEqualTo(5000);
    assertThat(table("code_examples")).hasSizeGreaterThanOrEqualTo(500);
    assertThat(changesOfTable()).isEqualTo(2);
  }

  @Test
  void numbersIdsFromOneAndChunksFromZeroWithinTheirUrl() {
    for (String name : List.of("crawled_pages", "code_examples")) {
      Map<String, Long> next = new HashMap<>();
      long id = 1;
      for (CorpusRow row : table(name)) {
        assertThat(row.columns()).containsEntry("id", id++);
        long expected = next.merge(row.text("url"), 1L, Long::sum) - 1;
        assertThat(row.columns()).containsEntry("chunk_number", expected);
      }
    }
  }

  @Test
  void tiesEveryRowToASourceWhoseWordCountIsTheSumOverItsPages() {
    Map<String, Long> words =
        table("crawled_pages").stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.text("source_id"),
                    Collectors.summingLong(row -> (long) metadata(row).get("word_count"))));
    Map<String, Long> stated =
        table("sources").stream()
            .collect(
                Collectors.toMap(
                    row -> row.text("source_id"),
                    row -> (Long) row.columns().get("total_word_count")));

    assertThat(words).isEqualTo(stated);
    assertThat(table("code_examples"))
        .allSatisfy(row -> assertThat(stated).containsKey(row.text("source_id")));
  }

  @Test
  void givesTextWithoutMarkupInPiecesThatAModelTakesInWhole() {
    Pattern markup = Pattern.compile("&(lt|gt|amp|nbsp|quot);|</(p|div|span|td|li|a)>|\\ufffd");

    assertThat(table("crawled_pages"))
        .allSatisfy(row -> assertThat(row.text("content").length()).isBetween(120, 1200))
        .noneMatch(row -> markup.matcher(row.text("content")).find())
        .noneMatch(row -> row.text("content").contains("toggle_search"))
        .extracting(row -> row.text("content"))
        .doesNotHaveDuplicates();
    assertThat(table("code_examples")).noneMatch(row -> row.text("summary").isBlank());
  }

  @Test
  void keepsMetadataNestedAndPlain() {
    CorpusRow row =
        table("crawled_pages").stream()
            .filter(page -> page.text("url").endsWith("/lang_upsert.html"))
            .findFirst()
            .orElseThrow();

    assertThat(row.columns().keySet())
        .containsExactly("id", "url", "chunk_number", "content", "metadata", "source_id");
    assertThat(metadata(row))
        .containsEntry("title", "UPSERT")
        .containsEntry("source", "sqlite.org/lang")
        .containsEntry("char_count", (long) row.text("content").length())
        .containsEntry("has_code", false);
    assertThat(metadata(row).get("headings")).isInstanceOf(List.class);
    assertThat(metadata(row).get("section"))
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
        .containsKeys("number", "heading", "path");
  }

  @Test
  void givesEachPageAndExampleAnEmbeddingOfLengthOneAndSourcesNone() {
    for (CorpusRow row : ALL) {
      if (row.table().equals("sources")) {
        assertThat(row.embedding()).isEmpty();
      } else {
        float[] vector = row.embedding().orElseThrow();
        assertThat(vector).hasSize(384);
        assertThat(MiniLmTest.dot(vector, vector)).isCloseTo(1.0, within(1e-5));
      }
    }
  }

  @Test
  void showsWholeSourcesInTheDemo() {
    List<CorpusRow> demo = new ArrayList<>();
    try (Corpus corpus = Corpus.openDemo()) {
      corpus.forEachRemaining(demo::add);
    }
    Set<String> shown =
        demo.stream()
            .filter(row -> row.table().equals("sources"))
            .map(row -> row.text("source_id"))
            .collect(toOrderedSet());

    assertThat(shown).containsExactly("sqlite.org/lang", "sqlite.org/tools");
    assertThat(demo)
        .hasSizeBetween(1000, 2500)
        .usingElementComparator((a, b) -> a.columns().equals(b.columns()) ? 0 : 1)
        .isEqualTo(ALL.stream().filter(row -> shown.contains(row.text("source_id"))).toList());
    assertThat(demo.get(demo.size() - 1).embedding()).isPresent();
  }

  @Test
  void endsWithNoSuchElement() {
    try (Corpus corpus = Corpus.open()) {
      while (corpus.hasNext()) {
        corpus.next();
      }
      assertThatThrownBy(corpus::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void staysSmallEnoughForARepository() throws IOException {
    long bytes = size(Corpus.ROWS) + size(Corpus.VECTORS);

    assertThat(bytes).isLessThan(15_000_000);
  }

  private static long size(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Corpus.class.getResourceAsStream("corpus/" + name), name)) {
      return in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static List<CorpusRow> table(String name) {
    return ALL.stream().filter(row -> row.table().equals(name)).toList();
  }

  private static int changesOfTable() {
    int changes = 0;
    for (int i = 1; i < ALL.size(); i++) {
      changes += ALL.get(i).table().equals(ALL.get(i - 1).table()) ? 0 : 1;
    }
    return changes;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> metadata(CorpusRow row) {
    return (Map<String, Object>) Objects.requireNonNull(row.columns().get("metadata"));
  }

  private static Collector<String, ?, Set<String>> toOrderedSet() {
    return Collectors.toCollection(LinkedHashSet::new);
  }
}
