package dev.vectorstore.testservers;

import dev.vectorstore.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One server program: started in a folder of its own, its output in a file there, killed with all
 * of its children, and never outliving this JVM.
 */
final class ServerProcess implements ServerRun {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path folder;
  private final Path log;
  private @Nullable Process process;
  private @Nullable Process guard;

  ServerProcess(String name, List<String> command, Map<String, String> environment, Path folder) {
    this.name = name;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.folder = folder;
    this.log = folder.resolve("server.log");
  }

  @Override
  public synchronized void start(BooleanSupplier ready) {
    Process started = launch();
    process = started;
    guard = guard(started.pid());
    boolean answered =
        Await.until(START_LIMIT, () -> !started.isAlive() || ready.getAsBoolean())
            && started.isAlive();
    if (!answered) {
      String what = started.isAlive() ? "didn't answer within " + START_LIMIT : exit(started);
      kill9();
      throw new IllegalStateException(name + " " + what + ". Its log ends with:\n" + tail());
    }
  }

  @Override
  public synchronized void kill9() {
    Process running = process;
    if (running == null) {
      return;
    }
    if (running.isAlive()) {
      signal("STOP"); // so that it can't start another child, nor see the present ones die
    }
    List<ProcessHandle> children = running.descendants().toList();
    running.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    Await.until(
        STOP_LIMIT,
        () -> !running.isAlive() && children.stream().noneMatch(ServerProcess::isRunning));
    forget();
  }

  /** By force, when it doesn't end soon. */
  @Override
  public synchronized void stop(String signal) {
    Process running = process;
    if (running != null && running.isAlive()) {
      signal(signal);
      Await.until(STOP_LIMIT, () -> !running.isAlive());
    }
    kill9();
  }

  @Override
  public synchronized void signal(String signal) {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException(name + " doesn't run; restart it first");
    }
    try {
      new ProcessBuilder("sh", "-c", "kill -" + signal + " " + running.pid())
          .redirectErrorStream(true)
          .start()
          .waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't signal " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String output() {
    try {
      return Files.exists(log) ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("Can't read the log of " + name, e);
    }
  }

  private Process launch() {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    try {
      Process started = builder.start();
      started.getOutputStream().close();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("Can't start " + name + " as " + command.get(0), e);
    }
  }

  /** A shell that waits for the end of this JVM, however that comes, and then kills the server. */
  private static @Nullable Process guard(long pid) {
    try {
      return new ProcessBuilder("sh", "-c", "read -r nothing; kill -9 " + pid)
          .redirectErrorStream(true)
          .start();
    } catch (IOException e) {
      return null; // without it a server may outlive a crashed JVM; nothing else changes
    }
  }

  private void forget() {
    if (guard != null) {
      guard.destroyForcibly();
    }
    guard = null;
    process = null;
  }

  /** A killed process stays in the table as a zombie until its parent looks; it doesn't run. */
  private static boolean isRunning(ProcessHandle handle) {
    return handle.isAlive() && !isZombie(handle);
  }

  /**
   * Its program is gone from the table earlier, while the kernel still frees its memory; a Postgres
   * that shares it can't start again before that has ended.
   */
  private static boolean isZombie(ProcessHandle handle) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"));
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException noSuchTable) {
      return handle.info().command().isEmpty();
    }
  }

  private static String exit(Process ended) {
    return "ended with exit code " + ended.exitValue() + " before it answered";
  }
}
