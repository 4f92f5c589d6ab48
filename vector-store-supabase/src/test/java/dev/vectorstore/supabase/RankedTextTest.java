package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.TextTerms;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import dev.vectorstore.testservers.ZipfTexts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranked texts beside BM25 by its formula. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RankedTextTest {
  private static final long SEED = 20_261_127;

  /** Few enough for statistics that are exact, and too many for one look at all of a query's. */
  private static final int TEXTS = 2_800;

  private static final FieldPath TEXT = FieldPath.of("text");
  private static final FieldPath NUMBER = FieldPath.of("n");

  private final ZipfTexts words = new ZipfTexts(600);
  private final Bm25 expected = new Bm25();
  private ManagedServer server;
  private VectorStore store;
  private VectorCollection collection;

  @BeforeAll
  void load() {
    server = ManagedServer.start();
    store = Postgres.at(server.database().url("postgres")).callOptions(Reading.ONCE).open();
    collection = collection("ranked");
    Random random = new Random(SEED);
    write(collection, expected, IntStream.range(0, TEXTS).boxed().toList(), random);
  }

  @AfterAll
  void stop() {
    store.close();
    server.close();
  }

  private VectorCollection collection(String name) {
    return store.ensureCollection(
        CollectionSpec.builder(name)
            .field("text", FieldType.TEXT)
            .field("n", FieldType.NUMBER)
            .build());
  }

  private void write(VectorCollection to, Bm25 model, List<Integer> ids, Random random) {
    List<VectorRecord> records = new ArrayList<>();
    for (int id : ids) {
      // Some of few words, so that many scores are equal.
      String text = words.text(1 + random.nextInt(id % 3 == 0 ? 2 : 24), random);
      records.add(record(id, text));
      model.put(RecordId.of(id), text);
    }
    to.upsert(records);
  }

  private static VectorRecord record(int id, String text) {
    return VectorRecord.of(RecordId.of(id), Payload.of(Map.of("text", text, "n", id)));
  }

  /** Of 1 to 40 words, frequent and rare ones, some that no text has. */
  private String query(Random random) {
    int count = random.nextInt(4) == 0 ? 17 + random.nextInt(24) : 1 + random.nextInt(6);
    return IntStream.range(0, count)
        .mapToObj(
            n -> random.nextBoolean() ? words.text(1, random) : ZipfTexts.word(random.nextInt(700)))
        .collect(Collectors.joining(" "));
  }

  /** As it is, and in steps so small that all ways to an answer are gone. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsPassedOverIsNoneOfTheBest(boolean smallSteps) {
    try {
      server.database().sql(smallSteps ? inSmallSteps() : Supabase.sql());
      Random random = new Random(SEED + 1);
      for (int i = 0; i < 1_200; i++) {
        String query = query(random);
        int limit = 1 + random.nextInt(random.nextInt(5) == 0 ? 200 : 12);
        int share = List.of(1, 1, 2, 30, 400).get(random.nextInt(5));
        Filter filter = share == 1 ? Filter.all() : NUMBER.in(multiples(share));
        assertThat(difference(query, limit, filter, id -> number(id) % share == 0))
            .as("seed %d, query %d: %s, limit %d, one in %d", SEED, i, query, limit, share)
            .isEmpty();
      }
    } finally {
      server.database().sql(Supabase.sql());
    }
  }

  /** Our SQL, as if there were many more texts. */
  private static String inSmallSteps() {
    String script = Supabase.sql();
    String small =
        script
            .replace("few_rows bigint := 2000", "few_rows bigint := 4")
            .replace("hashes) <= 16", "hashes) <= 3");
    assertThat(small.length()).isEqualTo(script.length() - 5);
    return small;
  }

  private static Object[] multiples(int share) {
    return IntStream.iterate(0, n -> n < TEXTS, n -> n + share).boxed().toArray();
  }

  private static long number(RecordId id) {
    return Long.parseLong(id.toString());
  }

  /** How the answer differs from the formula's, or nothing. */
  private String difference(
      String query, int limit, Filter filter, Predicate<? super RecordId> passes) {
    List<Bm25.Scored> best = expected.best(query, limit, passes);
    List<SearchHit> hits = search(collection, query, limit, filter);
    return difference(hits, best);
  }

  private static List<SearchHit> search(
      VectorCollection in, String query, int limit, Filter filter) {
    return in.search(SearchRequest.text(query).filter(filter).limit(limit));
  }

  private static String difference(List<SearchHit> hits, List<Bm25.Scored> best) {
    if (hits.size() != best.size()) {
      return hits.size() + " hits instead of " + best.size();
    }
    for (int i = 0; i < hits.size(); i++) {
      if (!hits.get(i).id().equals(best.get(i).id())
          || Math.abs(hits.get(i).score() - best.get(i).score()) > 1e-8) {
        return "hit " + i + " is " + hits.get(i) + " instead of " + best.get(i);
      }
    }
    return "";
  }

  @Test
  void equalScoresAreCutById() {
    List<SearchHit> all = search(collection, "w0", 10_000, Filter.all());
    for (int limit = 1; limit < 300; limit += 7) {
      assertThat(search(collection, "w0", limit, Filter.all())).isEqualTo(all.subList(0, limit));
    }
    assertThat(all.stream().map(SearchHit::score).distinct().count()).isLessThan(all.size() / 4);
  }

  /** What keeps two runs of a script without spaces apart is stored with the terms, for phrases. */
  @Test
  void aGapIsNoWordOfATextsLength() {
    VectorCollection gaps = collection("gaps");
    gaps.upsert(List.of(record(1, "東京、京都"), record(2, "東京 x")));
    List<SearchHit> hits = search(gaps, "東京", 10, Filter.all());
    assertThat(hits).hasSize(2);
    assertThat(hits.get(0).score()).isEqualTo(hits.get(1).score());
    assertThat(gaps.count(Filter.field("text").matchesPhrase("東京、京都"))).isEqualTo(1);
    assertThat(gaps.count(Filter.field("text").matchesPhrase("東京都"))).isZero();
    store.drop("gaps");
  }

  /** Each would be a slip that returns plausible answers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rareness is ignored | select q.hash, q.n, ln(1 + (found.texts - q.n + 0.5) / (q.n + 0.5)) |"
            + " select q.hash, q.n, 1::double precision",
        "length is ignored | 0.3 + %L::double precision * s.lengths | 1.2 + 0 * %L::double precision * s.lengths",
        "frequency is ignored | s.frequencies[array_position(s.hashes, %L)] |"
            + " sign(s.frequencies[array_position(s.hashes, %L)])",
        "the first terms are enough | exit when essential = cardinality(q.hashes) | exit when true",
        "passed over too early | where s.score + $1 >= $2 | where s.score >= $2",
        "of many terms passed over too early | where p.score + $1 >= greatest | where p.score >= greatest",
        "the others add nothing | sum(w.weight + 1e-10) | 0 * sum(w.weight + 1e-10)",
        "equal ones at random | where s.score + $1 >= $2 order by score desc, id limit |"
            + " where s.score + $1 >= $2 order by score desc, md5(id::text) limit",
        "an update keeps what was | where fresh.terms is distinct from gone.terms | where false",
        "a delete keeps what was | delete from %s s using gone where s.id = gone.id |"
            + " select from %s s where false",
      })
  void aPlantedDefectIsSeen(String name, String right, String wrong) {
    String script = inSmallSteps();
    assertThat(script.contains(right)).as(name).isTrue();
    try {
      server.database().sql(script.replace(right, wrong));
      assertThat(isRight()).as(name).isFalse();
    } finally {
      server.database().sql(Supabase.sql());
    }
  }

  /** Whether random queries and writes are answered as the formula says. */
  private boolean isRight() {
    Random random = new Random(SEED + 2);
    for (int i = 0; i < 150; i++) {
      if (!difference(query(random), 5, Filter.all(), id -> true).isEmpty()) {
        return false;
      }
    }
    return statisticsFollow("written" + random.nextInt());
  }

  @Test
  void statisticsFollowTheWrites() {
    assertThat(statisticsFollow("follow")).isTrue();
    assertThat(isRight()).as("what the planted defects are measured by").isTrue();
  }

  private boolean statisticsFollow(String name) {
    VectorCollection written = collection(name);
    Bm25 model = new Bm25();
    Random random = new Random(SEED + 3);
    boolean follows = true;
    for (int step = 0; step < 12 && follows; step++) {
      step(step % 6, written, model, random);
      for (String query : List.of("w0", "w3 w1", "w0 w1 w2 w9 w40")) {
        List<Bm25.Scored> best = model.best(query, 1_000, id -> true);
        follows &= difference(search(written, query, 1_000, Filter.all()), best).isEmpty();
      }
    }
    store.drop(name);
    return follows;
  }

  private void step(int kind, VectorCollection written, Bm25 model, Random random) {
    List<Integer> some =
        IntStream.range(0, 40).map(n -> random.nextInt(90)).distinct().boxed().toList();
    List<RecordId> ids = some.stream().map(RecordId::of).toList();
    switch (kind) {
      case 2 -> {
        written.delete(ids);
        ids.forEach(model::remove);
      }
      case 3 -> {
        List<RecordId> there =
            written.fetch(ids, Projection.ids()).stream().map(VectorRecord::id).toList();
        written.patchPayload(ids, Payload.of(Map.of("text", "w0 w0 w9")), List.of());
        there.forEach(id -> model.put(id, "w0 w0 w9"));
      }
      case 4 -> {
        written.patchPayload(ids, Payload.empty(), List.of("text"));
        ids.forEach(model::remove);
      }
      case 5 -> {
        written.deleteAll();
        model.clear();
      }
      default -> write(written, model, some, random);
    }
  }

  /** Beyond 128 pages the statistics are those of a part, and all else is as exact as before. */
  @Test
  void ofManyTextsAPartTellsTheStatistics() {
    VectorCollection many = collection("many");
    Bm25 model = new Bm25();
    Random random = new Random(SEED + 4);
    for (int from = 0; from < 20_000; from += 1_000) {
      write(many, model, IntStream.range(from, from + 1_000).boxed().toList(), random);
    }
    for (int i = 0; i < 60; i++) {
      String query = query(random);
      List<String> terms = TextTerms.of(query).stream().distinct().toList();
      Bm25.Statistics told = told("many", terms);
      assertNear(told, model.statistics(terms));
      assertThat(
              difference(
                  search(many, query, 20, Filter.all()), model.best(query, 20, id -> true, told)))
          .as("seed %d, query %d: %s", SEED, i, query)
          .isEmpty();
    }
    store.drop("many");
  }

  private static void assertNear(Bm25.Statistics told, Bm25.Statistics truth) {
    assertThat(told.texts()).isCloseTo(truth.texts(), within(0.05 * truth.texts()));
    assertThat(told.length()).isCloseTo(truth.length(), within(0.05 * truth.length()));
    truth
        .having()
        .forEach(
            (term, having) -> {
              double of = having > 5_000 ? 0.15 : having > 1_600 ? 0.25 : 0;
              assertThat(told.having().get(term)).as(term).isCloseTo(having, within(of * having));
            });
  }

  /** What our SQL takes for the statistics of a collection. */
  private Bm25.Statistics told(String name, List<String> terms) {
    String array = terms.stream().collect(Collectors.joining("','", "array['", "']"));
    String[] row =
        server
            .database()
            .sql(
                "set search_path = pg_catalog, vector_store, public;"
                    + "select s.texts, s.length, array_to_string(array(select n from unnest("
                    + array
                    + ") term join unnest(term_hashes('0', "
                    + array
                    + "), s.counts) q(hash, n) on q.hash = hashtextextended(('0:' || term) collate \"C\", 0)"
                    + " order by array_position("
                    + array
                    + ", term)), ',') from find('"
                    + name
                    + "') c, text_statistics(c, 1, term_hashes('0', "
                    + array
                    + ")) s")
            .get(0)
            .split("\\|");
    List<Double> counts = Arrays.stream(row[2].split(",")).map(Double::valueOf).toList();
    Map<String, Double> having = new HashMap<>();
    IntStream.range(0, terms.size()).forEach(i -> having.put(terms.get(i), counts.get(i)));
    return new Bm25.Statistics(Double.parseDouble(row[0]), Double.parseDouble(row[1]), having);
  }

  @Test
  void explainSaysWhatIsAsked() {
    assertThat(collection.explain(SearchRequest.text("some words").filter(NUMBER.eq(5)).limit(7)))
        .contains("vector_store_search", "the 7 most relevant by", TEXT.toString(), "eq(")
        .doesNotContain("some", "words");
  }
}
