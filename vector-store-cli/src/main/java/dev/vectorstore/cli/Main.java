package dev.vectorstore.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;

/** The program {@code vector-store}. */
public final class Main {
  /** Held, since loggers are collected and forget their level. */
  private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

  private Main() {}

  /**
   * Runs a command and ends the process with its exit code: 0 done, 1 failed, 2 usage, 3 done with
   * rejects or parity below the bar.
   *
   * @param arguments the command and its options
   */
  public static void main(String[] arguments) {
    // Lucene says at every start that it could be faster with an incubating module.
    LUCENE.setLevel(Level.SEVERE);
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    Interruption interruption = Interruption.ofProcess();
    boolean terminal = CommandLine.Help.Ansi.AUTO.enabled();
    int code = Program.FAILED;
    try {
      code = new Program(out, err, terminal, interruption).run(arguments);
    } finally {
      interruption.finished();
    }
    System.exit(code);
  }
}
