package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.testkit.ProxyMode;
import dev.vectorstore.testkit.TcpProxy;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.HttpReply;
import dev.vectorstore.testservers.JwtIssuer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.ScriptedHttpServer;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorsTest {
  private static final ScanRequest ALL = ScanRequest.all().projection(Projection.all());
  private static final CallOptions SHORT =
      CallOptions.builder()
          .attemptTimeout(Duration.ofMillis(1_500))
          .retry(RetryPolicy.none())
          .build();

  private ExistingSupabaseStore server;

  @BeforeAll
  void start() {
    server = ExistingSupabaseStore.create(3);
    server.load(
        "crawled_pages",
        List.of("url", "content", "embedding"),
        IntStream.range(0, 400)
            .mapToObj(n -> List.of("u" + n, "x".repeat(5_000), new float[] {1, n, 0})));
    server.sql(
        "create table hidden (id int primary key, v vector(3)); revoke all on hidden from"
            + " anon, service_role");
    server.postgrest().reloadSchema();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private VectorStore open(String address, String key, CallOptions options) {
    return Supabase.postgrest(address).key(() -> key).callOptions(options).open();
  }

  private VectorStore open(String key) {
    return open(Reading.address(server), key, Reading.ONCE);
  }

  @Test
  void anExpiredKeySaysSo() {
    try (VectorStore store = open(server.expiredKey())) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("collections (supabase)")
          .hasMessageContaining("expired")
          .hasMessageNotContaining(server.expiredKey());
    }
  }

  @Test
  void aKeyOfAnotherServerSaysSo() {
    String foreign =
        new JwtIssuer("the secret of another project, unknown here").tokenFor("service_role");
    try (VectorStore store = open(foreign)) {
      assertThatThrownBy(() -> store.collection("crawled_pages").count())
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("isn't one of this server")
          .hasMessageNotContaining(foreign);
    }
  }

  @Test
  void aTableThatTheRoleMayNotReadIsDenied() {
    try (VectorStore store = open(server.anonKey())) {
      assertThatThrownBy(() -> store.exists("hidden"))
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("service_role");
      assertThat(store.collection("crawled_pages").count()).isEqualTo(400);
    }
  }

  @Test
  void rowsThatSecurityHidesAreNotTakenForNone() {
    server.sql(
        "create table veiled (id int primary key, v vector(3)); insert into veiled values (1, null);"
            + " alter table veiled enable row level security");
    server.postgrest().reloadSchema();
    try (VectorStore store = open(server.anonKey())) {
      VectorCollection veiled = store.collection("veiled");
      assertThatThrownBy(veiled::count)
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("row-level security");
      assertThatThrownBy(() -> veiled.scan(ALL)).isInstanceOf(AccessDenied.class);
    }
    try (VectorStore store = open(server.serviceKey())) {
      assertThat(store.collection("veiled").count()).isEqualTo(1);
    }
  }

  @Test
  void aKeyThatIsNoKeyIsRefusedBeforeItIsSent() {
    try (VectorStore store = open("two words\nand a line")) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageNotContaining("two words");
    }
    try (VectorStore store = open("\n" + server.serviceKey() + "\n")) {
      assertThat(store.collections()).contains("crawled_pages");
    }
  }

  @Test
  void aServerThatIsDownIsUnavailableAndComesBack() {
    try (ExistingSupabaseStore own = ExistingSupabaseStore.create(3);
        VectorStore store = Reading.open(own)) {
      assertThat(store.collection("crawled_pages").count()).isZero();
      own.kill9();
      assertThatThrownBy(() -> store.collection("crawled_pages").count())
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("count on crawled_pages (supabase)")
          .hasMessageContaining("127.0.0.1");
      assertThatThrownBy(() -> store.exists("crawled_pages")).isInstanceOf(Unavailable.class);
      own.restart();
      assertThat(store.collection("crawled_pages").count()).isZero();
    }
  }

  @Test
  void anUnknownHostIsUnavailable() {
    try (VectorStore store = open("https://nobody.invalid", "", Reading.ONCE)) {
      assertThatThrownBy(store::collections).isInstanceOf(Unavailable.class);
    }
  }

  @Test
  void aResetWithinABodyIsUnavailableAndARetryReadsOn() {
    try (TcpProxy proxy = TcpProxy.to("127.0.0.1", server.postgrest().port());
        VectorStore once = open("http://127.0.0.1:" + proxy.port(), server.serviceKey(), SHORT)) {
      VectorCollection pages = once.collection("crawled_pages");
      assertThat(pages.count()).isEqualTo(400);
      proxy.mode(ProxyMode.resetAfter(ProxyMode.Direction.TO_CLIENT, 50_000));
      assertThatThrownBy(() -> pages.scan(ALL)).isInstanceOf(Unavailable.class);

      proxy.mode(ProxyMode.resetAfter(ProxyMode.Direction.TO_CLIENT, 50_000).times(1));
      CallOptions patient =
          CallOptions.builder()
              .retry(
                  RetryPolicy.builder()
                      .readDelays(Duration.ofMillis(1), Duration.ofMillis(2))
                      .build())
              .build();
      assertThat(Reading.all(pages.with(patient), ALL).records()).hasSize(400);
      assertThat(proxy.faults()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void oneConnectionServesOneThread() {
    try (TcpProxy proxy = TcpProxy.to("127.0.0.1", server.postgrest().port());
        VectorStore store =
            open("http://127.0.0.1:" + proxy.port(), server.serviceKey(), Reading.ONCE)) {
      VectorCollection pages = store.collection("crawled_pages");
      for (int n = 0; n < 3; n++) {
        assertThat(pages.count()).isEqualTo(400);
        assertThat(Reading.all(pages, ALL).records()).hasSize(400);
        pages.search(SearchRequest.nearest(Embedding.of(1, 0, 0)));
        assertThat(pages.fetch(List.of(RecordId.of(1)), Projection.all())).hasSize(1);
        assertThat(store.exists("crawled_pages")).isTrue();
        assertThat(store.exists("absent")).isFalse();
      }
      assertThat(proxy.connections()).isEqualTo(1);
    }
  }

  @Test
  void aStallWithinABodyEndsAtTheDeadline() {
    try (TcpProxy proxy = TcpProxy.to("127.0.0.1", server.postgrest().port());
        VectorStore store = open("http://127.0.0.1:" + proxy.port(), server.serviceKey(), SHORT)) {
      VectorCollection pages = store.collection("crawled_pages");
      assertThat(pages.count()).isEqualTo(400);
      proxy.mode(ProxyMode.slow(20_000));
      long before = System.nanoTime();
      assertThatThrownBy(() -> pages.scan(ALL))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("within the deadline");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));

      proxy.mode(ProxyMode.stall());
      assertThatThrownBy(pages::count)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("within the deadline");
    }
  }

  @Test
  void aBodyThatStallsWithoutAByteEndsAtTheDeadline() {
    try (ScriptedHttpServer scripted =
            ScriptedHttpServer.start(
                OpeningTest.NOT_INSTALLED,
                HttpReply.json("{\"swagger\": \"2.0\", \"paths\": {").stalledAfter(12));
        VectorStore store = open(scripted.url(), "", SHORT)) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("within the deadline");
    }
  }

  @Test
  void anInterruptEndsAReadAndKeepsTheFlag() throws Exception {
    try (ScriptedHttpServer scripted =
            ScriptedHttpServer.start(
                OpeningTest.NOT_INSTALLED,
                HttpReply.json("{\"swagger\": \"2.0\"").stalledAfter(5));
        VectorStore store = open(scripted.url(), "", Reading.ONCE)) {
      CountDownLatch started = new CountDownLatch(1);
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      Thread reader =
          new Thread(
              () -> {
                started.countDown();
                try {
                  store.collections();
                  flag.complete(false);
                } catch (Unavailable interrupted) {
                  flag.complete(Thread.currentThread().isInterrupted());
                }
              });
      reader.start();
      assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
      reader.interrupt();
      assertThat(flag.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whatIsNotPostgrestIsMalformed() {
    String html = "<html>hello</html>";
    assertMalformed(HttpReply.of(200).header("Content-Type", "text/html").body(html));
    assertMalformed(HttpReply.json(html));
    assertMalformed(HttpReply.json("[hello]"));
    assertMalformed(HttpReply.json("{\"hello\": \"world\"}"));
    assertMalformed(HttpReply.json("[]"));
    assertMalformed(HttpReply.of(404).body(html));
    assertMalformed(HttpReply.of(301).header("Location", "https://elsewhere.invalid/"));
    assertMalformed(HttpReply.of(200));
  }

  private void assertMalformed(HttpReply reply) {
    try (ScriptedHttpServer scripted =
            ScriptedHttpServer.start(reply, OpeningTest.NOT_INSTALLED, reply);
        VectorStore store = open(scripted.url(), "", Reading.ONCE)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(store::collections)
            .isInstanceOf(MalformedResponse.class)
            .satisfies(
                error ->
                    assertThat(Throwables.getStackTrace(error))
                        .as("what a log shows of it, its causes included")
                        .doesNotContain("hello"));
      }
    }
  }

  @Test
  void aPortThatSpeaksNoHttpIsMalformedOrUnavailable() {
    int postgres =
        Integer.parseInt(server.database().jdbcUrl().replaceAll(".*127.0.0.1:([0-9]+)/.*", "$1"));
    try (VectorStore store = open("http://127.0.0.1:" + postgres, "", SHORT)) {
      assertThatThrownBy(store::collections)
          .isInstanceOfAny(MalformedResponse.class, Unavailable.class);
    }
  }

  @Test
  void throttlingKeepsItsPause() {
    try (ScriptedHttpServer scripted =
            ScriptedHttpServer.start(HttpReply.of(429).header("Retry-After", "7"));
        VectorStore store = open(scripted.url(), "", Reading.ONCE)) {
      assertThatThrownBy(store::collections)
          .isInstanceOfSatisfying(
              Throttled.class,
              error -> assertThat(error.retryAfter()).contains(Duration.ofSeconds(7)));
    }
  }

  @Test
  void aStatementTimeoutSaysWhatToDo() {
    server.sql("alter role service_role set statement_timeout = '1ms'");
    try (ExistingSupabaseStore slow = ExistingSupabaseStore.create(3);
        VectorStore store = Reading.open(slow)) {
      slow.sql(
          "insert into crawled_pages (url, content) select n::text, repeat('x', 20000) from"
              + " generate_series(1, 3000) n");
      assertThatThrownBy(() -> Reading.all(store.collection("crawled_pages")))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("statement_timeout");
    } finally {
      server.sql("alter role service_role reset statement_timeout");
    }
  }

  @Test
  void aColumnThatWentAwayIsAConflict() {
    try (ExistingSupabaseStore own = ExistingSupabaseStore.create(3);
        VectorStore store = Reading.open(own)) {
      VectorCollection pages = store.collection("crawled_pages");
      assertThat(pages.count()).isZero();
      own.sql("alter table crawled_pages drop column url");
      own.postgrest().reloadSchema();
      assertThatThrownBy(() -> pages.scan(ALL))
          .isInstanceOf(VectorStoreException.Conflict.class)
          .hasMessageContaining("column is gone");
      own.sql("drop table crawled_pages");
      own.postgrest().reloadSchema();
      assertThatThrownBy(() -> pages.scan(ALL)).isInstanceOf(NotFound.class);
      assertThatThrownBy(() -> pages.search(SearchRequest.nearest(Embedding.of(1, 0, 0))))
          .isInstanceOf(NotFound.class);
    }
  }

  @Test
  void aMessageHasNoValueOfARow() {
    try (VectorStore store = open(server.serviceKey())) {
      VectorCollection pages = store.collection("crawled_pages");
      assertThatThrownBy(
              () ->
                  pages.search(
                      SearchRequest.nearest(Embedding.of(0.125f, 2, 3))
                          .filter(
                              dev.vectorstore.Filter.containsJson(
                                  Payload.builder().put("url", "secret").build()))))
          .hasMessageNotContaining("secret")
          .hasMessageNotContaining("0.125");
    }
  }
}
