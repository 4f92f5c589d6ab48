package dev.vectorstore.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of the program.
 *
 * @param code its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record Run(int code, String out, String err) {
  /** Runs the program in this JVM. */
  static Run of(String... arguments) {
    return of(new Interruption(), arguments);
  }

  static Run of(Interruption interruption, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Program program = new Program(new PrintWriter(out), new PrintWriter(err), false, interruption);
    int code = program.run(arguments);
    return new Run(code, out.toString(), err.toString());
  }

  /** Starts the program in a JVM of its own. */
  static Process start(String heap, Path output, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    File file = output.toFile();
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file).start();
    } catch (IOException e) {
      throw new UncheckedIOException("the program can't be started", e);
    }
  }
}
