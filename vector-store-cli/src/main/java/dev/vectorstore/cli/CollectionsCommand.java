package dev.vectorstore.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the collections of a store. */
@Command(
    name = "collections",
    mixinStandardHelpOptions = true,
    description = "Lists the collections of a store.")
final class CollectionsCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Program program;
  @Mixin private StoreOption options = new StoreOption();

  CollectionsCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    try (VectorStore store = options.open()) {
      ObjectNode root = JSON.createObjectNode();
      ArrayNode array = root.putArray("collections");
      for (String name : store.collections()) {
        CollectionInfo info = store.describe(name);
        if (options.json()) {
          write(array.addObject(), info);
        } else {
          program.out().println(line(info.spec()));
        }
      }
      if (options.json()) {
        program.out().println(root);
      }
      return Program.DONE;
    }
  }

  private static String line(CollectionSpec spec) {
    return spec.name()
        + "\t"
        + spec.metric()
            .map(metric -> spec.dimension().orElse(0) + " dimensions, " + metric)
            .orElse("no vectors");
  }

  private static void write(ObjectNode node, CollectionInfo info) {
    CollectionSpec spec = info.spec();
    node.put("name", spec.name());
    spec.dimension().ifPresent(dimension -> node.put("dimension", dimension));
    spec.metric().ifPresent(metric -> node.put("metric", metric.name()));
    ObjectNode fields = node.putObject("fields");
    spec.fields()
        .forEach((path, type) -> fields.put(String.join("/", path.segments()), type.name()));
    ArrayNode capabilities = node.putArray("capabilities");
    info.capabilities().forEach(capability -> capabilities.add(capability.name()));
  }
}
