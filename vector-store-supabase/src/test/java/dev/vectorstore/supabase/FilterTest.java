package dev.vectorstore.supabase;

import static dev.vectorstore.Filter.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters that are answered select exactly the rows that {@link Filter#test} selects. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FilterTest {
  private static final List<String> ODD =
      List.of(
          "a,b", "f(x)", "\"", "\\", "%", "*", "_", "'", ".", "(", ")", "null", "", " ", "日本😀",
          "a.b", "{}", "x", "X", "B", "straße", "STRASSE", "É\n", "ﬁ", "K");

  private ExistingSupabaseStore server;
  private VectorStore store;
  VectorCollection odd;
  private List<VectorRecord> rows;

  @BeforeAll
  void fill() {
    server = ExistingSupabaseStore.create(3);
    server.sql(
        """
        create collation caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        create table odd (
          id bigint primary key, v vector(3), n int, small smallint, truth boolean, word text,
          uid uuid, m jsonb, "a.b" text, "q""x,(y)" int, f double precision,
          en varchar(9) collate "en-x-icu", ci text collate caseless);
        create table pairs (a int, b text, v vector(3), primary key (a, b));
        insert into pairs select n, 'a,b' || n, '[1,0,0]' from generate_series(-3, 3) n;
        """);
    Random random = new Random(7);
    List<List<Object>> values = new ArrayList<>();
    for (int id = -5; id < 200; id++) {
      String word = ODD.get(Math.floorMod(id, ODD.size()));
      values.add(
          Arrays.asList(
              id,
              new float[] {1, id, 0},
              random.nextInt(5) == 0 ? null : random.nextInt(7) - 3,
              random.nextInt(5) == 0 ? null : random.nextInt(3),
              random.nextInt(3) == 0 ? null : random.nextBoolean(),
              random.nextInt(5) == 0 ? null : word,
              random.nextInt(3) == 0 ? null : "abcdef00-0000-4000-8000-00000000000" + (id & 7),
              metadata(random),
              random.nextInt(3) == 0 ? null : word,
              id % 4,
              id % 9 == 0 ? "NaN" : id / 2.0,
              word,
              word));
    }
    server.load(
        "odd",
        List.of(
            "id",
            "v",
            "n",
            "small",
            "truth",
            "word",
            "uid",
            "m",
            "\"a.b\"",
            "\"q\"\"x,(y)\"",
            "f",
            "en",
            "ci"),
        values.stream());
    server.postgrest().reloadSchema();
    store = open(server);
    odd = store.collection("odd");
    rows = Reading.all(odd).records();
  }

  VectorStore open(ExistingSupabaseStore existing) {
    return Reading.open(existing);
  }

  @AfterAll
  void stop() {
    store.close();
    server.close();
  }

  private static String metadata(Random random) {
    List<String> documents =
        List.of(
            "{}",
            "[]",
            "null",
            "3",
            "\"x\"",
            "[3, \"x\", null]",
            "{\"k\": 3}",
            "{\"k\": 3.0}",
            "{\"k\": [3, 4]}",
            "{\"k\": \"3\"}",
            "{\"k\": null}",
            "{\"k\": [null]}",
            "{\"k\": {\"d\": true}}",
            "{\"k\": [[3]]}",
            "{\"k\": {\"d\": [true, 2.5]}}",
            "{\"k\": 9007199254740993}",
            "{\"k\": 9007199254740992}",
            "{\"k\": 4611686018427387904}",
            "{\"a.b\": \"x\"}",
            "{\"\\\"\\\\,()\": \"\\\"\\\\,()\"}",
            "{\"k\": [{\"d\": 1}, {\"e\": 2}]}");
    int n = random.nextInt(documents.size() + 1);
    return n == documents.size() ? null : documents.get(n);
  }

  static Stream<Filter> answered() {
    Stream<Filter> plain =
        Stream.of(
            field("n").eq(2),
            field("n").eq(2.0),
            field("n").eq(2.5),
            field("n").eq("2"),
            field("n").eq(1L << 40),
            field("n").in(1, -1, "x", 3.0),
            field("n").gt(0),
            field("n").gte(0),
            field("n").lt(-1),
            field("n").lte(-1),
            field("n").gt(1L << 40),
            field("n").lt(1L << 40),
            field("n").gt(-(1L << 40)),
            field("n").lt(-(1L << 40)),
            field("small").eq(40_000),
            field("n", "x").eq(1),
            field("n").exists(),
            field("n").isNull(),
            field("nowhere").exists(),
            field("nowhere").isNull(),
            field("nowhere").eq(1),
            field("nowhere").gt(1),
            field("v").exists(),
            field("truth").eq(true),
            field("truth").eq(false),
            field("truth").eq("true"),
            field("truth").isNull(),
            field("word").isNull(),
            field("word").eq(3),
            field("uid").eq("abcdef00-0000-4000-8000-000000000003"),
            field("uid").eq("ABCDEF00-0000-4000-8000-000000000003"),
            field("uid").eq("not a uuid"),
            field("n").gt("0"),
            field("n").contains("1"),
            field("truth").containsText("true"),
            field("word", "x").contains("x"),
            field("word", "x").lt("x"),
            field("nowhere").lte("x"),
            field("nowhere").contains("x"),
            field("word").containsText("strasse"),
            field("word").containsText("k"),
            field("word").contains("é"),
            field("word").containsText("é\n"),
            Filter.not(Filter.or(field("word").contains("x"), field("a.b").containsText("x"))),
            field("id").eq(-3),
            field("q\"x,(y)").eq(1),
            field("m").isNull(),
            field("m").exists(),
            field("m").eq(3),
            field("m").eq("x"),
            field("m", "k").eq(3),
            field("m", "k").eq(3.0),
            field("m", "k").eq("3"),
            field("m", "k").in(4, "3"),
            field("m", "k").eq(9007199254740993L),
            field("m", "k").eq(9007199254740992.0),
            field("m", "k").eq(0x1p62),
            field("m", "k").isNull(),
            field("m", "k", "d").eq(true),
            field("m", "k", "d").eq(2.5),
            field("m", "a.b").eq("x"),
            field("m", "a", "b").eq("x"),
            field("m", "\"\\,()").eq("\"\\,()"),
            field("m").containsJson(Value.of(Map.of())),
            field("m").containsJson(Value.of(List.of())),
            field("m").containsJson(Value.of(3)),
            field("m").containsJson(Value.of(null)),
            field("m").containsJson(Value.of(Map.of("k", List.of(4)))),
            field("m", "k").containsJson(Value.of(List.of(Map.of("d", 1)))),
            field("m", "k").containsJson(Value.of(3)),
            field("m", "k").containsJson(Value.of(null)),
            field("m", "k", "d").containsJson(Value.of(true)),
            field("word").containsJson(Value.of("x")),
            field("word").containsJson(Value.of(null)),
            field("word").containsJson(Value.of(List.of())),
            field("n").containsJson(Value.of(2.0)),
            Filter.containsJson(Payload.of(Map.of("word", "x", "m", Map.of()))),
            Filter.containsJson(Payload.of(Map.of("nowhere", 1))),
            Filter.containsJson(Payload.of(Map.of("n", 2, "m", Map.of("k", 3)))),
            Filter.ids(
                List.of(RecordId.of(3), RecordId.of("[-2]"), RecordId.of("3"), RecordId.of(9999))),
            Filter.ids(List.of(RecordId.of("nobody"))),
            Filter.and(field("n").gt(0), Filter.or(field("truth").eq(true), field("word").eq("x"))),
            Filter.not(Filter.and(field("n").gt(0), Filter.not(field("m", "k").eq(3)))),
            Filter.not(Filter.or(field("word").eq("x"), field("word").isNull())));
    Stream<Filter> words =
        ODD.stream()
            .flatMap(
                word ->
                    Stream.of(
                        field("word").eq(word),
                        field("a.b").in(word, "zzz"),
                        field("word").contains(word.isEmpty() ? "b" : word),
                        field("en").contains(word.isEmpty() ? "b" : word),
                        field("word").containsText(word.isEmpty() ? "B" : word),
                        field("en").containsText(word.isEmpty() ? "B" : word),
                        Filter.and(field("word").eq(word), field("a.b").eq(word))));
    return Stream.concat(plain, words);
  }

  @ParameterizedTest
  @MethodSource("answered")
  void whatIsAnsweredIsExact(Filter filter) {
    List<String> selected = rows.stream().filter(filter::test).map(r -> r.id().toString()).toList();
    List<String> complement =
        rows.stream().filter(r -> !filter.test(r)).map(r -> r.id().toString()).toList();

    assertThat(Reading.all(odd, ScanRequest.all().filter(filter)).ids())
        .containsExactlyElementsOf(selected);
    assertThat(odd.count(filter)).isEqualTo(selected.size());
    assertThat(Reading.all(odd, ScanRequest.all().filter(Filter.not(filter))).ids())
        .containsExactlyElementsOf(complement);
  }

  @Test
  void everyAnsweredFilterButTheImpossibleOnesSelectsSomething() {
    long selecting = answered().filter(filter -> rows.stream().anyMatch(filter::test)).count();
    assertThat(selecting).isGreaterThan(80);
  }

  @Test
  void compositeIdsFilter() {
    VectorCollection pairs = store.collection("pairs");
    Filter ids =
        Filter.ids(
            List.of(RecordId.of("[-2,\"a,b-2\"]"), RecordId.of("[1,\"no\"]"), RecordId.of(1)));

    assertThat(Reading.all(pairs, ScanRequest.all().filter(ids).pageSize(1)).ids())
        .containsExactly("[-2,\"a,b-2\"]");
    assertThat(pairs.count(Filter.not(ids))).isEqualTo(6);
  }

  @Test
  void aConstantFilterAsksNothing() {
    assertThat(odd.count(Filter.none())).isZero();
    assertThat(odd.count(Filter.all())).isEqualTo(205);
  }

  static Stream<Filter> refused() {
    return Stream.of(
        field("m", "k").gt(3),
        field("m", "k").exists(),
        field("n").gt(0.5),
        field("word").gt(Instant.EPOCH),
        field("word").gt("x"),
        field("word").lte(""),
        field("word").gte("\uffff"),
        field("en").lt("a"),
        field("en").gte("B"),
        Filter.not(field("en").gt("É")),
        field("uid").gt("abcdef00-0000-4000-8000-000000000003"),
        field("uid").lte("not a uuid"),
        field("uid").contains("00-4"),
        field("uid").containsText("DEF00"),
        field("f").contains("N"),
        field("f").gt("N"),
        field("m").gt("x"),
        field("m", "k").lte("3"),
        field("m", "k").contains("3"),
        field("m", "k").containsText("3"),
        Filter.not(field("m", "k").lt(3)),
        Filter.containsJson(Payload.of(Map.of("m", 3))));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatTheTransportCannotSayIsRefusedOrTested(Filter filter) {
    beyondTheTransport(filter);
  }

  /** Over PostgREST, which would mean something else by it. */
  void beyondTheTransport(Filter filter) {
    assertThatThrownBy(() -> odd.count(filter))
        .isInstanceOf(VectorStoreException.UnsupportedFeature.class)
        .hasMessageContaining("count on odd (supabase)");
  }
}
