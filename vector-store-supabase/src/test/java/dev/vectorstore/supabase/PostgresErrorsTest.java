package dev.vectorstore.supabase;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Filter;
import dev.vectorstore.Projection;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.PostgresDatabase;
import dev.vectorstore.testservers.PostgresServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What goes wrong over a direct connection, and what is said of it. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresErrorsTest {
  private static final ScanRequest ALL = ScanRequest.all().projection(Projection.all());

  /** Two roles, and a table of two megabytes. */
  static final String PAGES =
      """
      create role reader login password 'right';
      create role owner login password 'right';
      create table pages (id bigserial primary key, content text, embedding vector(3));
      insert into pages (content, embedding)
        select repeat('x', 5000), '[1,2,3]' from generate_series(1, 400);
      grant select on pages to reader, owner;
      """;

  private PostgresServer server;
  private PostgresDatabase database;

  @BeforeAll
  void start() {
    server = PostgresServer.startWithPasswords();
    database = server.createDatabase("errors");
    database.sql(PAGES);
    database.sql(
        """
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
        grant select on hidden, owned, shown, partly, others, nothing to reader, owner;
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
  void aServerWithoutTlsSaysSoToWhomeverAsksForIt() {
    try (VectorStore store =
        Postgres.at(database.url("reader") + "?sslmode=require").password(() -> "right").open()) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessageContaining("sslmode");
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
      for (Filter sought : List.of(Filter.field("id").gt(0), Filter.field("id").gt(0.5))) {
        assertThatThrownBy(() -> store.collection("others").count(sought))
            .as("whether SQL says it, or the core tests it")
            .isInstanceOf(AccessDenied.class);
      }
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
}
