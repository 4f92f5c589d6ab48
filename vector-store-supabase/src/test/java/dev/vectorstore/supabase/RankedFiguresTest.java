package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.support.Ticker;
import dev.vectorstore.testkit.Credentials;
import dev.vectorstore.testkit.Endpoint;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import dev.vectorstore.testservers.ZipfTexts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What ranking costs beside TERMS, over direct Postgres: the figures of docs/engines/supabase.md
 * are what this logs with {@code -Dlong=true}, of 100,000 texts of 120 words. Without, of 4,000.
 */
@RequiresEngine(TestEngine.SUPABASE)
class RankedFiguresTest {
  private static final Logger LOG = LoggerFactory.getLogger(RankedFiguresTest.class);
  private static final int ROWS = Boolean.getBoolean("long") ? 100_000 : 4_000;
  private static final int PART = ROWS / 10;
  private static final int QUERIES = 60;
  private static final int WORDS = 120;

  private final ZipfTexts texts = new ZipfTexts(50_000);

  @Test
  @Timeout(1_200)
  void rankedTextsAreFoundAndLoadedInTime() {
    try (DirectServer server = DirectServer.start();
        VectorStore store =
            DirectServer.open(
                Endpoint.of("127.0.0.1", server.port()),
                Credentials.key("the right one"),
                RetryPolicy.none())) {
      VectorCollection text = collection(store, "text", FieldType.TERMS);
      VectorCollection ranked = collection(store, "ranked", FieldType.TEXT);
      load(text, ranked);
      LOG.info("bytes a row: TERMS {}, TEXT {}", size(server, "text"), size(server, "ranked"));
      search("as loaded", ranked);
      server.database().sql("vacuum analyze");
      search("after vacuum", ranked);
      assertThat(ranked.count()).isEqualTo(ROWS);
    }
  }

  private static VectorCollection collection(VectorStore store, String name, FieldType type) {
    return store.ensureCollection(CollectionSpec.builder(name).field("content", type).build());
  }

  /** In turns, so that what else the machine does meets both. */
  private void load(VectorCollection text, VectorCollection ranked) {
    long forText = 0;
    long forRanked = 0;
    for (int from = 0; from < ROWS; from += PART) {
      List<VectorRecord> part = records(from);
      forText += nanos(() -> text.upsertAll(part.stream(), WriteOptions.defaults()));
      forRanked += nanos(() -> ranked.upsertAll(part.stream(), WriteOptions.defaults()));
    }
    LOG.info(
        "loading {} texts: TERMS {} s, TEXT {} s, {} times as long",
        ROWS,
        forText / 1e9,
        forRanked / 1e9,
        (double) forRanked / forText);
  }

  private List<VectorRecord> records(int from) {
    return IntStream.range(from, from + PART)
        .mapToObj(
            n ->
                VectorRecord.of(
                    RecordId.of(n),
                    Payload.of(
                        Map.of("content", texts.text(WORDS, new Random(n)), "hundredth", n % 100))))
        .toList();
  }

  /** Of table, index and what is beside them. */
  private static long size(DirectServer server, String name) {
    return Long.parseLong(
            server
                .database()
                .sql(
                    "select pg_total_relation_size(relation)"
                        + " + coalesce(pg_total_relation_size(to_regclass('vector_store.r' || id)), 0)"
                        + " from vector_store.catalog where name = '"
                        + name
                        + "'")
                .get(0))
        / ROWS;
  }

  private void search(String when, VectorCollection collection) {
    Map<String, Supplier<SearchRequest>> kinds = new LinkedHashMap<>();
    Random random = new Random(3);
    kinds.put("three rare terms", () -> of(random, 4_000, 6_000, 8_000));
    kinds.put("one in half of the texts, two rarer", () -> of(random, 15, 1_000, 6_000));
    kinds.put("one in half of the texts, two in few", () -> of(random, 15, 30_000, 40_000));
    kinds.put("three in half of the texts", () -> of(random, 13, 15, 17));
    kinds.put("a sentence of 12 words", () -> SearchRequest.text(texts.text(12, random)));
    kinds.put("60 words", () -> SearchRequest.text(texts.text(60, random)));
    Filter one = FieldPath.of("hundredth").eq(7);
    kinds.put("half, two rarer; 1 in 100", () -> of(random, 15, 1_000, 6_000).filter(one));
    kinds.put("a sentence; 1 in 100", () -> SearchRequest.text(texts.text(12, random)).filter(one));
    kinds.forEach((kind, query) -> search(when + ", " + kind, collection, query));
  }

  private void search(
      String kind, VectorCollection collection, Supplier<? extends SearchRequest> query) {
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < QUERIES; i++) {
      SearchRequest request = query.get().limit(10);
      List<SearchHit> hits = new ArrayList<>();
      times.add(nanos(() -> hits.addAll(collection.search(request))));
      assertThat(hits).as(kind).isNotEmpty();
    }
    long[] sorted = times.stream().skip(QUERIES / 6).mapToLong(t -> t).sorted().toArray();
    LOG.info(
        "{}: p50 {} ms, p90 {} ms",
        kind,
        sorted[sorted.length / 2] / 1e6,
        sorted[sorted.length * 9 / 10] / 1e6);
  }

  /** Words at about these places of the vocabulary. */
  private static SearchRequest of(Random random, int... places) {
    return SearchRequest.text(
        IntStream.of(places)
            .mapToObj(place -> ZipfTexts.word(place + random.nextInt(1 + place / 50)))
            .collect(Collectors.joining(" ")));
  }

  private static long nanos(Runnable work) {
    long start = Ticker.SYSTEM.nanos();
    work.run();
    return Ticker.SYSTEM.nanos() - start;
  }
}
