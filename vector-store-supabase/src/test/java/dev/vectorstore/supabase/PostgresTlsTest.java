package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testkit.ProxyMode;
import dev.vectorstore.testkit.TcpProxy;
import dev.vectorstore.testservers.PostgresDatabase;
import dev.vectorstore.testservers.PostgresServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestAuthority;
import dev.vectorstore.testservers.TestCertificate;
import dev.vectorstore.testservers.TestEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A password goes over lines that nobody else reads: real servers with TLS and without. 0.0.0.0
 * leads to this machine and is none of its loopback addresses, so it stands for another machine.
 */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresTlsTest {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String ANOTHER = "0.0.0.0";

  @TempDir private static Path folder;

  private TestCertificate shown;
  private TestCertificate stranger;
  private PostgresServer encrypted;
  private PostgresServer plain;

  @BeforeAll
  void start() {
    shown = TestCertificate.make(folder, "server", "ip:127.0.0.1,ip:0.0.0.0");
    stranger = TestCertificate.make(folder, "stranger", "ip:127.0.0.1");
    encrypted = started();
    encrypted.encrypt(shown);
    plain = started();
  }

  private static PostgresServer started() {
    PostgresServer server = PostgresServer.startWithPasswords();
    PostgresDatabase database = server.createDatabase("lines");
    database.sql(
        "create role reader login password 'right';"
            + " create table pages (id int primary key, embedding vector(3));"
            + " grant select on pages to reader");
    return server;
  }

  @AfterAll
  void stop() {
    encrypted.close();
    plain.close();
  }

  private static String url(String host, int port) {
    return "postgresql://reader@" + host + ":" + port + "/lines";
  }

  private static VectorStore open(String url) {
    return open(url, builder -> builder);
  }

  private static VectorStore open(String url, UnaryOperator<Postgres.Builder> options) {
    return options.apply(Postgres.at(url).password(() -> "right")).open();
  }

  private long encryptedConnections() {
    List<String> count =
        encrypted
            .database("lines")
            .sql(
                "select count(*) from pg_stat_ssl join pg_stat_activity using (pid)"
                    + " where ssl and usename = 'reader'");
    return Long.parseLong(count.get(0));
  }

  @Test
  void aPasswordForAnotherMachineGoesOverTlsWithoutBeingAsked() {
    try (VectorStore store = open(url(ANOTHER, encrypted.port()))) {
      assertThat(store.collections()).containsExactly("pages");
      assertThat(encryptedConnections()).isEqualTo(1);
    }
  }

  @Test
  void aPasswordIsNotSentToAnotherMachineWithoutTls() {
    try (VectorStore store = open(url(ANOTHER, plain.port()))) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessageContaining("takes no encrypted connections")
          .hasMessageContaining("allowPlainTextKey()")
          .hasMessageNotContaining("check the address");
    }
    try (VectorStore store =
        open(url(ANOTHER, plain.port()), Postgres.Builder::allowPlainTextKey)) {
      assertThat(store.collections()).containsExactly("pages");
    }
    try (VectorStore store = open(url(LOOPBACK, plain.port()))) {
      assertThat(store.collections()).containsExactly("pages");
    }
  }

  /** Before any I/O: the proxy sees no connection. */
  @ParameterizedTest
  @ValueSource(strings = {"disable", "allow", "prefer"})
  void aModeThatMaySendAPasswordInPlainTextIsRefusedBeforeAnyIo(String mode) {
    try (TcpProxy proxy = TcpProxy.to("127.0.0.1", plain.port())) {
      String url = url(ANOTHER, proxy.port()) + "?sslmode=" + mode;
      try (VectorStore store = open(url)) {
        assertThatThrownBy(store::collections)
            .isInstanceOf(InvalidRequest.class)
            .hasMessageContaining("sslmode=" + mode)
            .hasMessageContaining("allowPlainTextKey()")
            .hasMessageNotContaining("right");
      }
      assertThat(proxy.connections()).isZero();
      try (VectorStore store = open(url, Postgres.Builder::allowPlainTextKey)) {
        assertThat(store.collections()).containsExactly("pages");
      }
      try (VectorStore store = open(url.replace(ANOTHER, LOOPBACK))) {
        assertThat(store.collections()).containsExactly("pages");
      }
    }
  }

  @Test
  void certificatesAreNamedByUrlAndByOption() {
    String file = shown.certificate().toString();
    try (VectorStore store = open(url(LOOPBACK, encrypted.port()) + "?sslrootcert=" + file)) {
      assertThat(store.collections()).containsExactly("pages");
      assertThat(encryptedConnections()).isEqualTo(1);
    }
    try (VectorStore store =
        open(
            url(LOOPBACK, encrypted.port()),
            builder -> builder.sslMode("verify-full").trust(shown.certificate()))) {
      assertThat(store.collections()).containsExactly("pages");
      assertThat(encryptedConnections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"require", "verify-ca", "verify-full", ""})
  void aCertificateThatIsNotTrustedIsToldOnce(String mode) {
    AtomicInteger attempts = new AtomicInteger();
    String url =
        url(LOOPBACK, encrypted.port())
            + "?sslrootcert="
            + stranger.certificate()
            + (mode.isEmpty() ? "" : "&sslmode=" + mode);
    try (VectorStore store = open(url, builder -> builder.listener(counting(attempts)))) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("certificate")
          .hasMessageContaining("isn't trusted")
          .hasMessageNotContaining("check the address");
      assertThat(attempts).hasValue(1);
    }
  }

  private static CallListener counting(AtomicInteger attempts) {
    return call -> end -> attempts.addAndGet(end.attempts());
  }

  @Test
  void aCertificateThatThePlatformDoesNotTrustIsTold() {
    try (VectorStore store =
        open(url(LOOPBACK, encrypted.port()), builder -> builder.sslMode("verify-full"))) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("isn't trusted");
    }
  }

  @Test
  void aHostNameThatDoesNotFitIsTold() {
    String url =
        url("localhost", encrypted.port())
            + "?sslmode=verify-full&sslrootcert="
            + shown.certificate();
    try (VectorStore store = open(url)) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("another host's name")
          .hasMessageContaining("localhost:" + encrypted.port())
          .hasMessageNotContaining("check the address");
    }
    try (VectorStore store = open(url.replace("verify-full", "verify-ca"))) {
      assertThat(store.collections()).containsExactly("pages");
    }
  }

  @Test
  void aServerWithoutTlsIsTold() {
    for (String mode : List.of("require", "verify-full")) {
      try (VectorStore store =
          open(url(LOOPBACK, plain.port()), builder -> builder.sslMode(mode))) {
        assertThatThrownBy(store::collections)
            .isInstanceOf(UnsupportedFeature.class)
            .hasMessageContaining("takes no encrypted connections")
            .hasMessageNotContaining("check the address");
      }
    }
  }

  @Test
  void aWrongModeIsNamedWithThoseThatThereAre() {
    String[] said = {"sslmode verify_full", "disable, allow, prefer, require, verify-ca, verify-f"};
    assertThatThrownBy(() -> Postgres.at("postgresql://me@host/db?sslmode=verify_full"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContainingAll(said);
    Postgres.Builder builder = Postgres.at("postgresql://me@host/db");
    assertThatThrownBy(() -> builder.sslMode("verify_full"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContainingAll(said);
  }

  @Test
  void aFileThatIsNoCertificateIsRefusedWhenTheStoreIsOpened() throws Exception {
    Path nonsense = Files.writeString(folder.resolve("nonsense"), "nonsense");
    Path empty = Files.writeString(folder.resolve("empty"), "");
    for (Path file : List.of(nonsense, empty, folder.resolve("missing"))) {
      Postgres.Builder builder = Postgres.at("postgresql://me@host/db").trust(file);
      assertThatThrownBy(builder::open)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining(file.toString());
    }
    Postgres.Builder contradiction =
        Postgres.at("postgresql://me@host/db?sslmode=prefer").trust(shown.certificate());
    assertThatThrownBy(contradiction::open)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("sslmode=prefer looks at no certificate");
  }

  @Test
  void whatIsOfOurOwnConnectionsIsRefusedForAPoolOfTheCaller() {
    Postgres.Builder over = Postgres.over(new PGSimpleDataSource());
    assertThatThrownBy(() -> over.sslMode("require")).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> over.trust(folder)).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(over::allowPlainTextKey).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void aCertificateThatHasExpiredIsToldAsSuch() {
    TestAuthority authority = TestAuthority.make(folder);
    TestCertificate old = authority.expired("old", "ip:127.0.0.1");
    try (PostgresServer server = started()) {
      server.encrypt(old);
      String url = url(LOOPBACK, server.port()) + "?sslrootcert=" + authority.certificate();
      try (VectorStore store = open(url)) {
        assertThatThrownBy(store::collections)
            .isInstanceOf(AccessDenied.class)
            .hasMessageContaining("has expired");
      }
    }
  }

  /** A broken connection looks alike and is no fault of TLS: the next attempt can get through. */
  @ParameterizedTest
  @ValueSource(longs = {1, 60, 900, 2_000})
  void aConnectionThatIsCutIsTriedAgain(long bytes) {
    AtomicInteger attempts = new AtomicInteger();
    RetryPolicy quick =
        RetryPolicy.builder().readDelays(Duration.ofMillis(1), Duration.ofMillis(2)).build();
    try (TcpProxy proxy = TcpProxy.to(LOOPBACK, encrypted.port());
        VectorStore store =
            open(
                url(LOOPBACK, proxy.port()) + "?sslmode=require",
                builder ->
                    builder
                        .callOptions(CallOptions.builder().retry(quick).build())
                        .listener(counting(attempts)))) {
      ProxyMode cut = ProxyMode.resetAfter(ProxyMode.Direction.TO_CLIENT, bytes);
      proxy.mode(cut);
      assertThatThrownBy(store::collections).isInstanceOf(Unavailable.class);
      assertThat(attempts).hasValue(3);
      proxy.mode(cut.times(1));
      assertThat(store.collections()).containsExactly("pages");
    }
  }
}
