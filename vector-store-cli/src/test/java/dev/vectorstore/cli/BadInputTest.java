package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the program says where nothing but itself is needed. */
class BadInputTest {
  @TempDir private Path folder;

  static Stream<Arguments> usage() {
    return Stream.of(
        of("chroma:http://h:1", "chroma"),
        of("nonsense", "starts with its engine"),
        of("embedded:./folder", "not in this version"),
        of("postgresql://h:5432/db", "names no user"),
        of("postgresql://user:s3cret@h:5432/db", "key or password"),
        of("postgresql://user@h:5432/db?nonsense=1", "sslmode"),
        of("qdrant:http://user:s3cret@h:6334", "key or password"),
        of("qdrant:http://h:6334?api_key=s3cret", "key or password"),
        of("supabase:https://p.supabase.co?apikey=s3cret", "key or password"),
        of("qdrant:", "http://host:port"),
        of("memory:x", "memory:"));
  }

  private static Arguments of(String url, String said) {
    return Arguments.of(url, said);
  }

  @ParameterizedTest
  @MethodSource("usage")
  void aUrlThatCannotBeOpenedIsUsage(String url, String said) {
    for (Run run :
        new Run[] {
          Run.of("count", "--store", url, "--collection", "pages"),
          Run.of("copy", "--from", url, "--to", "memory:"),
          Run.of("verify", "--from", "memory:", "--to", url)
        }) {
      assertThat(run.code()).as(run.err()).isEqualTo(2);
      assertOneLine(run);
      assertThat(run.err()).contains(said).doesNotContain("s3cret");
      assertThat(run.out()).isEmpty();
    }
  }

  private static void assertOneLine(Run run) {
    assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
    assertThat(run.err()).startsWith("vector-store: ").doesNotContain("\tat ");
  }

