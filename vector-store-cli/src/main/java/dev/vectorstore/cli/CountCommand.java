package dev.vectorstore.cli;

import dev.vectorstore.Filter;
import dev.vectorstore.VectorStore;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Counts the records of a collection. */
@Command(
    name = "count",
    mixinStandardHelpOptions = true,
    description = "Counts the records of a collection, exactly.")
final class CountCommand implements Callable<Integer> {
  private final Program program;
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private StoreOption options = new StoreOption();

  @Option(names = "--collection", required = true, paramLabel = "NAME")
  private String collection = "";

  @Option(names = "--filter", paramLabel = "JSON", description = "What the records contain.")
  private @Nullable String filter;

  CountCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    Filter which = Arguments.filter(spec, filter);
    try (VectorStore store = options.open()) {
      long count = store.collection(collection).count(which);
      program.out().println(options.json() ? "{\"count\":" + count + "}" : Long.toString(count));
      return Program.DONE;
    }
  }
}
