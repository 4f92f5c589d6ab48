package dev.vectorstore.cli;

import dev.vectorstore.VectorStore;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of commands on one store. */
final class StoreOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(names = "--store", required = true, paramLabel = "URL", description = "The store.")
  private String store = "";

  @Option(names = "--key-file", paramLabel = "FILE", description = "The store's key.")
  private @Nullable Path keyFile;

  @Option(names = "--json", description = "Prints the result as one line of JSON.")
  private boolean json;

  @SuppressWarnings("UnusedVariable") // asked for by the program, by its name
  @Option(names = "--verbose", description = "Shows where an error comes from.")
  private boolean verbose;

  VectorStore open() {
    return Stores.open(command, store, keyFile);
  }

  boolean json() {
    return json;
  }
}
