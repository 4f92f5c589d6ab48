package dev.vectorstore.supabase;

import static dev.vectorstore.Filter.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.testkit.Await;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Adoption, release and the making of terms beside programs that write to the table. */
@RequiresEngine(TestEngine.SUPABASE)
class AdoptionRacesTest extends TablesToAdopt {
  private static final Duration SOON = Duration.ofSeconds(20);

  private Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection(server.database().jdbcUrl());
    connection.setAutoCommit(false);
    return connection;
  }

  /** It can't see that the table was adopted, so it could leave a row that no search finds. */
  @Test
  void aTransactionThatBeganBeforeAnAdoptionIsToldToTryAgain() throws SQLException {
    server.sql("create table early (id bigint primary key, content text)");
    try (Connection program = connect();
        Statement statement = program.createStatement()) {
      program.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      statement.execute("select count(*) from pg_class");
      tables.adopt(TableAdoption.of("early").build());
      assertThatThrownBy(() -> statement.execute("insert into early values (1, 'a fox')"))
          .isInstanceOfSatisfying(
              SQLException.class, refused -> assertThat(refused.getSQLState()).isEqualTo("40001"));
      program.rollback();
      statement.execute("insert into early values (1, 'a fox')");
      program.commit();
    }
    tables.makeTerms("early", Duration.ofMinutes(1));
    assertThat(store.collection("early").count(field("content").matchesText("fox"))).isEqualTo(1);
    tables.release("early");
    server.sql("drop table early");
  }

  /** Both have the table before they come to the collection's lock. */
  @Test
  void adoptionAndReleaseWaitForAProgramThatWritesAndItForThem() throws Exception {
    server.sql("create table busy (id bigint primary key, content text)");
    tables.adopt(TableAdoption.of("busy").build());
    server.sql("alter table busy add column summary text");
    try (Connection program = connect();
        Statement statement = program.createStatement()) {
      statement.execute("insert into busy values (1, 'one', 'first')");
      CompletableFuture<?> adoption =
          CompletableFuture.runAsync(() -> tables.adopt(TableAdoption.of("busy").build()));
      awaitLock("busy");
      statement.execute("insert into busy values (2, 'two', 'second')");
      program.commit();
      adoption.get(20, TimeUnit.SECONDS);
      statement.execute("insert into busy values (3, 'three', 'third')");
      CompletableFuture<Boolean> release =
          CompletableFuture.supplyAsync(() -> tables.release("busy"));
      awaitLock("busy");
      statement.execute("insert into busy values (4, 'four', 'fourth')");
      program.commit();
      assertThat(release.get(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(server.sql("select count(*) from busy")).containsExactly("4");
    server.sql("drop table busy");
  }

  /** Terms that were made of a row are kept if it is still as it was, once its writer has ended. */
  @Test
  void termsOfARowThatIsChangedMeanwhileAreNotKept() throws Exception {
    server.sql(
        "create table remade (id bigint primary key, content text); insert into remade values (1,"
            + " 'old cat')");
    tables.adopt(TableAdoption.of("remade").build());
    String hash =
        server
            .sql(
                "select vector_store_untermed('{\"collection\": \"remade\", \"limit\": 9,"
                    + " \"termsVersion\": 2}') -> 0 ->> 1")
            .get(0);
    String terms =
        "select vector_store_terms('{\"collection\": \"remade\", \"rows\": [{\"i\":"
            + " \"000000000000000001\", \"h\": \"HASH\", \"t\": [\"1: old cat \"]}]}')";
    try (Connection program = connect();
        Statement statement = program.createStatement()) {
      statement.execute("update remade set content = 'new cat'");
      CompletableFuture<?> made =
          CompletableFuture.runAsync(() -> server.sql(terms.replace("HASH", hash)));
      String waits = "select count(*) from pg_locks where not granted";
      assertThat(Await.until(SOON, () -> !server.sql(waits).equals(List.of("0")))).isTrue();
      program.commit();
      made.get(20, TimeUnit.SECONDS);
    }
    tables.makeTerms("remade", Duration.ofMinutes(1));
    assertThat(store.collection("remade").count(field("content").matchesText("old"))).isZero();
    assertThat(store.collection("remade").count(field("content").matchesText("new"))).isEqualTo(1);
    tables.release("remade");
    server.sql("drop table remade");
  }

  private void awaitLock(String table) {
    String waits =
        "select count(*) from pg_locks where not granted and relation = '" + table + "'::regclass";
    assertThat(Await.until(SOON, () -> !server.sql(waits).equals(List.of("0"))))
        .as("it waits for the table")
        .isTrue();
  }
}
