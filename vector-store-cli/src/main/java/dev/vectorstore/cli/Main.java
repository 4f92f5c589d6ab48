package dev.vectorstore.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;

/** The program {@code vector-store}. */
public final class Main {
  /**
   * Lucene says at every start that it could be faster with an incubating module, and gRPC prints a
   * stack trace for a host that it can't find, which the command then tells in one line. Held,
   * since loggers are collected and forget their level.
   */
  private static final List<Logger> LIBRARIES =
      List.of(Logger.getLogger("org.apache.lucene"), Logger.getLogger("io.grpc"));

  private Main() {}

  /**
   * Runs a command and ends the process with its exit code: 0 done, 1 failed, 2 usage, 3 done with
   * rejects or parity below the bar.
   *
   * @param arguments the command and its options
   */
  public static void main(String[] arguments) {
    LIBRARIES.forEach(logger -> logger.setLevel(Level.SEVERE));
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    Interruption interruption = Interruption.ofProcess();
    boolean terminal = CommandLine.Help.Ansi.AUTO.enabled();
    int code = Program.FAILED;
    try {
      code = new Program(out, err, terminal, interruption).run(arguments);
    } catch (OutOfMemoryError e) {
      err.println("vector-store: out of memory; give it more, as in JAVA_OPTS=-Xmx1g");
    } finally {
      interruption.finished();
    }
    System.exit(code);
  }
}