  static Stream<Arguments> commands() {
    return Stream.of(
        Arguments.of("", "name a command"),
        Arguments.of("export --store memory: --collection x", "not in this version"),
        Arguments.of("import --store memory: --collection x --in f", "not in this version"),
        Arguments.of("supabase", "sql"),
        Arguments.of("supabase adopt --store memory: --table t", "Supabase store"),
        Arguments.of("supabase adopt --store memory: --table=", "--table"),
        Arguments.of("copy --from memory: --to memory: --collection a=", "name is empty"),
        Arguments.of("copy --from memory: --to memory: --collection =a", "name is empty"),
        Arguments.of("copy --from memory: --to memory: --catch-up", "not in this version"),
        Arguments.of("copy --from memory: --to memory: --workers 2", "not in this version"),
        Arguments.of("copy --to memory:", "--from"),
        Arguments.of("copy --from memory: --to memory: --page 5000", "1 to 1,000"),
        Arguments.of("copy --from memory: --to memory: --in-flight 0", "1 to 64"),
        Arguments.of("copy --from memory: --to memory: --rate 0", "rows a second"),
        Arguments.of("copy --from memory: --to memory: --profile huge", "profile"),
        Arguments.of("copy --from memory: --to memory: --replay nowhere.jsonl", "can't be read"),
        Arguments.of("copy --from memory: --to memory: --mapping nowhere.json", "can't be read"),
        Arguments.of("copy --from memory: --to memory: --from-key-file nowhere", "can't be read"),
        Arguments.of(
            "copy --from memory: --to memory: --replay pom.xml --dry-run", "--dry-run checks"),
        Arguments.of(
            "copy --from memory: --to memory: --collection a --collection a=b", "names a twice"),
        Arguments.of(
            "verify --from memory: --to memory: --report nowhere/report.html", "nowhere/report"),
        Arguments.of("demo --report nowhere/report.html", "nowhere/report"),
        Arguments.of("verify --from memory: --to memory: --min-overlap 2", "0 to 1"),
        Arguments.of("verify --from memory: --to memory: --queries nowhere", "can't be read"),
        Arguments.of("search --store memory: --collection x", "--vector, --like or --text"),
        Arguments.of("search --store memory: --collection x --text a --limit 0", "1 to 10,000"),
        Arguments.of("search --store memory: --collection x --vector nowhere", "can't be read"),
        Arguments.of("search --store memory: --collection x --like 1 --vector v", "name one"),
        Arguments.of("count --store memory: --collection x --filter {", "--filter"),
        Arguments.of("count --store memory: --collection x --filter [1]", "JSON object"),
        Arguments.of("frobnicate", "there is no command frobnicate"),
        Arguments.of("serach --store memory:", "no command serach; did you mean search?"),
        Arguments.of("colections", "no command colections; did you mean collections?"),
        Arguments.of("supabase adpot", "no command adpot; did you mean adopt?"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandThatCannotBeMeantIsUsage(String line, String said) {
    Run run = Run.of(line.isEmpty() ? new String[0] : line.split(" "));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertOneLine(run);
    assertThat(run.err()).contains(said);
  }

  @Test
  void vectorsThatAreNoneAreUsage() throws IOException {
    Path file = folder.resolve("vector.json");
    for (String content : new String[] {"", "{}", "[]", "[1, \"x\"]", "[1, NaN]", "[1,"}) {
      Files.writeString(file, content);
      Run run =
          Run.of("search", "--store", "memory:", "--collection", "x", "--vector", file.toString());
      assertThat(run.code()).as(content).isEqualTo(2);
      assertOneLine(run);
      assertThat(run.err()).contains("vector.json");
    }
  }

  @Test
  void aKeyBehindAnOptionThatIsNotThereIsNotRepeated() {
    for (String key : List.of("--key s3cret", "--api-key=s3cret")) {
      Run run = Run.of(("count --store memory: --collection x " + key).split(" "));
      assertThat(run.code()).isEqualTo(2);
      assertOneLine(run);
      assertThat(run.err()).contains("key file").doesNotContain("s3cret");
    }
  }

  @Test
  void aHostThatIsNotThereIsToldInOneLineWithoutAStackTrace() throws Exception {
    Path output = folder.resolve("output");
    Process process =
        Run.start("64m", output, "collections", "--store", "qdrant:http://no-host.invalid:6334");
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(Files.readAllLines(output))
        .noneMatch(line -> line.contains("\tat ") || line.contains("StatusRuntimeException"))
        .last()
        .asString()
        .startsWith("vector-store: ")
        .contains("no-host.invalid");
  }

  @Test
  void anEmptyKeyFileIsUsage() throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "\n");
    Run run = Run.of("collections", "--store", "memory:", "--key-file", file.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("is empty");
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of("count --store memory: --collection pages", "pages"),
        Arguments.of("search --store memory: --collection pages --like 7", "pages"),
        Arguments.of("copy --from memory: --to memory:", "no collections"),
        Arguments.of("copy --from memory: --to memory: --collection pages", "pages"),
        Arguments.of("verify --from memory: --to memory: --collection pages", "pages"),
        Arguments.of("collections --store qdrant:http://127.0.0.1:1", "check host and port"),
        Arguments.of("collections --store postgrest:http://127.0.0.1:1", "127.0.0.1:1"),
        Arguments.of("collections --store postgresql://user@127.0.0.1:1/db", "127.0.0.1:1"),
        Arguments.of("collections --store postgrest:http://no-host.invalid:1", "no-host.invalid"),
        Arguments.of(
            "collections --store postgresql://user@no-host.invalid/db", "no-host.invalid"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatFailsSaysSoInOneLine(String line, String said) {
    Run run = Run.of(line.split(" "));
    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertOneLine(run);
    assertThat(run.err()).contains(said);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void verboseShowsWhereAnErrorComesFrom() {
    Run run = Run.of("count", "--store", "memory:", "--collection", "pages", "--verbose");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("\tat dev.vectorstore");
  }

  @Test
  void helpNamesTheCommandsThatAreThere() {
    Run run = Run.of("--help");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("demo", "copy", "verify", "search", "collections", "count")
        .doesNotContain("export", "import");
  }
}
