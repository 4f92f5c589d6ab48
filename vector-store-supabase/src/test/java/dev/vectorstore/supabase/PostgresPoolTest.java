package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testkit.Await;
import dev.vectorstore.testservers.PgBouncerServer;
import dev.vectorstore.testservers.PostgresDatabase;
import dev.vectorstore.testservers.PostgresServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.ds.PGSimpleDataSource;

/** How many connections there are, how long they stay, and what ends them. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresPoolTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final ExecutorService callers = Executors.newCachedThreadPool();
  private PostgresServer server;
  private PostgresDatabase database;

  @BeforeAll
  void start() {
    server = PostgresServer.startWithPasswords();
    database = made(server);
  }

  private static PostgresDatabase made(PostgresServer server) {
    PostgresDatabase database = server.createDatabase("pool");
    database.sql(
        PostgresErrorsTest.PAGES
            + "create table slow (id int primary key, embedding vector(3));"
            + " insert into slow values (1, '[1,2,3]');"
            + " create function wait_long(int) returns boolean language sql volatile cost 1 as"
            + " 'select pg_sleep(60) is not null';"
            + " alter table slow enable row level security;"
            + " create policy slowly on slow using (public.wait_long(id));"
            + " grant select on slow to reader");
    return database;
  }

  @AfterAll
  void stop() {
    callers.shutdownNow();
    server.close();
  }

  private Postgres.Builder at(int port) {
    return Postgres.at("postgresql://reader@127.0.0.1:" + port + "/pool")
        .password(() -> "right")
        .callOptions(Reading.ONCE);
  }

  /** Of the store on the server, whose own word is asked for. */
  private long onTheServer() {
    List<String> count =
        database.sql(
            "select count(*) from pg_stat_activity where application_name = 'vector-store'");
    return Long.parseLong(count.get(0));
  }

  private static PostgresConnections figures(VectorStore store) {
    return store.unwrap(PostgresConnections.class);
  }

  /** Opens as many connections as there are threads, and leaves them idle. */
  private void openAll(VectorStore store, int threads) throws Exception {
    VectorCollection pages = store.collection("pages");
    pages.describe();
    for (int round = 0; figures(store).open() < threads; round++) {
      CyclicBarrier together = new CyclicBarrier(threads);
      List<Callable<Long>> calls =
          Collections.nCopies(
              threads,
              () -> {
                together.await();
                return pages.count();
              });
      for (Future<Long> count : callers.invokeAll(calls)) {
        assertThat(count.get()).isEqualTo(400);
      }
      assertThat(round).isLessThan(100);
    }
  }

  @Test
  void aCancelledCallEndsItsOwnConnectionAlone() throws Exception {
    try (VectorStore store = at(server.port()).maxConnections(4).open()) {
      openAll(store, 4);
      VectorCollection slow = store.collection("slow");
      slow.describe();
      interrupted(slow, () -> figures(store).idle() == 3);
      assertThat(Await.until(SOON, () -> figures(store).open() == 3)).isTrue();
      interrupted(slow, () -> figures(store).idle() == 2);
      assertThat(Await.until(SOON, () -> figures(store).open() == 2)).isTrue();
      assertThat(figures(store).idle()).isEqualTo(2);
      // At a deadline either side may be first, and where the server is, no connection ends.
      CallOptions hurried =
          CallOptions.builder()
              .attemptTimeout(Duration.ofSeconds(3))
              .retry(RetryPolicy.none())
              .build();
      assertThatThrownBy(slow.with(hurried)::count).isInstanceOf(Unavailable.class);
      for (int n = 0; n < 10; n++) {
        assertThat(store.collection("pages").count()).isEqualTo(400);
      }
      assertThat(figures(store).opened()).isEqualTo(4);
    }
  }

  private static void interrupted(VectorCollection slow, BooleanSupplier runs) throws Exception {
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                told.complete(new AssertionError("counted " + slow.count()));
              } catch (VectorStoreException left) {
                told.complete(left);
              }
            });
    caller.start();
    assertThat(Await.until(SOON, runs)).isTrue();
    caller.interrupt();
    assertThat(told.get(20, TimeUnit.SECONDS)).isInstanceOf(Unavailable.class);
  }

  @Test
  void whatNobodyUsesIsClosed() throws Exception {
    try (VectorStore store = at(server.port()).idleTimeout(Duration.ofMillis(500)).open()) {
      openAll(store, 3);
      assertThat(Await.until(SOON, () -> figures(store).open() == 0)).isTrue();
      assertThat(Await.until(SOON, () -> onTheServer() == 0)).isTrue();
      assertThat(store.collection("pages").count()).isEqualTo(400);
      assertThat(figures(store).opened()).isEqualTo(4);
    }
  }

  @Test
  void whatIsOpenForLongIsClosedThoughItIsUsed() {
    try (VectorStore store = at(server.port()).maxLifetime(Duration.ofMillis(300)).open()) {
      VectorCollection pages = store.collection("pages");
      assertThat(
              Await.until(
                  SOON,
                  () -> {
                    assertThat(pages.count()).isEqualTo(400);
                    return figures(store).opened() >= 3;
                  }))
          .isTrue();
      assertThat(figures(store).open()).isLessThanOrEqualTo(1);
      assertThat(Await.until(SOON, () -> onTheServer() == 0)).isTrue();
    }
  }

  @Test
  void theFiguresAreThoseOfTheServer() throws Exception {
    try (VectorStore store = at(server.port()).maxConnections(3).open()) {
      assertThat(figures(store))
          .hasToString("PostgresConnections[open=0, idle=0, waiting=0, most=3, opened=0]");
      openAll(store, 3);
      assertThat(onTheServer()).isEqualTo(3);
      assertThat(figures(store).idle()).isEqualTo(3);
    }
    assertThat(Await.until(SOON, () -> onTheServer() == 0)).isTrue();
  }

  /** A write too: nothing was sent, so nothing is in doubt. */
  @Test
  void whoWaitsForAConnectionInVainIsTold() throws Exception {
    try (VectorStore store = at(server.port()).maxConnections(1).open()) {
      VectorCollection slow = store.collection("slow");
      VectorCollection pages = store.collection("pages");
      pages.count();
      slow.describe();
      Thread holder =
          new Thread(
              () -> {
                try {
                  slow.count();
                } catch (VectorStoreException | IllegalStateException ended) {
                  Thread.currentThread().interrupt();
                }
              });
      holder.start();
      assertThat(Await.until(SOON, () -> figures(store).idle() == 0)).isTrue();
      CallOptions hurried =
          CallOptions.builder()
              .attemptTimeout(Duration.ofMillis(400))
              .retry(RetryPolicy.none())
              .build();
      CompletableFuture<Integer> waiting =
          CompletableFuture.supplyAsync(
              () -> Await.until(SOON, () -> figures(store).waiting() == 1) ? 1 : 0);
      assertThatThrownBy(pages.with(hurried)::count)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("maxConnections");
      assertThatThrownBy(() -> store.with(hurried).drop("pages"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("maxConnections");
      assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(figures(store).opened()).isEqualTo(1);
      holder.interrupt();
      holder.join(20_000);
    }
  }

  /** Decision 11: in a pool of Apache Commons they wait until their deadline. */
  @Test
  void whoWaitsWhenTheServerDiesIsToldAtOnce() throws Exception {
    try (PostgresServer own = PostgresServer.startWithPasswords()) {
      made(own);
      CallOptions patient =
          CallOptions.builder()
              .attemptTimeout(Duration.ofMinutes(1))
              .retry(RetryPolicy.none())
              .build();
      try (VectorStore store = at(own.port()).maxConnections(2).callOptions(patient).open()) {
        VectorCollection slow = store.collection("slow");
        slow.describe();
        List<Future<Long>> calls = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
          calls.add(callers.submit(() -> slow.count()));
        }
        assertThat(Await.until(SOON, () -> figures(store).waiting() == 3)).isTrue();
        own.kill9();
        long before = System.nanoTime();
        for (Future<Long> call : calls) {
          assertThatThrownBy(() -> call.get(50, TimeUnit.SECONDS))
              .hasCauseInstanceOf(Unavailable.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
      }
    }
  }

  @Test
  @RequiresEngine({TestEngine.SUPABASE, TestEngine.PGBOUNCER})
  void throughAPoolerConnectionsComeAndGoLikewise() throws Exception {
    try (PgBouncerServer pooler = PgBouncerServer.start(database, Map.of("reader", "right"));
        VectorStore store = at(pooler.port()).idleTimeout(Duration.ofMillis(500)).open()) {
      openAll(store, 3);
      assertThat(Await.until(SOON, () -> figures(store).open() == 0)).isTrue();
      assertThat(store.collection("pages").count()).isEqualTo(400);
      assertThat(figures(store).opened()).isEqualTo(4);
    }
  }

  @Test
  void limitsThatCannotBeMeantAreRefused() {
    Postgres.Builder own = Postgres.at("postgresql://me@host/db");
    assertThatThrownBy(() -> own.maxConnections(0)).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> own.idleTimeout(Duration.ZERO)).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> own.maxLifetime(Duration.ofSeconds(-1)))
        .isInstanceOf(InvalidRequest.class);
    Postgres.Builder callers = Postgres.over(new PGSimpleDataSource());
    assertThatThrownBy(() -> callers.idleTimeout(SOON)).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> callers.maxLifetime(SOON)).isInstanceOf(InvalidRequest.class);
    try (VectorStore store = callers.open()) {
      assertThatThrownBy(() -> figures(store)).isInstanceOf(UnsupportedFeature.class);
    }
  }
}
