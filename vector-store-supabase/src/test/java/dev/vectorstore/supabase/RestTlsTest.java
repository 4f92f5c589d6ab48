package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testkit.ProxyMode;
import dev.vectorstore.testkit.TcpProxy;
import dev.vectorstore.testservers.GatewayAnswer;
import dev.vectorstore.testservers.HttpGateway;
import dev.vectorstore.testservers.HttpReply;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.ScriptedHttpServer;
import dev.vectorstore.testservers.TestAuthority;
import dev.vectorstore.testservers.TestCertificate;
import dev.vectorstore.testservers.TestEngine;
import dev.vectorstore.testservers.TlsFront;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
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

/** A real PostgREST behind an end of TLS: what is wrong with it is said as such, once. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestTlsTest {
  private static final String HERE = "ip:127.0.0.1";
  private static final RetryPolicy QUICK =
      RetryPolicy.builder()
          .readDelays(Duration.ofMillis(1), Duration.ofMillis(2))
          .writeDelays(Duration.ofMillis(1), Duration.ofMillis(2))
          .build();

  @TempDir private static Path folder;

  private TestCertificate shown;
  private TestCertificate stranger;
  private TestAuthority authority;
  private ManagedServer server;

  @BeforeAll
  void start() {
    shown = TestCertificate.make(folder, "server", HERE);
    stranger = TestCertificate.make(folder, "stranger", HERE);
    authority = TestAuthority.make(folder);
    server = ManagedServer.start();
    try (VectorStore store = server.open(CallOptions.defaults())) {
      store.ensureCollection(CollectionSpec.builder("notes").vectors(2, Metric.COSINE).build());
    }
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private TlsFront front(TestCertificate certificate, Consumer<SSLParameters> settings) {
    return TlsFront.start(server.postgrest().port(), certificate, settings);
  }

  private Supabase.Builder at(String url, AtomicInteger attempts) {
    return Supabase.postgrest(url)
        .key(server::serviceKey)
        .callOptions(CallOptions.builder().retry(QUICK).build())
        .listener(call -> end -> attempts.addAndGet(end.attempts()));
  }

  private static HttpClient trusting(TestCertificate certificate) {
    return HttpClient.newBuilder().sslContext(certificate.ofClient()).build();
  }

  private static String https(int port) {
    return "https://127.0.0.1:" + port;
  }

  private static void write(VectorStore store) {
    store
        .collection("notes")
        .upsert(VectorRecord.of(RecordId.of(1), new float[] {1, 0}, Payload.empty()));
  }

  /** Of reads and of what writes, with one attempt each. */
  private static void assertToldOnce(
      Supabase.Builder builder,
      AtomicInteger attempts,
      Class<? extends VectorStoreException> type,
      String... said) {
    try (VectorStore store = builder.open()) {
      assertThatThrownBy(store::collections).isInstanceOf(type).hasMessageContainingAll(said);
      assertThatThrownBy(() -> store.drop("notes")).isInstanceOf(type);
      assertThatThrownBy(() -> write(store)).isInstanceOf(type).hasMessageContainingAll(said);
      assertThat(attempts).hasValue(3);
    }
  }

  private void assertToldOnce(TlsFront front, TestCertificate trusted, String... said) {
    AtomicInteger attempts = new AtomicInteger();
    assertToldOnce(
        at(https(front.port()), attempts).httpClient(trusting(trusted)),
        attempts,
        AccessDenied.class,
        said);
  }

  @Test
  void aCertificateThatIsTrustedServes() {
    AtomicInteger attempts = new AtomicInteger();
    try (TlsFront front = front(shown, tls -> {});
        VectorStore store = at(https(front.port()), attempts).httpClient(trusting(shown)).open()) {
      write(store);
      assertThat(store.collections()).containsExactly("notes");
    }
  }

  @Test
  void aCertificateThatIsNotTrustedIsToldOnceByTheCallersClientAndByOurs() {
    try (TlsFront front = front(shown, tls -> {})) {
      assertToldOnce(front, stranger, "isn't trusted", "signed by itself", "httpClient(...)");
      AtomicInteger attempts = new AtomicInteger();
      assertToldOnce(
          at(https(front.port()), attempts), attempts, AccessDenied.class, "isn't trusted");
    }
  }

  @Test
  void aHostNameThatDoesNotFitIsToldOnce() {
    try (TlsFront front = front(shown, tls -> {})) {
      AtomicInteger attempts = new AtomicInteger();
      String url = "https://localhost:" + front.port();
      assertToldOnce(
          at(url, attempts).httpClient(trusting(shown)),
          attempts,
          AccessDenied.class,
          url,
          "another host's name",
          "in the URL");
    }
  }

  @Test
  void datesOfACertificateThatDoNotFitAreToldOnce() {
    TestCertificate trusted = new TestCertificate(authority.certificate(), shown.key());
    try (TlsFront front = front(authority.expired("old", HERE), tls -> {})) {
      assertToldOnce(front, trusted, "has expired", "NotAfter");
    }
    try (TlsFront front = front(authority.notYetValid("soon", HERE), tls -> {})) {
      assertToldOnce(front, trusted, "isn't valid yet");
    }
  }

  @Test
  void noVersionOrCipherInCommonIsToldOnce() {
    Consumer<SSLParameters> cipher =
        tls -> {
          tls.setProtocols(new String[] {"TLSv1.2"});
          tls.setCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"});
        };
    try (TlsFront front = front(shown, cipher)) {
      assertToldOnce(front, shown, "agree on no way (handshake_failure)", "versions of TLS");
    }
    SSLParameters older = new SSLParameters();
    older.setProtocols(new String[] {"TLSv1.2"});
    HttpClient client =
        HttpClient.newBuilder().sslContext(shown.ofClient()).sslParameters(older).build();
    AtomicInteger attempts = new AtomicInteger();
    try (TlsFront front = front(shown, tls -> tls.setProtocols(new String[] {"TLSv1.3"}))) {
      assertToldOnce(
          at(https(front.port()), attempts).httpClient(client),
          attempts,
          AccessDenied.class,
          "agree on no way (protocol_version)");
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
      assertToldOnce(front, shown, "asks its clients for a certificate (bad_certificate)");
    }
  }

  /** PostgREST itself waits in silence for the end of what it takes for a request. */
  @Test
  void tlsToPostgrestItselfIsToldOnce() {
    HttpClient hasty =
        HttpClient.newBuilder()
            .sslContext(shown.ofClient())
            .connectTimeout(Duration.ofMillis(500))
            .build();
    AtomicInteger attempts = new AtomicInteger();
    assertLacksTls(at(https(server.postgrest().port()), attempts).httpClient(hasty), attempts);
  }

  @Test
  void tlsToAProxyOfPlainTextIsToldOnce() {
    AtomicInteger attempts = new AtomicInteger();
    try (HttpGateway proxy = HttpGateway.to(server.postgrest().port())) {
      proxy.answer(GatewayAnswer.http1(400), 10);
      assertLacksTls(at(https(proxy.port()), attempts), attempts);
    }
  }

  private static void assertLacksTls(Supabase.Builder builder, AtomicInteger attempts) {
    assertToldOnce(
        builder,
        attempts,
        UnsupportedFeature.class,
        "takes no encrypted connections",
        "write http:// in the URL",
        "allowPlainTextKey()");
  }

  /** A handshake that takes its time proves nothing. */
  @Test
  void aHandshakeThatIsSilentIsTriedAgain() {
    HttpClient hasty =
        HttpClient.newBuilder()
            .sslContext(shown.ofClient())
            .connectTimeout(Duration.ofMillis(200))
            .build();
    AtomicInteger attempts = new AtomicInteger();
    try (TlsFront front = front(shown, tls -> {});
        TcpProxy proxy = TcpProxy.to("127.0.0.1", front.port());
        VectorStore store = at(https(proxy.port()), attempts).httpClient(hasty).open()) {
      proxy.mode(ProxyMode.stall());
      assertThatThrownBy(store::collections).isInstanceOf(Unavailable.class);
      assertThat(attempts).hasValue(3);
    }
  }

  @Test
  void plainTextToAPortOfTlsIsToldOnce() {
    try (TlsFront front = front(shown, tls -> {})) {
      assertNeedsHttps(front.port());
    }
  }

  /** The TLS of another library than the JDK's: it sends another alert. */
  @Test
  @RequiresEngine(TestEngine.QDRANT)
  void plainTextToAPortOfAnotherLibrarysTlsIsToldOnce() {
    try (QdrantServer other =
        QdrantServer.builder().tls(shown.certificate(), shown.key()).start()) {
      assertNeedsHttps(other.httpPort());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>",
        "Client sent an HTTP request to an HTTPS server.\n",
        "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />"
      })
  void aPortOfTlsThatSaysSoInPlainTextIsToldOnce(String said) {
    HttpReply reply = HttpReply.of(400).header("Content-Type", "text/html").body(said);
    try (ScriptedHttpServer proxy = ScriptedHttpServer.start(reply)) {
      assertNeedsHttps(proxy.port());
    }
  }

  @Test
  void aProxyThatSendsPlainTextOnToHttpsIsToldOnceUnlessToAnotherHost() {
    HttpReply reply = HttpReply.of(308).header("Location", "https://127.0.0.1/rest");
    try (ScriptedHttpServer proxy = ScriptedHttpServer.start(reply)) {
      assertNeedsHttps(proxy.port());
    }
    try (ScriptedHttpServer proxy =
            ScriptedHttpServer.start(
                HttpReply.of(301).header("Location", "https://127.0.0.1.elsewhere.invalid/"));
        VectorStore store = at(proxy.url(), new AtomicInteger()).open()) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(MalformedResponse.class)
          .hasMessageNotContaining("https");
    }
  }

  private void assertNeedsHttps(int port) {
    AtomicInteger attempts = new AtomicInteger();
    assertToldOnce(
        at("http://127.0.0.1:" + port, attempts),
        attempts,
        UnsupportedFeature.class,
        "takes encrypted connections only",
        "write https:// in the URL");
  }

  /** It looks alike and is no fault of TLS: the next attempt can get through. */
  @ParameterizedTest
  @ValueSource(longs = {0, 3, 60, 900})
  void aConnectionThatIsCutInItsHandshakeIsTriedAgain(long bytes) {
    AtomicInteger attempts = new AtomicInteger();
    try (TlsFront front = front(shown, tls -> {});
        TcpProxy proxy = TcpProxy.to("127.0.0.1", front.port());
        VectorStore store = at(https(proxy.port()), attempts).httpClient(trusting(shown)).open()) {
      ProxyMode cut = ProxyMode.resetAfter(ProxyMode.Direction.TO_CLIENT, bytes);
      proxy.mode(cut);
      assertThatThrownBy(store::collections).isInstanceOf(Unavailable.class);
      assertThat(attempts).hasValue(3);
      assertThatThrownBy(() -> write(store))
          .isInstanceOfAny(Unavailable.class, OutcomeUnknown.class);
      proxy.mode(cut.times(1));
      write(store);
      assertThat(store.collections()).containsExactly("notes");
    }
  }
}
