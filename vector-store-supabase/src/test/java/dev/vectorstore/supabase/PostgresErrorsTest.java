package dev.vectorstore.supabase;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.Projection;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.supabase.postgres.ConnectionErrors;
import dev.vectorstore.supabase.postgres.PostgresAddress;
import dev.vectorstore.supabase.postgres.PostgresPool;
import dev.vectorstore.support.Effect;
import dev.vectorstore.testkit.ProxyMode;
import dev.vectorstore.testkit.TcpProxy;
import dev.vectorstore.testservers.PostgresDatabase;
import dev.vectorstore.testservers.PostgresServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong over a direct connection, and what is said of it. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresErrorsTest {
  private static final ScanRequest ALL = ScanRequest.all().projection(Projection.all());

  private PostgresServer server;
  private PostgresDatabase database;

  @BeforeAll
  void start() {
    server = PostgresServer.startWithPasswords();
    database = server.createDatabase("errors");
    database.sql(
        """
        create role reader login password 'right';
        create role owner login password 'right';
        create table pages (id bigserial primary key, content text, embedding vector(3));
        insert into pages (content, embedding)
          select repeat('x', 5000), '[1,2,3]' from generate_series(1, 400);
        create table secret (id int primary key, embedding vector(3));
        create table hidden (id int primary key, embedding vector(3));
        create table owned (id int primary key, embedding vector(3));
        create table shown (id int primary key, embedding vector(3));
        create table partly (id int primary key, embedding vector(3));
        create table others (id int primary key, embedding vector(3));
        create table nothing (id int primary key, embedding vector(3));
        insert into hidden values (1, '[1,0,0]');
        insert into owned values (1, '[1,0,0]');
        insert into shown values (1, '[1,0,0]');
        insert into partly values (1, '[1,0,0]'), (2, '[1,0,0]');
        insert into others values (2, '[1,0,0]');
        grant select on pages, hidden, owned, shown, partly, others, nothing to reader, owner;
        alter table hidden enable row level security;
        create policy for_others on hidden for select to owner using (true);
        alter table owned owner to owner;
        alter table owned enable row level security;
        alter table shown enable row level security;
        create policy everyone on shown using (true);
        alter table partly enable row level security;
        create policy one on partly for select using (id = 1);
        alter table others enable row level security;
        create policy one on others for select using (id = 1);
        alter table nothing enable row level security;
        create policy one on nothing for select using (id = 1);
        analyze;
        create schema closed;
        create table closed.pages (id int primary key, embedding vector(3));
        create schema "Other ""schema\""";
        create table "Other ""schema\""".pages (id int primary key, embedding vector(3));
        """);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private VectorStore open(String url, String password) {
    return Postgres.at(url).password(() -> password).callOptions(Reading.ONCE).open();
  }

  private VectorStore open(String role) {
    return open(database.url(role), "right");
  }

  private VectorStore proxied(TcpProxy proxy, Duration timeout) {
    String url = "postgresql://reader@127.0.0.1:" + proxy.port() + "/" + database.name();
    CallOptions options =
        CallOptions.builder().attemptTimeout(timeout).retry(RetryPolicy.none()).build();
    return Postgres.at(url).password(() -> "right").callOptions(options).open();
  }

  @Test
  void aWrongPasswordIsDenied() {
    for (String wrong : List.of("wrong", "right2")) {
      try (VectorStore store = open(database.url("reader"), wrong)) {
        assertThatThrownBy(store::collections)
            .isInstanceOf(AccessDenied.class)
            .hasMessageContaining("collections (postgres)")
            .hasMessageContaining("password")
            .hasMessageNotContaining(wrong);
      }
    }
    try (VectorStore store = open(database.url("nobody"), "right")) {
      assertThatThrownBy(store::collections).isInstanceOf(AccessDenied.class);
    }
  }

  @Test
  void aMissingPasswordSaysHowToPassOne() {
    try (VectorStore store = Postgres.at(database.url("reader")).open()) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("PGPASSWORD");
    }
  }

  @Test
  void aPasswordWithALineEndIsTheOneThatAFileHolds() {
    try (VectorStore store = open(database.url("reader"), "right\n")) {
      assertThat(store.collections()).contains("pages");
    }
  }

  @Test
  void aDatabaseOrSchemaThatIsNotThereSaysSo() {
    try (VectorStore store = open(database.url("reader").replace("/errors", "/absent"), "right")) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("no such database");
    }
    try (VectorStore store = open(database.url("reader") + "?schema=absent", "right")) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("schema");
    }
    try (VectorStore store = open(database.url("reader") + "?schema=closed", "right")) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("grant usage");
    }
  }

  @Test
  void anotherSchemaIsReadWhateverItsName() {
    String url = database.url("postgres") + "?schema=Other+%22schema%22";
    try (VectorStore store = open(url, "right")) {
      assertThat(store.collections()).containsExactly("pages");
      assertThat(store.collection("pages").count()).isZero();
    }
  }

  @Test
  void aDatabaseWithoutPgvectorSaysWhichStatementToRun() {
    database.sql("create database plain");
    try (VectorStore store = open(database.url("postgres").replace("/errors", "/plain"), "x")) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessageContaining("create extension vector");
    }
  }

  @Test
  void aTableThatTheRoleMayNotReadIsDenied() {
    try (VectorStore store = open("reader")) {
      assertThat(store.collections()).doesNotContain("secret");
      assertThat(store.exists("secret")).isTrue();
      assertThat(store.exists("absent")).isFalse();
      assertThatThrownBy(() -> store.describe("secret"))
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("grant select");
      assertThatThrownBy(() -> store.describe("absent")).isInstanceOf(NotFound.class);
    }
  }

  @Test
  void rowsThatRowLevelSecurityHidesAreNeverTakenForNone() {
    try (VectorStore store = open("reader")) {
      assertThatThrownBy(() -> store.describe("hidden"))
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("row-level security")
          .hasMessageContaining("bypassrls");
      assertThatThrownBy(() -> store.describe("owned")).isInstanceOf(AccessDenied.class);
      assertThat(store.collection("shown").count()).isEqualTo(1);
      assertThat(store.collection("partly").count()).isEqualTo(1);
      assertThat(store.collection("nothing").count()).isZero();
      assertThatThrownBy(() -> store.collection("others").count())
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("hides every one");
      assertThatThrownBy(() -> store.collection("others").scan(ALL))
          .isInstanceOf(AccessDenied.class);
    }
    try (VectorStore store = open("owner")) {
      assertThat(store.collection("owned").count()).isEqualTo(1);
      assertThat(store.collection("hidden").count()).isEqualTo(1);
    }
  }

  @Test
  void aServerThatIsDownIsUnavailableAtOnceAndComesBack() {
    try (PostgresServer own = PostgresServer.start()) {
      PostgresDatabase data = own.createDatabase("restarted");
      data.sql("create table pages (id int primary key, embedding vector(3))");
      try (VectorStore store = open(data.url("postgres"), "")) {
        VectorCollection pages = store.collection("pages");
        assertThat(pages.count()).isZero();
        own.kill9();
        assertThatThrownBy(pages::count).isInstanceOf(Unavailable.class);
        long before = System.nanoTime();
        assertThatThrownBy(pages::count)
            .isInstanceOf(Unavailable.class)
            .hasMessageContaining("no connection to 127.0.0.1:" + own.port())
            .hasMessageContaining("check the address");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
        own.restart();
        assertThat(pages.count()).isZero();
      }
    }
  }

  @Test
  void anUnknownHostIsUnavailable() {
    try (VectorStore store = open("postgresql://me@nobody.invalid/db", "")) {
      assertThatThrownBy(store::collections).isInstanceOf(Unavailable.class);
    }
  }

  @Test
  void aPortThatSpeaksSomethingElseIsNoPostgres() throws Exception {
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
      Thread answer =
          new Thread(
              () -> {
                try (java.net.Socket client = socket.accept()) {
                  client
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                  client.getInputStream().read();
                } catch (java.io.IOException ended) {
                  Thread.currentThread().interrupt();
                }
              });
      answer.start();
      String url = "postgresql://me@127.0.0.1:" + socket.getLocalPort() + "/db";
      try (VectorStore store = open(url, "")) {
        assertThatThrownBy(store::collections)
            .isInstanceOfAny(MalformedResponse.class, Unavailable.class);
      }
      answer.join(5_000);
    }
  }

  @Test
  void aStatementTimeoutOfTheRoleHoldsAndSaysWhatToDo() {
    database.sql("alter role owner set statement_timeout = '1ms'");
    try (VectorStore store = open("owner")) {
      assertThatThrownBy(() -> Reading.all(store.collection("pages")))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("statement_timeout")
          .hasMessageContaining("57014");
    } finally {
      database.sql("alter role owner reset statement_timeout");
    }
  }

  @Test
  void theServerStopsAtTheDeadlineToo() {
    database.sql(
        "create table slow (id int primary key, embedding vector(3));"
            + " insert into slow values (1, '[1,2,3]');"
            + " create function wait_long(int) returns boolean language sql volatile cost 1 as"
            + " 'select pg_sleep(60) is not null';"
            + " alter table slow enable row level security;"
            + " create policy slowly on slow using (public.wait_long(id));"
            + " grant select on slow to reader");
    CallOptions options =
        CallOptions.builder()
            .attemptTimeout(Duration.ofMillis(700))
            .retry(RetryPolicy.none())
            .build();
    try (VectorStore store = open("reader")) {
      VectorCollection slow = store.collection("slow").with(options);
      slow.describe();
      long before = System.nanoTime();
      assertThatThrownBy(slow::count).isInstanceOf(Unavailable.class);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
      assertThat(endsOnTheServer()).isTrue();
    }
  }

  private boolean endsOnTheServer() {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (System.nanoTime() < end) {
      if (database
          .sql(
              "select count(*) from pg_stat_activity where usename = 'reader' and state = 'active'")
          .equals(List.of("0"))) {
        return true;
      }
    }
    return false;
  }

  @Test
  void aStallAndADripEndAtTheDeadline() {
    try (TcpProxy proxy = TcpProxy.to("127.0.0.1", server.port());
        VectorStore store = proxied(proxy, Duration.ofMillis(1_500))) {
      VectorCollection pages = store.collection("pages");
      assertThat(pages.count()).isEqualTo(400);
      proxy.mode(ProxyMode.slow(20_000));
      assertEndsInTime(() -> pages.scan(ALL));
      proxy.mode(ProxyMode.stall());
      assertEndsInTime(pages::count);
      proxy.mode(ProxyMode.halfOpen());
      assertEndsInTime(pages::count);
      proxy.mode(ProxyMode.pass());
      assertThat(pages.count()).isEqualTo(400);
    }
  }

  private static void assertEndsInTime(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    long before = System.nanoTime();
    assertThatThrownBy(call)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("within the deadline");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void aResetWithinAnAnswerIsUnavailableAndARetryReadsOn() {
    try (TcpProxy proxy = TcpProxy.to("127.0.0.1", server.port());
        VectorStore store = proxied(proxy, Duration.ofSeconds(10))) {
      VectorCollection pages = store.collection("pages");
      assertThat(pages.count()).isEqualTo(400);
      proxy.mode(ProxyMode.resetAfter(ProxyMode.Direction.TO_CLIENT, 300_000).times(1));
      assertThatThrownBy(() -> pages.scan(ALL)).isInstanceOf(Unavailable.class);
      assertThat(Reading.all(pages, ALL).records()).hasSize(400);
    }
  }

  @Test
  void oneConnectionServesOneThread() {
    try (TcpProxy proxy = TcpProxy.to("127.0.0.1", server.port());
        VectorStore store = proxied(proxy, Duration.ofSeconds(10))) {
      VectorCollection pages = store.collection("pages");
      for (int n = 0; n < 3; n++) {
        assertThat(pages.count()).isEqualTo(400);
        assertThat(Reading.all(pages, ALL).records()).hasSize(400);
        assertThat(store.exists("absent")).isFalse();
        assertThatThrownBy(() -> store.describe("absent")).isInstanceOf(NotFound.class);
      }
      assertThat(proxy.connections()).isEqualTo(1);
    }
  }

  @Test
  void anInterruptEndsAReadAndKeepsTheFlag() throws Exception {
    try (TcpProxy proxy = TcpProxy.to("127.0.0.1", server.port());
        VectorStore store = proxied(proxy, Duration.ofMinutes(5))) {
      VectorCollection pages = store.collection("pages");
      assertThat(pages.count()).isEqualTo(400);
      proxy.mode(ProxyMode.halfOpen());
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      Thread reader =
          new Thread(
              () -> {
                try {
                  pages.count();
                  flag.complete(false);
                } catch (Unavailable interrupted) {
                  flag.complete(Thread.currentThread().isInterrupted());
                }
              });
      reader.start();
      reader.interrupt();
      assertThat(flag.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whatChangedSinceItWasDescribedIsSaid() {
    database.sql("create table changing (id int primary key, word text, embedding vector(3))");
    try (VectorStore store = open("postgres")) {
      VectorCollection changing = store.collection("changing");
      assertThat(changing.count()).isZero();
      database.sql("alter table changing drop column word");
      assertThatThrownBy(() -> changing.scan(ALL))
          .isInstanceOf(Conflict.class)
          .hasMessageContaining("column is gone");
      database.sql("drop table changing");
      assertThatThrownBy(() -> changing.scan(ALL)).isInstanceOf(NotFound.class);
    }
  }

  @Test
  void aFullServerAsksToComeBack() {
    database.sql("alter role reader connection limit 0");
    try (VectorStore store = open("reader")) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(Throttled.class)
          .hasMessageContaining("53300");
    } finally {
      database.sql("alter role reader connection limit -1");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "08001, false, Unavailable",
    "08006, false, Unavailable",
    "08006, true, OutcomeUnknown",
    "08P01, true, MalformedResponse",
    "57P01, true, OutcomeUnknown",
    "57P01, false, Unavailable",
    "57P03, true, Unavailable",
    "57014, true, Unavailable",
    "40P01, true, Unavailable",
    "40001, true, Unavailable",
    "55P03, true, Unavailable",
    "53300, true, Throttled",
    "53100, true, Unavailable",
    "28P01, false, AccessDenied",
    "28000, false, AccessDenied",
    "42501, true, AccessDenied",
    "42P01, true, NotFound",
    "42703, true, Conflict",
    "42883, true, UnsupportedFeature",
    "3F000, true, UnsupportedFeature",
    "25006, true, UnsupportedFeature",
    "22000, true, InvalidRequest",
    "23505, true, InvalidRequest",
    "54000, true, InvalidRequest",
    "0A000, true, UnsupportedFeature",
    "40003, true, OutcomeUnknown",
    "XX000, true, OutcomeUnknown",
    "XX000, false, Unavailable",
    "42601, true, MalformedResponse",
    ", true, OutcomeUnknown",
  })
  void eachStateHasOneMeaning(String state, boolean sent, String type) {
    var refused = new java.sql.SQLException("the value secret is wrong", state);
    try (PostgresPool pool =
        new PostgresPool(PostgresAddress.of("postgresql://me@host/db"), () -> null, 1)) {
      VectorStoreException error =
          new ConnectionErrors(refused, pool).toException(sent ? Effect.WRITE : Effect.READ);

      assertThat(error.getClass().getSimpleName()).isEqualTo(type);
      assertThat(error).hasMessageNotContaining("secret");
      if (error.getCause() != null) {
        assertThat(error.getCause()).hasMessageNotContaining("secret");
      }
    }
  }
}
