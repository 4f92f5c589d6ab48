package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.Projection;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.Unavailable;
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

/** A direct connection that is slow, breaks or is interrupted, and how many of them there are. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresConnectionTest {
  private static final ScanRequest ALL = ScanRequest.all().projection(Projection.all());

  private PostgresServer server;
  private PostgresDatabase database;

  @BeforeAll
  void start() {
    server = PostgresServer.startWithPasswords();
    database = server.createDatabase("connections");
    database.sql(PostgresErrorsTest.PAGES + "analyze");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private VectorStore open(String role) {
    return Postgres.at(database.url(role)).password(() -> "right").callOptions(Reading.ONCE).open();
  }

  private VectorStore proxied(TcpProxy proxy, Duration timeout) {
    String url = "postgresql://reader@127.0.0.1:" + proxy.port() + "/" + database.name();
    CallOptions options =
        CallOptions.builder().attemptTimeout(timeout).retry(RetryPolicy.none()).build();
    return Postgres.at(url).password(() -> "right").callOptions(options).open();
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
      proxy.mode(ProxyMode.resetAfter(ProxyMode.Direction.TO_CLIENT, 50_000).times(1));
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
}
