package dev.vectorstore.cli;

import dev.vectorstore.BatchProfile;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStores;
import dev.vectorstore.migration.Copy;
import dev.vectorstore.migration.CopyPlan;
import dev.vectorstore.migration.CopyReport;
import dev.vectorstore.migration.Route;
import dev.vectorstore.support.Ticker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Copies one store to another. */
@Command(
    name = "copy",
    mixinStandardHelpOptions = true,
    description = "Copies collections from one store to another; run it again to go on.")
final class CopyCommand implements Callable<Integer> {
  /** The names of batch profiles on the command line. */
  enum Profile {
    AUTO(BatchProfile.AUTO),
    SMALL(BatchProfile.SMALL_DOCS),
    MEDIUM(BatchProfile.MEDIUM_DOCS),
    LARGE(BatchProfile.LARGE_DOCS),
    CODE(BatchProfile.CODE_EXAMPLES);

    private final BatchProfile profile;

    Profile(BatchProfile profile) {
      this.profile = profile;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Program program;
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private PairOptions pair = new PairOptions();

  @Option(names = "--page", paramLabel = "ROWS", description = "Rows a page; ${DEFAULT-VALUE}.")
  private int page = 1000;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "Writes at once; ${DEFAULT-VALUE}.")
  private int inFlight = 4;

  @Option(names = "--profile", description = "Sizes batches: ${COMPLETION-CANDIDATES}.")
  private Profile profile = Profile.AUTO;

  @Option(names = "--rate", paramLabel = "ROWS_PER_S", description = "Bounds the speed.")
  private @Nullable Double rate;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Holds checkpoints and rejects; ${DEFAULT-VALUE}.")
  private Path state = Path.of(".vector-store");

  @Option(names = "--rejects", paramLabel = "FILE", description = "Takes what can't be moved.")
  private @Nullable Path rejects;

  @Option(names = "--replay", paramLabel = "FILE", description = "Copies this file's records only.")
  private @Nullable Path replay;

  @Option(
      names = "--reject-inexact-numbers",
      description = "Rejects rows with a number that would be kept as text.")
  private boolean rejectInexactNumbers;

  @Option(names = "--dry-run", description = "Checks every row and writes nothing.")
  private boolean dryRun;

  @Option(names = "--catch-up", hidden = true)
  private boolean catchUp;

  @Option(names = "--workers", hidden = true)
  private @Nullable Integer workers;

  CopyCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    if (catchUp || workers != null) {
      throw Stores.usage(spec, (catchUp ? "--catch-up" : "--workers") + " is not in this version");
    }
    if (replay != null && !Files.isReadable(replay)) {
      throw Stores.usage(spec, replay + " can't be read");
    }
    if (replay != null && dryRun) {
      throw Stores.usage(
          spec, "--dry-run checks the rows of the source and not of a --replay file");
    }
    Console console = new Console(program, Ticker.SYSTEM);
    try (VectorStore from = pair.openFrom();
        VectorStore to = pair.openTo()) {
      Copy copy = copy(pair.route(from, to)).progress(console).build();
      try {
        return dryRun ? plan(copy, console) : copy(copy, console);
      } finally {
        console.end();
      }
    }
  }

  private Copy.Builder copy(Route route) {
    Copy.Builder copy = Copy.of(route);
    try {
      copy.pageSize(page).inFlight(inFlight).profile(profile.profile);
      if (rate != null) {
        copy.rate(rate);
      }
    } catch (InvalidRequest e) {
      throw Stores.usage(spec, e.getMessage());
    }
    if (rejects != null) {
      copy.rejects(rejects);
    }
    return copy.stateDirectory(state)
        .rejectInexactNumbers(rejectInexactNumbers)
        .stopWhen(program.interruption()::requested);
  }

  private int plan(Copy copy, Console console) {
    CopyPlan plan = copy.plan();
    console.end();
    if (pair.json()) {
      program.out().println(plan.toJson());
    } else {
      plan.collections().forEach(this::print);
      plan.leftOut().forEach(name -> program.out().println(CollectionText.leftOut(name)));
      program.out().println("nothing was written");
    }
    return plan.clean() ? Program.DONE : Program.BELOW_THE_BAR;
  }

  private void print(CopyPlan.Collection collection) {
    program
        .out()
        .printf(
            Locale.ROOT,
            "%s: %,d rows to %s, which %s; %d can't be moved, %d without a vector%n",
            VectorStores.shownName(collection.name()),
            collection.rows(),
            CollectionText.whole(collection.target()),
            collection.targetExists() ? "is there" : "would be made",
            collection.rejected(),
            collection.withoutVector());
    collection.problems().forEach(problem -> program.out().println("  " + problem));
  }

  private int copy(Copy copy, Console console) {
    CopyReport report = run(copy, console);
    console.end();
    if (!pair.json()) {
      report.collections().forEach(this::print);
    }
    report.collections().forEach(this::warn);
    report.leftOut().forEach(name -> program.err().println(CollectionText.leftOut(name)));
    report.rejects().ifPresent(file -> program.err().println("what can't be moved is in " + file));
    if (pair.json()) {
      program.out().println(report.toJson());
    }
    if (report.stopped()) {
      program.err().println("stopped; run the same command again to go on");
      return Program.FAILED;
    }
    return report.clean() ? Program.DONE : Program.BELOW_THE_BAR;
  }

  /** What the counts of a finished copy don't show. */
  private void warn(CopyReport.Collection collection) {
    String name = VectorStores.shownName(collection.name()) + ": ";
    collection
        .unreadColumns()
        .forEach(column -> program.err().println(name + CollectionText.unmovable(column)));
    long rows = collection.sourceRows().orElse(collection.read());
    if (rows != collection.read()) {
      program
          .err()
          .printf(
              Locale.ROOT,
              "%sthe source has %,d rows by now, and %,d were read; rows came or went meanwhile:"
                  + " copy once more, and verify%n",
              name,
              rows,
              collection.read());
    }
  }

  private CopyReport run(Copy copy, Console console) {
    try {
      return replay == null ? copy.run() : copy.replay(replay);
    } catch (VectorStoreException e) {
      console.end();
      if (e.isRetryable() && console.sawRows()) {
        program.err().println("what was acknowledged is kept; run the same command again to go on");
      }
      throw e;
    }
  }

  private void print(CopyReport.Collection collection) {
    program
        .out()
        .printf(
            Locale.ROOT,
            "%s: %,d read, %,d written to %s, %,d rejected, %,d without a vector, in %.1f s%n",
            VectorStores.shownName(collection.name()),
            collection.read(),
            collection.written(),
            VectorStores.shownName(collection.target()),
            collection.rejected(),
            collection.withoutVector(),
            collection.seconds());
    if (collection.numbersAsText() > 0) {
      program
          .out()
          .println(
              "  "
                  + collection.numbersAsText()
                  + " numbers are kept as text, such as "
                  + collection.listedNumbers().stream().findFirst().orElse("some"));
    }
  }
}
