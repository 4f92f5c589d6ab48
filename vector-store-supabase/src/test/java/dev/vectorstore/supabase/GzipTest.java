package dev.vectorstore.supabase;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.testservers.HttpReply;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.ScriptedHttpServer;
import dev.vectorstore.testservers.TestEngine;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers that a gateway in front of PostgREST compresses. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GzipTest {
  private static final Logger LOG = LoggerFactory.getLogger(GzipTest.class);
  private static final int DIMENSION = 384;
  private static final String WORDS =
      "the database reads a page of rows and keeps each vector beside its text while an index"
          + " answers which of them are near to what was asked for in words or in numbers";

  private static final Embedding QUERY = records(1).get(0).vector().orElseThrow();
  private static final String DESCRIBED =
      "{\"version\":4,\"name\":\"managed\",\"dimension\":3,\"metric\":\"DOT\",\"idKinds\":[\"NUMBER\"],\"fields\":[],"
          + "\"labels\":{},\"token\":\"t\",\"termsReady\":true,\"adopted\":false}";

  private ManagedServer server;
  private GzipGateway gateway;
  private VectorStore direct;
  private VectorStore store;

  @BeforeAll
  void start() {
    server = ManagedServer.start();
    server
        .database()
        .sql(
            "create table plain (id int primary key, content text, embedding vector(384));"
                + " create table wide (id int primary key, content text, embedding vector(1));"
                + " insert into wide select n, repeat('x', 200000), '[1]' from generate_series(1, 300) n");
    List<VectorRecord> records = records(1_000);
    server
        .database()
        .load(
            "plain",
            List.of("id", "content", "embedding"),
            records.stream()
                .map(
                    record ->
                        List.of(
                            record.id(),
                            record.payload().text("content").orElseThrow(),
                            record.vector().orElseThrow().toArray())));
    server.postgrest().restart();
    gateway = GzipGateway.before(server.address());
    direct = server.open(Reading.ONCE);
    store = open(gateway.url());
    direct
        .ensureCollection(
            CollectionSpec.builder("managed").vectors(DIMENSION, Metric.COSINE).build())
        .upsert(records);
  }

  private VectorStore open(String address) {
    return Supabase.postgrest(address).key(server::serviceKey).callOptions(Reading.ONCE).open();
  }

  @AfterAll
  void stop() {
    store.close();
    direct.close();
    gateway.close();
    server.close();
  }

  /** Of 0.8 KB of text and the precision that embedding models give. */
  private static List<VectorRecord> records(int count) {
    Random random = new Random(7);
    String[] words = WORDS.split(" ");
    return IntStream.range(0, count)
        .mapToObj(
            n -> {
              StringBuilder text = new StringBuilder();
              while (text.length() < 800) {
                text.append(words[random.nextInt(words.length)]).append(' ');
              }
              float[] vector = new float[DIMENSION];
              for (int i = 0; i < DIMENSION; i++) {
                vector[i] = (float) (random.nextGaussian() / Math.sqrt(DIMENSION));
              }
              return VectorRecord.of(
                  RecordId.of(n),
                  Embedding.of(vector),
                  AdoptionTest.payload("content", text.toString()));
            })
        .toList();
  }

  @Test
  void anAnswerIsTheSameInFewerBytes() {
    ScanRequest whole = ScanRequest.all().projection(Projection.all());
    ScanRequest texts = ScanRequest.all();
    SearchRequest search = SearchRequest.nearest(QUERY);
    same("an existing table, with vectors", "plain", c -> Reading.all(c, whole).records(), 0.65);
    same("an existing table, without", "plain", c -> Reading.all(c, texts).records(), 0.4);
    same("a collection, with vectors", "managed", c -> Reading.all(c, whole).records(), 0.8);
    same("a collection, without", "managed", c -> Reading.all(c, texts).records(), 0.4);
    same("a search for 10", "managed", c -> c.search(search), 0.6);
  }

  /** What a verb reads of a collection. */
  @FunctionalInterface
  private interface Read {
    Object of(VectorCollection collection);
  }

  private void same(String what, String collection, Read read, double most) {
    VectorCollection compressed = store.collection(collection);
    compressed.describe();
    gateway.exchanges();
    Object answer = read.of(compressed);
    List<GzipGateway.Exchange> exchanges = gateway.exchanges();
    long plain = exchanges.stream().mapToLong(GzipGateway.Exchange::plain).sum();
    long sent = exchanges.stream().mapToLong(GzipGateway.Exchange::sent).sum();
    LOG.info("{}: {} bytes, {} with gzip", what, plain, sent);
    assertThat(answer).as(what).isEqualTo(read.of(direct.collection(collection)));
    assertThat((double) sent / plain).as(what).isLessThan(most);
  }

  @Test
  void onlyReadsAskForItAndNothingIsSentCompressed() {
    VectorCollection managed = store.collection("managed");
    gateway.exchanges();
    managed.patchPayload(List.of(RecordId.of(1)), AdoptionTest.payload("n", 1), List.of());
    managed.upsert(VectorRecord.of(RecordId.of(5_000), AdoptionTest.payload("n", 1)));
    managed.delete(List.of(RecordId.of(5_000)));
    managed.patchPayload(List.of(RecordId.of(1)), AdoptionTest.payload(), List.of("n"));
    managed.search(SearchRequest.nearest(QUERY));
    assertThat(gateway.exchanges())
        .hasSizeGreaterThan(4)
        .allSatisfy(
            seen -> {
              boolean write = seen.path().endsWith("_write") || seen.path().endsWith("_patch");
              assertThat(seen.accepted()).as(seen.path()).isEqualTo(write ? "" : "gzip");
              assertThat(seen.encoded()).as(seen.path()).isEmpty();
            });
  }

  @Test
  void aConnectionServesAgainBehindACompressedAnswer() {
    VectorCollection managed = store.collection("managed");
    gateway.exchanges();
    for (int i = 0; i < 20; i++) {
      managed.search(SearchRequest.nearest(QUERY));
    }
    assertThat(gateway.exchanges())
        .extracting(GzipGateway.Exchange::connection)
        .as("the connections of 20 searches, one behind the other")
        .containsOnly(gateway.lastConnection());
  }

  @Test
  void whatAPageMayHoldIsCountedAsItIsDecoded() {
    ScanRequest request = ScanRequest.all().pageSize(10_000);
    VectorCollection wide = store.collection("wide");
    String first = wide.scan(request).next().orElseThrow();
    Page compressed = wide.scan(request.from(first));
    long bytes =
        compressed.records().stream()
            .mapToLong(record -> record.payload().text("content").orElseThrow().length())
            .sum();
    assertThat(bytes).as("of 60 MB, a few KB on the wire").isBetween(4L << 20, 9L << 20);
    assertThat(Reading.all(store.collection("wide")).records()).hasSize(300);
  }

  @Test
  void aCompressedAnswerThatIsCutIsACutAnswer() {
    cut("7").forEach(reply -> fails(Unavailable.class, reply, VectorCollection::count));
    cut("true").forEach(reply -> fails(OutcomeUnknown.class, reply, VectorCollection::deleteAll));
  }

  /** By the connection, or with a good end of the answer: in its head, its data, its checksum. */
  private static List<HttpReply> cut(String json) {
    StringBuilder padded = new StringBuilder();
    new Random(3).ints(4_000, 0, 3).forEach(each -> padded.append(" \n\t".charAt(each)));
    byte[] whole = GzipGateway.gzip(padded.append(json).toString().getBytes(UTF_8));
    HttpReply reply = gzip(HttpReply.json(""));
    return List.of(
        reply.body(whole).truncatedTo(0),
        reply.body(whole).truncatedTo(5),
        reply.body(whole).truncatedTo(200),
        reply.body(Arrays.copyOf(whole, 5)),
        reply.body(Arrays.copyOf(whole, 200)),
        reply.body(Arrays.copyOf(whole, whole.length - 3)));
  }

  private static HttpReply gzip(HttpReply reply) {
    return reply.header("Content-Encoding", "gzip");
  }

  /** Lets a gateway answer a call whose collection was described by the real server. */
  private void fails(
      Class<? extends VectorStoreException> type,
      HttpReply reply,
      Consumer<VectorCollection> call) {
    try (ScriptedHttpServer scripted = ScriptedHttpServer.start(HttpReply.json(DESCRIBED), reply);
        VectorStore broken = open(scripted.url())) {
      assertThatThrownBy(() -> call.accept(broken.collection("managed"))).isInstanceOf(type);
      assertThat(scripted.requests()).hasSize(2);
    }
  }

  @Test
  void whatIsNotTheGzipThatItSaysIsNoAnswer() {
    byte[] whole = GzipGateway.gzip("7".getBytes(UTF_8));
    byte[] damaged = whole.clone();
    damaged[whole.length - 6] ^= 1; // of the checksum
    byte[] longer = Arrays.copyOf(whole, 100_000);
    for (HttpReply reply :
        List.of(
            gzip(HttpReply.json("7777777777777777777777777777")),
            gzip(HttpReply.json("")).body(damaged),
            gzip(HttpReply.json("")).body(longer),
            HttpReply.json("7").header("Content-Encoding", "br"))) {
      fails(MalformedResponse.class, reply, VectorCollection::count);
    }
  }

  @Test
  void aCompressedRefusalIsRead() {
    String refusal = "{\"code\":\"PGRST301\",\"message\":\"JWT expired\"}";
    HttpReply reply =
        gzip(HttpReply.of(401).header("Content-Type", "application/json"))
            .body(GzipGateway.gzip(refusal.getBytes(UTF_8)));
    try (ScriptedHttpServer scripted = ScriptedHttpServer.start(reply);
        VectorStore broken = open(scripted.url())) {
      assertThatThrownBy(broken::collections)
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("expired");
    }
  }
}
