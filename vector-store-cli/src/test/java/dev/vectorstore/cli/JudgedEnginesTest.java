package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.Embedding;
import dev.vectorstore.Fusion;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.cli.JudgedPages.Way;
import dev.vectorstore.supabase.Supabase;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.lucene.util.SmallFloat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A hundred questions about 5,114 real pages, asked in words on all engines: what is the same on
 * all of them, what differs and why, and whether a hybrid answer is better than the nearest alone.
 */
@EnabledIfSystemProperty(named = "long", matches = "true")
@RequiresEngine({TestEngine.SUPABASE, TestEngine.QDRANT})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JudgedEnginesTest {
  private static final String MEMORY = "memory";
  private static final String QDRANT = "Qdrant";
  private static final String POSTGRES = "Postgres";
  private static final String POSTGREST = "PostgREST";

  /** Engines compute in float32. */
  private static final double FLOATS = 1e-5;

  /** A hybrid search for 10 fuses rankings of this size. */
  private static final int LEG = 2 * JudgedPages.DEPTH;

  private final JudgedSet judged = JudgedSet.load();
  private final List<VectorRecord> records = JudgedPages.records();
  private final List<Embedding> vectors = new ArrayList<>();
  private final Map<String, VectorStore> stores = new LinkedHashMap<>();
  private final Map<String, JudgedPages> engines = new LinkedHashMap<>();
  private final Map<String, Map<Way, List<List<Long>>>> answers = new LinkedHashMap<>();
  private QdrantServer qdrant;
  private ExistingSupabaseStore supabase;

  @BeforeAll
  void load() {
    qdrant = QdrantServer.start();
    supabase = ExistingSupabaseStore.create(Corpus.DIMENSION);
    supabase.sql(Supabase.sql());
    supabase.postgrest().reloadSchema();
    stores.put(MEMORY, VectorStores.open("memory:"));
    stores.put(QDRANT, Records.open(qdrant.url(), ""));
    stores.put(POSTGREST, Records.open(supabase.url(), supabase.serviceKey()));
    stores.forEach((engine, store) -> engines.put(engine, JudgedPages.load(store, records)));
    stores.put(POSTGRES, VectorStores.open(supabase.database().url("postgres")));
    engines.put(POSTGRES, JudgedPages.of(stores.get(POSTGRES)));
    MiniLm model = MiniLm.load();
    judged.questions().forEach(question -> vectors.add(Embedding.of(model.embed(question))));
    engines.forEach((engine, pages) -> answers.put(engine, ask(pages)));
  }

  private Map<Way, List<List<Long>>> ask(JudgedPages pages) {
    Map<Way, List<List<Long>>> answers = new EnumMap<>(Way.class);
    for (Way way : Way.values()) {
      List<List<Long>> ofWay = new ArrayList<>();
      for (int i = 0; i < vectors.size(); i++) {
        ofWay.add(pages.ask(way, judged.questions().get(i), vectors.get(i)));
      }
      answers.put(way, ofWay);
    }
    return answers;
  }

  @AfterAll
  void stop() {
    stores.values().forEach(VectorStore::close);
    qdrant.close();
    supabase.close();
  }

  /** Scores of the same place differ by less than engines compute. */
  @Test
  void theNearestAreTheSameOnAllEngines() {
    for (int i = 0; i < vectors.size(); i++) {
      SearchRequest nearest = SearchRequest.nearest(vectors.get(i)).exact();
      List<SearchHit> expected = engines.get(MEMORY).hits(nearest, LEG);
      for (Map.Entry<String, JudgedPages> engine : engines.entrySet()) {
        List<SearchHit> hits = engine.getValue().hits(nearest, LEG);
        assertThat(hits).hasSameSizeAs(expected);
        for (int place = 0; place < LEG; place++) {
          assertThat(hits.get(place).score())
              .as("%s, question %d, place %d", engine.getKey(), i + 1, place + 1)
              .isCloseTo(expected.get(place).score(), within(FLOATS));
        }
      }
    }
  }

  /**
   * Each ranking by words is BM25 over the same terms. Lengths are those of Lucene's one byte in
   * memory; in Qdrant they stand beside a constant, and it counts a text fewer at times; on
   * Postgres their mean, and how rare terms are, are estimated.
   */
  @Test
  void theWordsAreRankedByBm25WithTheFiguresOfEachEngine() {
    assertRanked(
        MEMORY,
        Bm25.rounded(records, n -> SmallFloat.byte4ToInt(SmallFloat.intToByte4(n))),
        FLOATS);
    assertRanked(QDRANT, Bm25.beside(records, 256), 0.001);
    assertRanked(POSTGRES, Bm25.of(records), 0.1);
    assertRanked(POSTGREST, Bm25.of(records), 0.1);
  }

  /** The page at each place is as good as the one that the formula has there. */
  private void assertRanked(String engine, Bm25 bm25, double tolerance) {
    double worst = 0;
    for (String question : judged.questions()) {
      SearchRequest text = SearchRequest.text(question);
      List<Long> answer = JudgedPages.ids(engines.get(engine).hits(text, LEG));
      List<Double> expected = bm25.best(text.terms(), LEG);
      assertThat(answer).doesNotHaveDuplicates().hasSameSizeAs(expected);
      for (int place = 0; place < answer.size(); place++) {
        double score = bm25.score(answer.get(place), text.terms());
        double off = Math.abs(score / expected.get(place) - 1);
        worst = Math.max(worst, off);
        assertThat(off)
            .as("%s: \"%s\", place %d", engine, question, place + 1)
            .isLessThanOrEqualTo(tolerance);
      }
    }
    System.out.printf(Locale.ROOT, "%s: scores by words are off by up to %.6f%n", engine, worst);
  }

  @Test
  void aHybridAnswerIsTheSameFusionOfBothEverywhere() {
    for (Map.Entry<String, JudgedPages> engine : engines.entrySet()) {
      for (int i = 0; i < vectors.size(); i++) {
        String question = judged.questions().get(i);
        JudgedPages pages = engine.getValue();
        List<SearchHit> nearest = pages.hits(SearchRequest.nearest(vectors.get(i)).exact(), LEG);
        List<SearchHit> byWords = pages.hits(SearchRequest.text(question), LEG);
        for (Way way : List.of(Way.RRF, Way.BOOSTED)) {
          SearchRequest hybrid = way.request(question, vectors.get(i)).exact();
          Fusion fusion = hybrid.fusion().orElseThrow();
          assertThat(JudgedPages.ids(pages.hits(hybrid, JudgedPages.DEPTH)))
              .as("%s, %s: \"%s\"", engine.getKey(), way, question)
              .isEqualTo(JudgedPages.ids(fusion.fuse(nearest, byWords, JudgedPages.DEPTH)));
        }
      }
    }
  }

  /** They call the same functions. An approximate search may be planned otherwise meanwhile. */
  @Test
  void bothWaysToPostgresAnswerTheSame() {
    for (int i = 0; i < vectors.size(); i++) {
      for (Way way : Way.values()) {
        SearchRequest request = way.request(judged.questions().get(i), vectors.get(i));
        SearchRequest asked = way == Way.TEXT ? request : request.exact();
        assertThat(JudgedPages.ids(engines.get(POSTGREST).hits(asked, JudgedPages.DEPTH)))
            .as("question %d, %s", i + 1, way)
            .isEqualTo(JudgedPages.ids(engines.get(POSTGRES).hits(asked, JudgedPages.DEPTH)));
      }
    }
  }

  /** How much the figures of words move an answer; all else is the same, as the others show. */
  @Test
  void answersAgreeAcrossEnginesButForTheirFiguresOfWords() {
    Map<Way, Double> least =
        Map.of(Way.NEAREST, 0.99, Way.TEXT, 0.89, Way.RRF, 0.92, Way.BOOSTED, 0.95);
    List<String> all = List.copyOf(engines.keySet());
    for (Way way : Way.values()) {
      for (int a = 0; a < all.size(); a++) {
        for (int b = a + 1; b < all.size(); b++) {
          double overlap = overlap(all.get(a), all.get(b), way);
          System.out.printf(
              Locale.ROOT, "%s, %s and %s: overlap %.3f%n", way, all.get(a), all.get(b), overlap);
          assertThat(overlap)
              .as("%s and %s, %s", all.get(a), all.get(b), way)
              .isGreaterThanOrEqualTo(least.get(way));
        }
      }
    }
  }

  /** The mean share of an answer's 10 that the other engine's has too. */
  private double overlap(String one, String other, Way way) {
    double sum = 0;
    for (int i = 0; i < vectors.size(); i++) {
      List<Long> answer = answers.get(one).get(way).get(i);
      Set<Long> others = new HashSet<>(answers.get(other).get(way).get(i));
      long both = answer.stream().filter(others::contains).count();
      sum += answer.isEmpty() ? 1 : (double) both / answer.size();
    }
    return sum / vectors.size();
  }

  @Test
  void hybridAnswersAreBetterThanTheNearestAlone() {
    for (String engine : engines.keySet()) {
      for (Way way : Way.values()) {
        System.out.printf(
            Locale.ROOT,
            "%s, %s: nDCG@10 %.4f %s, better than the nearest for %d questions and worse for %d,"
                + " %.3f of the pages judged%n",
            engine,
            way,
            ndcg(engine, way, ""),
            byKind(engine, way),
            better(engine, way, Way.NEAREST),
            better(engine, Way.NEAREST, way),
            judgedShare(engine, way));
      }
      double nearest = ndcg(engine, Way.NEAREST, "");
      for (Way hybrid : List.of(Way.RRF, Way.BOOSTED)) {
        assertThat(ndcg(engine, hybrid, "")).as(engine + ", " + hybrid).isGreaterThan(nearest);
        assertThat(ndcg(engine, hybrid, "")).isCloseTo(ndcg(MEMORY, hybrid, ""), within(0.01));
      }
      assertThat(ndcg(engine, Way.RRF, "identifiers"))
          .as("names and options are what words are for")
          .isGreaterThan(ndcg(engine, Way.NEAREST, "identifiers") + 0.05);
    }
  }

  private long better(String engine, Way one, Way other) {
    return IntStream.range(0, vectors.size())
        .filter(
            i ->
                judged.ndcg(i, answers.get(engine).get(one).get(i))
                    > judged.ndcg(i, answers.get(engine).get(other).get(i)) + 1e-9)
        .count();
  }

  private Map<String, String> byKind(String engine, Way way) {
    Map<String, String> means = new LinkedHashMap<>();
    judged.kinds().forEach(kind -> means.put(kind, "%.3f".formatted(ndcg(engine, way, kind))));
    return means;
  }

  /** The mean over the questions of a kind; of all for none. */
  private double ndcg(String engine, Way way, String kind) {
    return IntStream.range(0, vectors.size())
        .filter(i -> kind.isEmpty() || judged.kinds().get(i).equals(kind))
        .mapToDouble(i -> judged.ndcg(i, answers.get(engine).get(way).get(i)))
        .average()
        .orElseThrow();
  }

  private double judgedShare(String engine, Way way) {
    long known = 0;
    long all = 0;
    for (int i = 0; i < vectors.size(); i++) {
      Set<Long> pages = judged.grades(i).keySet();
      List<Long> answer = answers.get(engine).get(way).get(i);
      known += answer.stream().filter(pages::contains).count();
      all += answer.size();
    }
    return (double) known / all;
  }
}
