package dev.vectorstore.cli;

import dev.vectorstore.VectorStoreException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;
import picocli.CommandLine;

/** One run of the program: where it writes, and how it ends. */
final class Program {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  /** Done, but with rejects or with parity below the bar. */
  static final int BELOW_THE_BAR = 3;

  private final PrintWriter help;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;
  private final Interruption interruption;

  Program(PrintWriter out, PrintWriter err, boolean terminal, Interruption interruption) {
    this.help = out;
    this.out = new PrintWriter(new PrintableWriter(out), true);
    this.err = new PrintWriter(new PrintableWriter(err), true);
    this.terminal = terminal;
    this.interruption = interruption;
  }

  /** Runs a command; gives back its exit code. */
  int run(String... arguments) {
    return new CommandLine(new RootCommand())
        .addSubcommand(new DemoCommand(this))
        .addSubcommand(new CopyCommand(this))
        .addSubcommand(new VerifyCommand(this))
        .addSubcommand(new SearchCommand(this))
        .addSubcommand(new CollectionsCommand(this))
        .addSubcommand(new CountCommand(this))
        .addSubcommand("export", new UnbuiltCommand())
        .addSubcommand("import", new UnbuiltCommand())
        .addSubcommand(
            new CommandLine(new SupabaseCommand(this)).addSubcommand(new AdoptCommand(this)))
        .setOut(help)
        .setErr(err)
        .setExpandAtFiles(false) // the name of a collection may begin with @
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((error, given) -> usage(error))
        .setExecutionExceptionHandler((error, command, parsed) -> failed(error, parsed))
        .execute(arguments);
  }

  private int usage(CommandLine.ParameterException error) {
    String command = error.getCommandLine().getCommandSpec().qualifiedName();
    err.println(line(error) + " (see: " + command + " --help)");
    return USAGE;
  }

  /** Of options that aren't there only the names: what follows may be a key. */
  private static String message(Exception error) {
    if (error instanceof CommandLine.UnmatchedArgumentException unmatched) {
      if (isCommand(unmatched)) {
        return noCommand(unmatched);
      }
      List<String> options =
          unmatched.getUnmatched().stream()
              .filter(argument -> argument.startsWith("-"))
              .map(argument -> argument.split("=", 2)[0])
              .toList();
      if (!options.isEmpty()) {
        return "there is no option "
            + String.join(", ", options)
            + "; keys come from the environment or a key file";
      }
    }
    return String.valueOf(error.getMessage());
  }

  private static boolean isCommand(CommandLine.UnmatchedArgumentException unmatched) {
    return !unmatched.getCommandLine().getSubcommands().isEmpty()
        && !unmatched.getUnmatched().get(0).startsWith("-");
  }

  private static String noCommand(CommandLine.UnmatchedArgumentException unmatched) {
    List<String> nearest =
        unmatched.getSuggestions().stream().filter(name -> !name.startsWith("-")).toList();
    return "there is no command "
        + unmatched.getUnmatched().get(0)
        + (nearest.isEmpty()
            ? "; the commands are "
                + String.join(", ", unmatched.getCommandLine().getSubcommands().keySet())
            : "; did you mean " + nearest.get(0) + "?");
  }

  private int failed(Exception error, CommandLine.ParseResult parsed) {
    err.println(line(error));
    if (verbose(parsed)) {
      error.printStackTrace(err);
    }
    return FAILED;
  }

  private static boolean verbose(CommandLine.ParseResult parsed) {
    CommandLine.ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return Boolean.getBoolean("vectorstore.debug") || last.hasMatchedOption("--verbose");
  }

  /** One line that says what to do; an error of an unexpected kind says at least its kind. */
  private static String line(Exception error) {
    boolean told =
        error instanceof VectorStoreException
            || error instanceof UncheckedIOException
            || error instanceof CommandLine.ParameterException;
    String message = message(error);
    if (error instanceof UncheckedIOException && error.getCause() != null) {
      message += ": " + reason(error.getCause());
    }
    String text = told ? message : error.getClass().getSimpleName() + ": " + message;
    return "vector-store: " + text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }

  /** Of some errors of files the message is the file alone, and the type says the rest. */
  private static String reason(Throwable cause) {
    return cause instanceof FileSystemException file && file.getReason() == null
        ? cause.getClass().getSimpleName().replace("Exception", "")
        : String.valueOf(cause.getMessage());
  }

  /** Where results go. */
  PrintWriter out() {
    return out;
  }

  /** Where all else goes. */
  PrintWriter err() {
    return err;
  }

  /** Whether somebody looks on. */
  boolean terminal() {
    return terminal;
  }

  /** Whether the command shall end. */
  Interruption interruption() {
    return interruption;
  }
}
