package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.testservers.JvmRun;
import dev.vectorstore.testservers.PostgresDatabase;
import dev.vectorstore.testservers.PostgresServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Keys and passwords are in no log, however much is logged. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyLogsTest {
  private static final String PASSWORD = "the-password-that-nobody-may-read";
  private static final String WRONG = "another-that-nobody-may-read";

  @TempDir private static Path folder;

  private ManagedServer rest;
  private PostgresServer postgres;
  private String url;

  @BeforeAll
  void start() {
    rest = ManagedServer.start();
    postgres = PostgresServer.startWithPasswords();
    PostgresDatabase database = postgres.createDatabase("logs");
    database.sql(
        "create role reader login password '"
            + PASSWORD
            + "'; create table pages (id int primary key, embedding vector(3));"
            + " grant select on pages to reader");
    url = database.url("reader");
  }

  @AfterAll
  void stop() {
    postgres.close();
    rest.close();
  }

  /** What is run, with all logs on. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      try (VectorStore store = Supabase.postgrest(arguments[0]).key(() -> arguments[1]).open()) {
        store
            .ensureCollection(CollectionSpec.builder("notes").vectors(2, Metric.COSINE).build())
            .scan(ScanRequest.all());
      }
      try (VectorStore store = Postgres.at(arguments[2]).password(() -> PASSWORD).open()) {
        store.collection("pages").count();
      }
      try (VectorStore store = Postgres.at(arguments[2]).password(() -> WRONG).open()) {
        store.collection("pages").count();
      } catch (AccessDenied wrong) {
        System.out.println("all is done");
      }
    }
  }

  private String[] arguments() {
    return new String[] {rest.address(), rest.serviceKey(), url};
  }

  @Test
  void aKeyReachesNoLoggerOfSlf4jAtAnyLevel() {
    assertHides(JvmRun.logging(Program.class, arguments()));
  }

  @Test
  void aKeyReachesNoLoggerOfTheJdkAtAnyLevel() {
    JvmRun run =
        JvmRun.loggingByJdk(folder.resolve("logging.properties"), Program.class, arguments());
    assertThat(run.output()).contains("FINE", "org.postgresql");
    assertHides(run);
  }

  private void assertHides(JvmRun run) {
    assertThat(run.code()).as(run.output()).isZero();
    assertThat(run.output()).contains("all is done");
    String signature = rest.serviceKey().substring(rest.serviceKey().lastIndexOf('.'));
    assertThat(run.output()).doesNotContain(PASSWORD, WRONG, signature);
  }
}
