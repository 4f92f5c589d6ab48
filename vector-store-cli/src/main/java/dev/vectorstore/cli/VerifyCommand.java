package dev.vectorstore.cli;

import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.migration.Route;
import dev.vectorstore.migration.Verify;
import dev.vectorstore.migration.VerifyReport;
import dev.vectorstore.support.Ticker;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Proves that a target holds and answers what its source does. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Compares two stores: counts, payloads, vectors, and what searches answer.")
final class VerifyCommand implements Callable<Integer> {
  private final Program program;
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private PairOptions pair = new PairOptions();

  @Option(names = "--queries", paramLabel = "FILE.jsonl", description = "Searches to compare.")
  private @Nullable Path queries;

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "Searches taken from the records; ${DEFAULT-VALUE}.")
  private int sample = 200;

  @Option(names = "--k", paramLabel = "N", description = "Hits to compare; ${DEFAULT-VALUE}.")
  private int k = 10;

  @Option(names = "--min-overlap", paramLabel = "SHARE", description = "The bar; ${DEFAULT-VALUE}.")
  private double minOverlap = 0.99;

  @Option(names = "--report", paramLabel = "FILE.html", description = "Writes a page, and JSON.")
  private @Nullable Path report;

  VerifyCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    ReportFiles.requireWritable(spec, report);
    Console console = new Console(program, Ticker.SYSTEM);
    try (VectorStore from = pair.openFrom();
        VectorStore to = pair.openTo()) {
      VerifyReport found;
      try {
        found = verify(pair.route(from, to)).progress(console).build().run();
      } finally {
        console.end();
      }
      print(found);
      if (report != null) {
        ReportFiles.write(found, report);
        program.err().println("the report is in " + report);
      }
      if (found.stopped()) {
        program.err().println("stopped before the end");
        return Program.FAILED;
      }
      return found.passed() ? Program.DONE : Program.BELOW_THE_BAR;
    }
  }

  private Verify.Builder verify(Route route) {
    Verify.Builder verify = Verify.of(route);
    try {
      verify.sample(sample).k(k).minOverlap(minOverlap);
    } catch (InvalidRequest e) {
      throw Stores.usage(spec, e.getMessage());
    }
    return verify
        .queries(Arguments.queries(spec, queries))
        .stopWhen(program.interruption()::requested);
  }

  private void print(VerifyReport found) {
    if (pair.json()) {
      program.out().println(found.toJson());
      return;
    }
    for (VerifyReport.Collection collection : found.collections()) {
      program.out().println(collection);
      causes("target", collection.causes());
      causes("source", collection.sourceCauses());
      collection
          .unreadColumns()
          .forEach(column -> program.out().println("  " + CollectionText.unmovable(column)));
    }
    if (!found.queriesNotAsked().isEmpty()) {
      program
          .out()
          .println(
              "no collection could be asked these queries: "
                  + String.join(", ", found.queriesNotAsked()));
    }
    found.leftOut().forEach(name -> program.out().println(CollectionText.leftOut(name)));
    program.out().println(found.passed() ? "passed" : "below the bar");
  }

  private void causes(String side, Map<String, Long> causes) {
    causes.forEach(
        (cause, count) -> program.out().println("  " + side + ": " + count + " x " + cause));
  }
}
