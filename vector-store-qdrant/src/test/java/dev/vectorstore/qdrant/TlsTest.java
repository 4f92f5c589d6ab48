package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted connections to a real server, with certificates that the JDK's keytool made. */
@RequiresEngine(TestEngine.QDRANT)
class TlsTest {
  private static final String PASSWORD = "password";

  @TempDir private static Path folder;
  private static QdrantServer server;

  @BeforeAll
  static void start() throws Exception {
    pem("server", "san=ip:127.0.0.1");
    pem("stranger", "san=ip:127.0.0.1");
    server =
        QdrantServer.builder()
            .apiKey("secret")
            .tls(folder.resolve("server.pem"), folder.resolve("server.key"))
            .start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aKeyGoesOverAConnectionThatIsTrusted() {
    try (VectorStore store = store("https://127.0.0.1:", "server.pem")) {
      VectorCollection notes = store.ensureCollection(CollectionSpec.builder("notes").build());
      notes.upsert(VectorRecord.of(RecordId.of(1), Payload.empty()));
      assertThat(notes.count(Filter.all())).isEqualTo(1);
    }
  }

  /** A failed handshake sent nothing: a write is Unavailable, not in doubt. */
  @Test
  void anotherCertificateIsNotTrusted() {
    try (VectorStore store = store("https://127.0.0.1:", "stranger.pem")) {
      assertThatThrownBy(() -> store.drop("notes")).isInstanceOf(Unavailable.class);
    }
  }

  /** Finding H6: the name is checked in the handshake too, before a request is sent. */
  @Test
  void aCertificateOfAnotherNameIsNotTrusted() {
    try (VectorStore store = store("https://localhost:", "server.pem")) {
      assertThatThrownBy(() -> store.drop("notes")).isInstanceOf(Unavailable.class);
    }
  }

  @Test
  void aFileThatIsNoCertificateLeavesNoThreads() throws Exception {
    Path file = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");
    Set<Thread> before = threads();
    Qdrant.Builder builder = Qdrant.at("https://127.0.0.1:6334");
    for (Path unreadable : new Path[] {file, folder.resolve("missing.pem")}) {
      assertThatThrownBy(() -> builder.trust(unreadable).open())
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining(unreadable.toString());
    }
    assertThat(threads()).isSubsetOf(before);
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("vector-store-qdrant"))
        .collect(Collectors.toSet());
  }

  private static VectorStore store(String address, String trusted) {
    return Qdrant.at(address + server.grpcPort())
        .trust(folder.resolve(trusted))
        .key(() -> "secret")
        .callOptions(CallOptions.builder().retry(Bench.ONCE).build())
        .open();
  }

  /** A certificate that signs itself, and its key. */
  private static void pem(String name, String extension) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "RSA",
                "-dname",
                "CN=" + name,
                "-ext",
                extension,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    Certificate certificate = keys.getCertificate(name);
    Key key = keys.getKey(name, PASSWORD.toCharArray());
    write(name + ".pem", "CERTIFICATE", certificate.getEncoded());
    write(name + ".key", "PRIVATE KEY", key.getEncoded());
  }

  private static void write(String file, String type, byte[] der) throws Exception {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        folder.resolve(file),
        "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
  }
}
