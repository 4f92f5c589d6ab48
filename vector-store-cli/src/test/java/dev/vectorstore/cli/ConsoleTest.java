package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.migration.Copy;
import dev.vectorstore.migration.Route;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private final StringWriter written = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();

  /** A copy of 640 rows in ten pages, a tick apart. */
  private Console copied(boolean terminal, long tickNanos) {
    PrintWriter err = new PrintWriter(written);
    Program program = new Program(err, err, terminal, new Interruption());
    Console console = new Console(program, () -> nanos.addAndGet(tickNanos));
    try (VectorStore from = VectorStores.open("memory:");
        VectorStore to = VectorStores.open("memory:")) {
      from.ensureCollection(CollectionSpec.builder("pages").build())
          .upsert(
              IntStream.range(0, 640)
                  .mapToObj(i -> VectorRecord.of(RecordId.of(i), Payload.empty()))
                  .toList());
      Copy.of(Route.from(from, "a").to(to, "b")).pageSize(64).progress(console).build().run();
    }
    console.end();
    return console;
  }

  @Test
  void elsewhereThanOnATerminalThereAreFewPlainLines() {
    assertThat(copied(false, 0).sawRows()).isTrue();
    assertThat(written.toString().lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).startsWith("copying pages: "))
        .last()
        .asString()
        .contains("640 of 640 rows", "a second");
    assertThat(written.toString()).doesNotContain("\r", "#");
  }

  @Test
  void aSlowCopyTellsMore() {
    copied(false, 6_000_000_000L);
    assertThat(written.toString().lines().count()).isEqualTo(11);
  }

  @Test
  void onATerminalABarIsDrawnOver() {
    copied(true, 200_000_000L);
    assertThat(written.toString())
        .contains("\r[........................]", "\r[########################]")
        .endsWith(System.lineSeparator());
    assertThat(written.toString().split("\n", -1)).hasSize(2);
  }
}
