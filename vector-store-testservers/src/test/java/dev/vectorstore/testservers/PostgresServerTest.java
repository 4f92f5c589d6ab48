package dev.vectorstore.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.testkit.FreePort;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@RequiresEngine(TestEngine.SUPABASE)
class PostgresServerTest {
  private final PostgresDatabase database =
      PostgresServer.shared().createDatabase("db_" + Long.toHexString(System.nanoTime()));

  @Test
  void runsSqlWithPgvector() {
    assertThat(database.sql("select '[1,2]'::vector <=> '[2,4]', 'a b', null"))
        .containsExactly("0|a b|");
  }

  @Test
  void aFailingScriptSaysWhy() {
    assertThatThrownBy(() -> database.sql("create table t (a int); select * from nowhere"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void loadsEveryValueAsItIs() {
    database.sql("create table t (id int, text text, meta jsonb, v vector(2))");
    String odd = "tab\t, line\nfeed\r, back\\slash \\N, quote\" ', emoji \uD83D\uDE80";

    database.load(
        "t",
        List.of("id", "text", "meta", "v"),
        Stream.of(
            Arrays.asList(1, odd, "{\"k\": 9007199254740993}", new float[] {1.5e-7f, -2f}),
            Arrays.asList(2, null, null, null)));

    assertThat(database.sql("select count(*) from t where text is null and v is null"))
        .containsExactly("1");
    assertThat(database.sql("select meta ->> 'k', v from t where id = 1"))
        .containsExactly("9007199254740993|[1.5e-07,-2]");
    assertThat(database.sql("select text = :'odd' from t where id = 1", Map.of("odd", odd)))
        .containsExactly("t");
  }

  @Test
  void rowsThatBreakOffLoadNothing() {
    database.sql("create table t (id int)");
    Stream<List<Integer>> rows =
        Stream.of(1, 2, 3)
            .map(
                id -> {
                  if (id == 3) {
                    throw new IllegalArgumentException("no third row");
                  }
                  return List.of(id);
                });

    assertThatThrownBy(() -> database.load("t", List.of("id"), rows))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(database.sql("select count(*) from t")).containsExactly("0");
  }

  @Test
  void aRefusedRowLoadsNothingAndSaysWhy() {
    database.sql("create table t (v vector(2))");
    Stream<List<float[]>> rows = Stream.of(List.of(new float[] {1, 2}), List.of(new float[] {1}));

    assertThatThrownBy(() -> database.load("t", List.of("v"), rows))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected 2 dimensions");

    assertThat(database.sql("select count(*) from t")).containsExactly("0");
  }

  @Test
  void whatWasCommittedSurvivesKill9OnTheSamePort() {
    try (PostgresServer server = PostgresServer.start()) {
      PostgresDatabase own = server.createDatabase("own");
      own.sql("create table t (id int); insert into t values (42)");

      server.kill9();
      assertThatThrownBy(() -> own.sql("select 1")).isInstanceOf(IllegalStateException.class);
      server.restart();

      assertThat(own.sql("select id from t")).containsExactly("42");
      assertThat(server.log()).contains("ready to accept connections");
    }
  }

  @Test
  void closeDeletesTheFolder() {
    PostgresServer server = PostgresServer.start();
    assertThat(Files.exists(server.folder())).isTrue();

    server.close();

    assertThat(Files.exists(server.folder())).isFalse();
    assertThat(FreePort.answers(server.port())).isFalse();
  }
}
