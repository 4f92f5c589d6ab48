package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
  @TempDir private Path folder;

  @Test
  void aProgramThatEndsEarlyIsReportedWithTheTailOfItsLog() {
    ServerProcess process = shell("echo the disk is gone; exit 7");

    assertThatThrownBy(() -> process.start(() -> false))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("exit code 7")
        .hasMessageContaining("the disk is gone");
  }

  @Test
  void aProgramThatDoesNotExistIsNamed() {
    ServerProcess process =
        new ServerProcess("Nothing", List.of("/no/such/program"), Map.of(), folder);

    assertThatThrownBy(() -> process.start(() -> true))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("/no/such/program");
  }

  @Test
  void killsTheChildrenToo() {
    ServerProcess process = shell("sleep 600 & echo child $!; wait");
    process.start(() -> process.output().contains("child"));
    long child = Long.parseLong(process.output().strip().substring("child ".length()));

    process.kill9();

    boolean gone =
        Await.until(
            Duration.ofSeconds(10),
            () -> ProcessHandle.of(child).flatMap(p -> p.info().command()).isEmpty());
    assertThat(gone).isTrue();
  }

  @Test
  void killingTwiceIsFineAndSignallingADeadServerIsNot() {
    ServerProcess process = shell("echo up; sleep 600");
    process.start(() -> process.output().contains("up"));

    process.kill9();
    process.kill9();

    assertThatThrownBy(() -> process.signal("USR1")).isInstanceOf(IllegalStateException.class);
  }

  private ServerProcess shell(String script) {
    return new ServerProcess("A shell", List.of("sh", "-c", script), Map.of(), folder);
  }
}
