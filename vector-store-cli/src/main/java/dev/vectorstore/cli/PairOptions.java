package dev.vectorstore.cli;

import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.migration.Route;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of commands with a source and a target. */
final class PairOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(names = "--from", required = true, paramLabel = "URL", description = "The source.")
  private String from = "";

  @Option(names = "--to", required = true, paramLabel = "URL", description = "The target.")
  private String to = "";

  @Option(names = "--from-key-file", paramLabel = "FILE", description = "The source's key.")
  private @Nullable Path fromKeyFile;

  @Option(names = "--to-key-file", paramLabel = "FILE", description = "The target's key.")
  private @Nullable Path toKeyFile;

  @Option(
      names = "--collection",
      paramLabel = "NAME[=TARGET]",
      description = {
        "A collection, perhaps with another name in the target; all unless given.",
        "In a name, = is written \\=."
      })
  private List<String> collections = List.of();

  @Option(names = "--mapping", paramLabel = "FILE", description = "What changes on the way (JSON).")
  private @Nullable Path mapping;

  @Option(names = "--flat-metadata", description = "Puts the keys of metadata beside the columns.")
  private boolean flatMetadata;

  @Option(names = "--json", description = "Prints the result as one line of JSON.")
  private boolean json;

  @SuppressWarnings("UnusedVariable") // asked for by the program, by its name
  @Option(names = "--verbose", description = "Shows where an error comes from.")
  private boolean verbose;

  VectorStore openFrom() {
    return Stores.openPatiently(command, from, fromKeyFile);
  }

  VectorStore openTo() {
    return Stores.openPatiently(command, to, toKeyFile);
  }

  /** The route that these options describe, between the stores that they name. */
  Route route(VectorStore source, VectorStore target) {
    Route route =
        Route.from(source, from)
            .to(target, to)
            .mappings(Arguments.mappings(command, mapping))
            .flatMetadata(flatMetadata);
    for (String collection : collections) {
      route = with(route, collection);
    }
    return route;
  }

  private Route with(Route route, String collection) {
    int equals = separator(collection);
    try {
      return equals < 0
          ? route.collection(unescaped(collection))
          : route.collection(
              unescaped(collection.substring(0, equals)),
              unescaped(collection.substring(equals + 1)));
    } catch (InvalidRequest e) {
      throw Stores.usage(command, "--collection: " + e.getMessage());
    }
  }

  /** The last = that isn't escaped: the name of a target that is made has none. */
  private static int separator(String given) {
    int equals = given.lastIndexOf('=');
    while (equals > 0 && given.charAt(equals - 1) == '\\') {
      equals = given.lastIndexOf('=', equals - 1);
    }
    return equals;
  }

  private static String unescaped(String name) {
    return name.replace("\\=", "=");
  }

  boolean json() {
    return json;
  }
}
