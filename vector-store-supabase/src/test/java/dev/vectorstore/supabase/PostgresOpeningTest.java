package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.vectorstore.Embedding;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.VectorStores;
import dev.vectorstore.supabase.postgres.PostgresAddress;
import dev.vectorstore.supabase.postgres.PostgresTls;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresOpeningTest {
  @ParameterizedTest
  @CsvSource({
    "postgresql://me@host:6543/db, jdbc:postgresql://host:6543/db, me,",
    "postgresql://me@host, jdbc:postgresql://host:5432/me, me,",
    "postgresql://me@host/, jdbc:postgresql://host:5432/me, me,",
    "PostgreSQL://postgres.abc@[::1]:1/a%20b?schema=rag, jdbc:postgresql://[::1]:1/a+b,"
        + " postgres.abc, rag",
  })
  void anAddressIsTheOneThatPsqlTakes(String url, String jdbc, String user, String schema) {
    PostgresAddress address = PostgresAddress.of(url);

    assertThat(address.jdbcUrl()).isEqualTo(jdbc);
    assertThat(address.user()).isEqualTo(user);
    assertThat(address.schema()).isEqualTo(schema);
  }

  @Test
  void parametersOfTlsReachTheDriver() {
    assertThat(
            PostgresAddress.of("postgresql://me@host/db?sslmode=verify-full&sslrootcert=%2Fa.crt")
                .tls())
        .isEqualTo(new PostgresTls("verify-full", "/a.crt"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        "mysql://me@host/db",
        "postgresql://host/db",
        "postgresql://me:pw@host/db",
        "postgresql://me:@host/db",
        "postgresql://me@host/db?password=pw",
        "postgresql://me@host/db?socketFactory=pw",
        "postgresql://me@h1,h2/db",
        "postgresql://me@/db",
        "postgresql:"
      })
  void whatIsNoAddressIsRefused(String url) {
    assertThatThrownBy(() -> Postgres.at(url))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageNotContaining("pw");
  }

  @Test
  @RequiresEngine(TestEngine.SUPABASE)
  void theUrlOpensTheStore() {
    ExistingSupabaseStore existing = ExistingSupabaseStore.shared(3);
    String url = existing.database().url("postgres");
    try (VectorStore store = VectorStores.open(url, StoreOptions.defaults())) {
      assertThat(store.collections()).contains("crawled_pages", "sources");
      assertThat(store.engine()).isEqualTo("postgres");
    }
  }

  /** A pool of the caller with one connection, which shows what is left behind in the session. */
  @Test
  @RequiresEngine(TestEngine.SUPABASE)
  void nothingIsLeftInASessionOfTheCallersPoolWhichStaysOpen() throws SQLException {
    ExistingSupabaseStore existing = ExistingSupabaseStore.shared(3);
    existing.clear();
    existing.sql("insert into crawled_pages (url, embedding) values ('u', '[1,0,0]')");
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(existing.database().jdbcUrl());
    config.setMaximumPoolSize(1);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      List<String> before = settings(pool);
      try (VectorStore store = Postgres.over(pool).open()) {
        VectorCollection pages = store.collection("crawled_pages");
        for (int n = 0; n < 10; n++) { // the driver would prepare the fifth
          assertThat(pages.count()).isEqualTo(1);
          assertThat(pages.scan(ScanRequest.all()).records()).hasSize(1);
          assertThat(pages.fetch(List.of(RecordId.of(1)), Projection.all())).hasSize(1);
          assertThat(pages.search(SearchRequest.nearest(Embedding.of(1, 0, 0)))).hasSize(1);
        }
        assertThat(store.unwrap(DataSource.class)).isSameAs(pool);
      }
      assertThat(pool.isClosed()).isFalse();
      assertThat(settings(pool)).isEqualTo(before);
      assertThat(column(pool, "select name from pg_prepared_statements")).isEmpty();
    }
  }

  @Test
  void aStoreOfItsOwnConnectionsHasNoDataSource() {
    try (VectorStore store = Postgres.at("postgresql://me@127.0.0.1:1/db").open()) {
      assertThatThrownBy(() -> store.unwrap(DataSource.class))
          .isInstanceOf(UnsupportedFeature.class);
    }
  }

  private static List<String> settings(DataSource pool) throws SQLException {
    return column(
        pool,
        "select name || '=' || setting from pg_settings where name not like '%.%' order by name");
  }

  private static List<String> column(DataSource pool, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection = pool.getConnection();
        ResultSet rows = connection.createStatement().executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
