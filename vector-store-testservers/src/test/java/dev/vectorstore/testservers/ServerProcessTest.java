package dev.vectorstore.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.testkit.Await;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    boolean gone = Await.until(Duration.ofSeconds(10), () -> !runs(child));
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

  @Test
  void aServerDoesNotOutliveAJvmThatIsKilled() throws Exception {
    Path pidFile = folder.resolve("pid");
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StartsAServer.class.getName(),
                folder.toString(),
                pidFile.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("jvm.log").toFile())
            .start();
    assertThat(Await.until(Duration.ofSeconds(30), () -> Files.exists(pidFile))).isTrue();
    long server = Long.parseLong(Files.readString(pidFile));
    assertThat(runs(server)).isTrue();

    jvm.destroyForcibly();

    assertThat(Await.until(Duration.ofSeconds(10), () -> !runs(server))).isTrue();
  }

  /** What the killed JVM does. */
  static final class StartsAServer {
    public static void main(String[] arguments) throws Exception {
      ServerProcess process = sleeper(Path.of(arguments[0]));
      process.start(() -> process.output().contains("pid"));
      Path draft = Path.of(arguments[1] + ".draft");
      Files.writeString(draft, process.output().strip().substring("pid ".length()));
      Files.move(draft, Path.of(arguments[1]), StandardCopyOption.ATOMIC_MOVE);
      Thread.sleep(Duration.ofMinutes(10).toMillis());
    }
  }

  private static ServerProcess sleeper(Path folder) {
    return new ServerProcess(
        "A shell", List.of("sh", "-c", "echo pid $$; exec sleep 600"), Map.of(), folder);
  }

  private static boolean runs(long pid) {
    return ProcessHandle.of(pid).flatMap(p -> p.info().command()).isPresent();
  }

  private ServerProcess shell(String script) {
    return new ServerProcess("A shell", List.of("sh", "-c", script), Map.of(), folder);
  }
}
