package dev.vectorstore.testservers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.Container.ExecResult;

/** Postgres' own client, on this machine or beside the server in its container. */
@FunctionalInterface
interface Psql {
  /** Runs it to its end. */
  Result run(List<String> arguments, Input input);

  /** The one on the PATH. */
  static Psql ofThePath() {
    return Psql::runHere;
  }

  /** The one in this container. */
  static Psql in(ServerContainer container) {
    return (arguments, input) -> runIn(container, arguments, input);
  }

  /** What psql reads. */
  @FunctionalInterface
  interface Input {
    void writeTo(Writer writer) throws IOException;
  }

  /** How it ended, and what it printed. */
  record Result(int exitCode, List<String> lines, String errors) {}

  private static Result runHere(List<String> arguments, Input input) {
    Path folder = TempFolder.create("psql");
    try {
      Path output = folder.resolve("output");
      Path errors = folder.resolve("errors");
      ProcessBuilder builder = new ProcessBuilder(Programs.require("psql").toString());
      builder.command().addAll(arguments);
      builder.environment().put("PGCLIENTENCODING", "UTF8");
      builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
      int exit = feed(builder.start(), input);
      return new Result(exit, Files.readAllLines(output), Files.readString(errors));
    } catch (IOException e) {
      throw new UncheckedIOException("Can't run psql", e);
    } finally {
      TempFolder.delete(folder);
    }
  }

  /** All of the input is written before psql reads it, so that it never sees an early end. */
  private static Result runIn(ServerContainer container, List<String> arguments, Input input) {
    Path folder = TempFolder.create("psql");
    try {
      Path file = folder.resolve("input");
      try (Writer writer = Files.newBufferedWriter(file)) {
        input.writeTo(writer);
      }
      List<String> command = new ArrayList<>(List.of("env", "PGCLIENTENCODING=UTF8", "psql"));
      command.addAll(arguments);
      ExecResult result = container.run(file, command);
      return new Result(
          result.getExitCode(), result.getStdout().lines().toList(), result.getStderr());
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write what psql shall read", e);
    } finally {
      TempFolder.delete(folder);
    }
  }

  private static int feed(Process psql, Input input) throws IOException {
    boolean fed = false;
    try {
      Writer writer =
          new BufferedWriter(new OutputStreamWriter(psql.getOutputStream(), UTF_8), 1 << 16);
      fed = write(writer, input);
      return psql.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while psql ran", e);
    } finally {
      if (!fed) {
        psql.destroyForcibly(); // an end of input would commit the rows that came before
      }
    }
  }

  private static boolean write(Writer writer, Input input) {
    try {
      input.writeTo(writer);
      writer.close();
    } catch (IOException e) {
      return true; // psql ended early, and its exit code and its errors say why
    }
    return true;
  }
}
