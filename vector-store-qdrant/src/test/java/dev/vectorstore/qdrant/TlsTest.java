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
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestCertificate;
import dev.vectorstore.testservers.TestEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted connections to a real server, with certificates that the JDK's keytool made. */
@RequiresEngine(TestEngine.QDRANT)
class TlsTest {
  @TempDir private static Path folder;
  private static QdrantServer server;

  @BeforeAll
  static void start() {
    TestCertificate shown = TestCertificate.make(folder, "server", "ip:127.0.0.1");
    server = QdrantServer.builder().apiKey("secret").tls(shown.certificate(), shown.key()).start();
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

  /** Finding H6: the name is checked in the handshake too, before a request is sent. */
  @Test
  void aCertificateOfAnotherNameIsNotTrusted() {
    try (VectorStore store = store("https://localhost:", "server.pem")) {
      assertThatThrownBy(() -> store.drop("notes")).isInstanceOf(AccessDenied.class);
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
}
