package dev.vectorstore.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.VectorStores;
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
        list(store, name, array);
      }
      if (options.json()) {
        program.out().println(root);
      }
      return Program.DONE;
    }
  }

  /** A table that can't be used, say for want of a key, doesn't hide the others. */
  private void list(VectorStore store, String name, ArrayNode array) {
    try {
      CollectionInfo info = store.describe(name);
      if (options.json()) {
        write(array.addObject(), info);
      } else {
        program.out().println(line(name, info));
      }
    } catch (UnsupportedFeature | MalformedResponse unusable) {
      if (options.json()) {
        array.addObject().put("name", name).put("problem", unusable.getMessage());
      } else {
        program.out().println(VectorStores.shownName(name) + "\t" + unusable.getMessage());
      }
    }
  }

  private static String line(String name, CollectionInfo info) {
    String unread = CollectionText.unread(info.unreadColumns());
    return VectorStores.shownName(name)
        + "\t"
        + CollectionText.vectors(info.spec())
        + (unread.isEmpty() ? "" : "; " + unread);
  }

  private static void write(ObjectNode node, CollectionInfo info) {
    CollectionSpec spec = info.spec();
    node.put("name", spec.name());
    spec.dimension().ifPresent(dimension -> node.put("dimension", dimension));
    spec.metric().ifPresent(metric -> node.put("metric", metric.name()));
    if (!spec.vectors().keySet().stream().allMatch(String::isEmpty)) {
      ObjectNode vectors = node.putObject("vectors");
      spec.vectors()
          .forEach(
              (name, vector) ->
                  vectors
                      .putObject(name)
                      .put("dimension", vector.dimension())
                      .put("metric", vector.metric().name()));
    }
    ObjectNode fields = node.putObject("fields");
    spec.fields()
        .forEach((path, type) -> fields.put(String.join("/", path.segments()), type.name()));
    if (!info.unreadColumns().isEmpty()) {
      ArrayNode unread = node.putArray("unread_columns");
      info.unreadColumns().forEach(column -> unread.add(column.toString()));
    }
    ArrayNode capabilities = node.putArray("capabilities");
    info.capabilities().forEach(capability -> capabilities.add(capability.name()));
  }
}
