package dev.vectorstore.cli;

import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.migration.Copy;
import dev.vectorstore.migration.CopyReport;
import dev.vectorstore.migration.Route;
import dev.vectorstore.migration.Verify;
import dev.vectorstore.migration.VerifyReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what the library does, on data that comes with the program. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Stores, searches, copies and verifies SQLite's documentation, in memory.")
final class DemoCommand implements Callable<Integer> {
  private static final String MEMORY = "memory:";

  private final Program program;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Where the report goes; ${DEFAULT-VALUE}.")
  private Path report = Path.of("vector-store-demo.html");

  @SuppressWarnings("UnusedVariable") // asked for by the program, by its name
  @Option(names = "--verbose", description = "Shows where an error comes from.")
  private boolean verbose;

  DemoCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    ReportFiles.requireWritable(spec, report);
    PrintWriter out = program.out();
    try (VectorStore first = VectorStores.open(MEMORY, StoreOptions.defaults());
        VectorStore second = VectorStores.open(MEMORY, StoreOptions.defaults())) {
      out.println("Storing pages of SQLite's documentation in the embedded engine, in memory ...");
      DemoStore store = DemoStore.load(first);
      out.printf(
          Locale.ROOT,
          "%,d pages and %,d code examples of %d sources are stored.%n",
          store.pages(),
          store.examples(),
          store.sources());
      DemoSearches searches = new DemoSearches(first, MiniLm.load(), out);
      searches.run();
      out.println();
      out.println("Copying everything to a second engine, and verifying it ...");
      Route route = Route.from(first, "the first engine").to(second, "the second engine");
      CopyReport copied = Copy.of(route).stopWhen(program.interruption()::requested).build().run();
      VerifyReport verified =
          Verify.of(route).stopWhen(program.interruption()::requested).build().run();
      ReportFiles.write(verified, report);
      end(store, searches, copied, verified);
      return verified.passed() && copied.rejected() == 0 ? Program.DONE : Program.BELOW_THE_BAR;
    }
  }

  private void end(
      DemoStore store, DemoSearches searches, CopyReport copied, VerifyReport verified) {
    PrintWriter out = program.out();
    verified.collections().forEach(out::println);
    out.println();
    out.printf(
        Locale.ROOT,
        "Found: %d hits for %d questions over %,d pages; %,d records copied, %,d rejected;"
            + " the verification %s.%n",
        searches.hits(),
        searches.questions(),
        store.pages(),
        copied.collections().stream().mapToLong(CopyReport.Collection::written).sum(),
        copied.rejected(),
        verified.passed() ? "passed" : "found differences");
    out.println("The report is in " + report.toAbsolutePath());
  }
}
