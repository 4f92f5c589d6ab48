package dev.vectorstore.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.GenericContainer;

/** What the containers are made of; none is started. */
class ContainerPlansTest {
  private static final Path ROOT = Path.of(System.getProperty("project.root"));

  @TempDir private Path folder;

  @Test
  void qdrantListensOnItsPortsOfThisMachineAndKeepsItsDataInTheContainer() {
    QdrantServer.Builder builder = QdrantServer.builder().apiKey("a key").setting("A", "b");
    QdrantServer server = new QdrantServer(builder, folder, ServerSource.CONTAINER);

    ContainerPlan plan = server.containerPlan(builder);

    assertThat(plan.image()).isEqualTo(QdrantServer.IMAGE);
    assertThat(plan.environment())
        .containsEntry("QDRANT__SERVICE__HOST", "127.0.0.1")
        .containsEntry("QDRANT__SERVICE__GRPC_PORT", Integer.toString(server.grpcPort()))
        .containsEntry("QDRANT__SERVICE__HTTP_PORT", Integer.toString(server.httpPort()))
        .containsEntry("QDRANT__SERVICE__API_KEY", "a key")
        .containsEntry("QDRANT__STORAGE__STORAGE_PATH", "/qdrant/storage")
        .containsEntry("A", "b");
    assertThat(plan.command()).as("that of the image").isEmpty();
    assertThat(plan.shared()).isEmpty();
    assertThat(server.dataFolder()).isEmpty();
  }

  @Test
  void qdrantSeesCertificatesAndTheDiskOfItsCallerAtTheirPlaces() {
    Path certificate = folder.resolve("server.pem");
    Path key = folder.resolve("server.key");
    Path disk = folder.resolve("disk");
    QdrantServer.Builder builder =
        QdrantServer.builder()
            .tls(certificate, key)
            .storageIn(disk)
            .arguments("--uri", "http://127.0.0.1:1");

    ContainerPlan plan =
        new QdrantServer(builder, folder, ServerSource.CONTAINER).containerPlan(builder);

    assertThat(plan.shared()).containsExactly(certificate, key, disk);
    assertThat(plan.environment())
        .containsEntry("QDRANT__TLS__CERT", certificate.toString())
        .containsEntry("QDRANT__STORAGE__STORAGE_PATH", disk.resolve("storage").toString());
    assertThat(plan.command()).containsExactly("./qdrant", "--uri", "http://127.0.0.1:1");
  }

  @Test
  void postgresTrustsLocalConnectionsAndListensOnItsPort() {
    PostgresServer server = new PostgresServer(ServerSource.CONTAINER, folder, false);

    ContainerPlan plan = server.containerPlan();

    assertThat(plan.image()).isEqualTo(PostgresServer.IMAGE);
    assertThat(plan.environment())
        .containsEntry("POSTGRES_HOST_AUTH_METHOD", "trust")
        .hasEntrySatisfying(
            "POSTGRES_INITDB_ARGS",
            initdb -> assertThat(initdb).contains("--encoding=UTF8", "--locale=C.UTF-8"));
    assertThat(plan.command())
        .startsWith("postgres", "-p", Integer.toString(server.port()))
        .containsSequence("-c", "listen_addresses=127.0.0.1")
        .doesNotContain("unix_socket_directories=");
    assertThat(plan.shared()).isEmpty();
  }

  @Test
  void postgresWithPasswordsSeesTheRulesOfWhoMayLogIn() {
    ContainerPlan plan = new PostgresServer(ServerSource.CONTAINER, folder, true).containerPlan();

    Path rules = folder.resolve("pg_hba.conf");
    assertThat(plan.shared()).containsExactly(rules);
    assertThat(plan.command()).containsSequence("-c", "hba_file=" + rules);
  }

  @Test
  void postgrestIsToldAllByItsEnvironment() {
    PostgrestServer.Builder builder =
        PostgrestServer.builder("postgresql://authenticator@127.0.0.1:1/db").maxRows(1_000);
    PostgrestServer server = new PostgrestServer(builder, folder, ServerSource.CONTAINER);

    ContainerPlan plan = server.containerPlan(builder);

    assertThat(plan.image()).isEqualTo(PostgrestServer.IMAGE);
    assertThat(plan.environment())
        .containsEntry("PGRST_DB_URI", "postgresql://authenticator@127.0.0.1:1/db")
        .containsEntry("PGRST_DB_SCHEMAS", "public")
        .containsEntry("PGRST_DB_ANON_ROLE", "anon")
        .containsEntry("PGRST_SERVER_PORT", Integer.toString(server.port()))
        .containsEntry("PGRST_DB_MAX_ROWS", "1000")
        .containsKeys("PGRST_JWT_SECRET", "PGRST_ADMIN_SERVER_PORT");
    assertThat(plan.command()).as("that of the image").isEmpty();
  }

  @Test
  void aContainerSharesTheNetworkOfThisMachineAndWaitsForNoPortOfItsOwn() {
    ContainerPlan plan =
        new ContainerPlan(
            "A server",
            QdrantServer.IMAGE,
            Map.of("A", "b"),
            List.of("./qdrant", "--uri", "u"),
            List.of(folder));

    try (GenericContainer<?> container = ServerContainer.container(plan)) {
      assertThat(container.getNetworkMode()).isEqualTo("host");
      assertThat(container.getEnvMap()).containsEntry("A", "b");
      assertThat(container.getCommandParts()).containsExactly("./qdrant", "--uri", "u");
      assertThat(ServerContainer.binds(plan))
          .singleElement()
          .satisfies(bind -> assertThat(bind.getPath()).isEqualTo(folder.toString()))
          .satisfies(bind -> assertThat(bind.getVolume().getPath()).isEqualTo(folder.toString()));
      assertThat(container.getExposedPorts()).isEmpty();
      assertThat(container.getShmSize()).isEqualTo(1L << 30);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {QdrantServer.IMAGE, PostgresServer.IMAGE, PostgrestServer.IMAGE})
  void anImageIsPinnedAndNamesNoRegistry(String image) {
    assertThat(image).matches("[a-z]+/[a-z]+:v?\\d+\\.\\d+\\.\\d+[-a-z0-9]*");
  }

  @Test
  void theImagesHaveTheVersionsThatTheInstalledProgramsHave() throws IOException {
    String installer = Files.readString(ROOT.resolve("tools/install-engines"));
    String postgrest = PostgrestServer.IMAGE.substring(PostgrestServer.IMAGE.indexOf(":v") + 2);
    assertThat(installer).contains("POSTGREST_VERSION=" + postgrest + "-");
    assertThat(installer).contains("PGVECTOR_MINIMUM=0.8");
    assertThat(PostgresServer.IMAGE).contains(":0.8.");
    String page = Files.readString(ROOT.resolve("docs/engines/qdrant.md"));
    String qdrant = QdrantServer.IMAGE.substring(QdrantServer.IMAGE.indexOf(":v") + 2);
    assertThat(page).contains(qdrant.substring(0, qdrant.lastIndexOf('.')));
  }
}
