package dev.vectorstore.testservers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A program that ran in a JVM of its own, with the classes of this one: what must be set before a
 * JVM starts, such as its heap and its logging, is tested so.
 *
 * @param code its exit code
 * @param output what it wrote, standard error included
 */
public record JvmRun(int code, String output) {
  /**
   * Runs a program to its end.
   *
   * @param options of the JVM, such as {@code -Xmx64m}
   * @param classPath which entries of this JVM's class path it has
   * @param program whose {@code main} is run
   * @param arguments of the program
   */
  public static JvmRun of(
      List<String> options, Predicate<String> classPath, Class<?> program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(classPath)
            .collect(Collectors.joining(File.pathSeparator)));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    try {
      Process running = new ProcessBuilder(command).redirectErrorStream(true).start();
      byte[] output = running.getInputStream().readAllBytes();
      return new JvmRun(running.waitFor(), new String(output, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("the program can't be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a program ran", e);
    }
  }

  /** With all classes of this JVM. */
  public static JvmRun of(List<String> options, Class<?> program, String... arguments) {
    return of(options, entry -> true, program, arguments);
  }

  /** With every message of every logger, by SLF4J's simple logger, on the output. */
  public static JvmRun logging(Class<?> program, String... arguments) {
    return of(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=trace"), program, arguments);
  }

  /**
   * With every message of every logger, by the JDK's own logging, which is what libraries use where
   * SLF4J leads nowhere.
   *
   * @param settings a file that is written for it
   */
  public static JvmRun loggingByJdk(Path settings, Class<?> program, String... arguments) {
    String all =
        """
        handlers=java.util.logging.ConsoleHandler
        .level=ALL
        java.util.logging.ConsoleHandler.level=ALL
        """;
    try {
      Files.writeString(settings, all);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write " + settings, e);
    }
    return of(
        List.of("-Djava.util.logging.config.file=" + settings),
        entry -> !entry.contains("slf4j-simple"),
        program,
        arguments);
  }
}
