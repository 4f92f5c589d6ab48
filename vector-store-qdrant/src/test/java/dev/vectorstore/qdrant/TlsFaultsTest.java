package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testkit.Await;
import dev.vectorstore.testkit.ProxyMode;
import dev.vectorstore.testkit.TcpProxy;
import dev.vectorstore.testservers.JvmRun;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestAuthority;
import dev.vectorstore.testservers.TestCertificate;
import dev.vectorstore.testservers.TestEngine;
import dev.vectorstore.testservers.TlsFront;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is wrong with the encryption is said as such, once, of reads and writes alike: a real server
 * with TLS, and one without, behind an end of TLS that is set up badly.
 */
@RequiresEngine(TestEngine.QDRANT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsFaultsTest {
  private static final String HERE = "ip:127.0.0.1";
  private static final RetryPolicy QUICK =
      RetryPolicy.builder()
          .readDelays(Duration.ofMillis(1), Duration.ofMillis(2))
          .writeDelays(Duration.ofMillis(1), Duration.ofMillis(2))
          .build();

  private static final CallOptions PATIENT =
      CallOptions.builder()
          .retry(
              RetryPolicy.builder()
                  .attempts(50)
                  .readDelays(Duration.ofMillis(1), Duration.ofMillis(20))
                  .build())
          .build();

  @TempDir private static Path folder;

  private TestCertificate shown;
  private TestAuthority authority;
  private QdrantServer encrypted;
  private QdrantServer plain;

  @BeforeAll
  void start() {
    shown = TestCertificate.make(folder, "server", HERE);
    authority = TestAuthority.make(folder);
    encrypted = QdrantServer.builder().tls(shown.certificate(), shown.key()).start();
    plain = QdrantServer.builder().start();
  }

  @AfterAll
  void stop() {
    encrypted.close();
    plain.close();
  }

  private static VectorStore store(String url, Path trusted, AtomicInteger attempts) {
    Qdrant.Builder builder =
        Qdrant.at(url)
            .callOptions(CallOptions.builder().retry(QUICK).build())
            .listener(call -> end -> attempts.addAndGet(end.attempts()));
    return (url.startsWith("https") ? builder.trust(trusted) : builder).open();
  }

  /** Of a read and of a write, with one attempt each. */
  private static void assertToldOnce(
      String url, Path trusted, Class<? extends VectorStoreException> type, String... said) {
    AtomicInteger attempts = new AtomicInteger();
    try (VectorStore store = store(url, trusted, attempts)) {
      assertThatThrownBy(store::collections).isInstanceOf(type).hasMessageContainingAll(said);
      assertThatThrownBy(() -> store.drop("notes"))
          .isInstanceOf(type)
          .hasMessageContainingAll(said)
          .hasMessageContaining(url.substring(url.indexOf("://") + 3))
          .hasMessageNotContaining("can't be reached");
      assertThat(attempts).hasValue(2);
    }
  }

  private static String https(int port) {
    return "https://127.0.0.1:" + port;
  }

  private TlsFront front(TestCertificate certificate, Consumer<SSLParameters> settings) {
    return TlsFront.start(
        plain.grpcPort(),
        certificate,
        tls -> {
          tls.setApplicationProtocols(new String[] {"h2"});
          settings.accept(tls);
        });
  }

  @Test
  void aCertificateThatIsNotTrustedIsToldOnce() {
    assertToldOnce(
        https(encrypted.grpcPort()),
        authority.certificate(),
        AccessDenied.class,
        "the certificate of the server at 127.0.0.1:",
        "isn't trusted",
        "signed by itself",
        "trust(...)");
  }

  @Test
  void aHostNameThatDoesNotFitIsToldOnceWithTheNamesThatDo() {
    assertToldOnce(
        "https://localhost:" + encrypted.grpcPort(),
        shown.certificate(),
        AccessDenied.class,
        "another host's name",
        "[IP:127.0.0.1]",
        "in the URL");
  }

  @Test
  void aCertificateThatHasExpiredIsToldOnce() {
    try (TlsFront front = front(authority.expired("old", HERE), tls -> {})) {
      assertToldOnce(
          https(front.port()), authority.certificate(), AccessDenied.class, "expired", "NotAfter");
    }
  }

  @Test
  void aCertificateThatIsNotValidYetIsToldOnce() {
    try (TlsFront front = front(authority.notYetValid("soon", HERE), tls -> {})) {
      assertToldOnce(
          https(front.port()), authority.certificate(), AccessDenied.class, "isn't valid yet");
    }
  }

  /** The certificate is of RSA, and the server's only cipher wants one of elliptic curves. */
  @Test
  void noCipherInCommonIsToldOnce() {
    Consumer<SSLParameters> odd =
        tls -> {
          tls.setProtocols(new String[] {"TLSv1.2"});
          tls.setCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"});
        };
    try (TlsFront front = front(shown, odd)) {
      assertToldOnce(
          https(front.port()),
          shown.certificate(),
          AccessDenied.class,
          "agree on no way (handshake_failure)",
          "versions of TLS");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aServerThatAsksForTheClientsCertificateIsToldOnce(String version) {
    Consumer<SSLParameters> asking =
        tls -> {
          tls.setProtocols(new String[] {version});
          tls.setNeedClientAuth(true);
        };
    try (TlsFront front = front(shown, asking)) {
      assertToldOnce(
          https(front.port()),
          shown.certificate(),
          AccessDenied.class,
          "asks its clients for a certificate (bad_certificate)",
          "Qdrant.over(...)");
    }
  }

  @Test
  void aPortOfTlsThatSpeaksNoHttp2IsToldOnce() {
    try (TlsFront front = front(shown, tls -> tls.setApplicationProtocols(new String[0]))) {
      AtomicInteger attempts = new AtomicInteger();
      try (VectorStore store = store(https(front.port()), shown.certificate(), attempts)) {
        assertThatThrownBy(store::collections)
            .isInstanceOf(MalformedResponse.class)
            .hasMessageContaining("doesn't speak gRPC");
        assertThat(attempts).hasValue(1);
      }
    }
  }

  @Test
  void plainTextToAPortOfTlsIsToldOnce() {
    for (int port : new int[] {encrypted.grpcPort(), encrypted.httpPort()}) {
      assertToldOnce(
          "http://127.0.0.1:" + port,
          shown.certificate(),
          UnsupportedFeature.class,
          "takes encrypted connections only",
          "write https:// in the URL");
    }
  }

  @Test
  void tlsToAPortOfPlainTextIsToldOnce() {
    for (int port : new int[] {plain.grpcPort(), plain.httpPort()}) {
      assertToldOnce(
          https(port),
          shown.certificate(),
          UnsupportedFeature.class,
          "takes no encrypted connections",
          "write http:// in the URL",
          "allowPlainTextKey()");
    }
  }

  /** It looks alike and is no fault of TLS: the next attempt can get through. */
  @ParameterizedTest
  @ValueSource(longs = {0, 3, 60, 900})
  void aConnectionThatIsCutInItsHandshakeIsTriedAgain(long bytes) {
    AtomicInteger attempts = new AtomicInteger();
    try (TcpProxy proxy = TcpProxy.to("127.0.0.1", encrypted.grpcPort());
        VectorStore store = store(https(proxy.port()), shown.certificate(), attempts)) {
      ProxyMode cut = ProxyMode.resetAfter(ProxyMode.Direction.TO_CLIENT, bytes);
      proxy.mode(cut);
      assertThatThrownBy(() -> store.drop("notes")).isInstanceOf(Unavailable.class);
      assertThat(attempts).hasValue(3);
      proxy.mode(cut.times(1));
      // More attempts, since gRPC's channel can answer the next ones by the failure of before.
      assertThat(store.with(PATIENT).collections()).isEmpty();
    }
  }

  @Test
  void aServerOfSeveralThatNothingCanBeEncryptedToIsPassedByUntilItsCertificateIsRight() {
    AtomicInteger attempts = new AtomicInteger();
    TlsFront bad = front(authority.expired("renewed", HERE), tls -> {});
    int port = bad.port();
    String both = https(port) + "," + https(encrypted.grpcPort());
    try (VectorStore store = store(both, shown.certificate(), attempts)) {
      plain.restart();
      for (int n = 1; n <= 4; n++) {
        assertThat(store.collections()).isEmpty();
        assertThat(attempts).as("passed by within the attempt").hasValue(n);
      }
      try (VectorStore direct =
          store("http://127.0.0.1:" + plain.grpcPort(), shown.certificate(), attempts)) {
        direct.ensureCollection(dev.vectorstore.CollectionSpec.builder("behind").build());
      }
      bad.close();
      try (TlsFront renewed = TlsFront.start(port, plain.grpcPort(), shown, TlsFaultsTest::http2)) {
        assertThat(renewed.port()).isEqualTo(port);
        assertThat(
                Await.until(
                    Duration.ofSeconds(30), () -> store.collections().equals(List.of("behind"))))
            .as("the server is asked again")
            .isTrue();
      }
    } finally {
      bad.close();
      plain.restart();
    }
  }

  private static void http2(SSLParameters tls) {
    tls.setApplicationProtocols(new String[] {"h2"});
  }

  @Test
  void ifNoneOfSeveralServersIsTrustedTheCallFailsWithThat() {
    String port = https(encrypted.grpcPort());
    AtomicInteger attempts = new AtomicInteger();
    try (VectorStore store = store(port + "," + port, authority.certificate(), attempts)) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("isn't trusted");
      assertThat(attempts).hasValue(1);
    }
  }

  /** Of two servers, one of which has no TLS. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      AtomicInteger attempts = new AtomicInteger();
      try (VectorStore store = store(arguments[0], Path.of(arguments[1]), attempts)) {
        for (int n = 0; n < 10; n++) {
          store.collections();
        }
      }
      System.out.println("all is done");
    }
  }

  @Test
  void aServerThatIsPassedByForItsEncryptionIsToldInTheLogOnce() {
    String both = https(plain.grpcPort()) + "," + https(encrypted.grpcPort());
    JvmRun run = JvmRun.logging(Program.class, both, shown.certificate().toString());
    assertThat(run.code()).as(run.output()).isZero();
    assertThat(run.output().lines().filter(line -> line.contains("is passed by")))
        .singleElement()
        .asString()
        .contains("WARN", "127.0.0.1:" + plain.grpcPort(), "takes no encrypted connections");
  }
}
