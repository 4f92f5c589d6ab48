package dev.vectorstore.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStores;
import dev.vectorstore.supabase.SupabaseTables;
import dev.vectorstore.supabase.TableAdoption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes an existing table a collection. */
@Command(
    name = "adopt",
    mixinStandardHelpOptions = true,
    description = {
      "Makes an existing table a collection that is written too. No row is moved.",
      "The server needs our SQL first: vector-store supabase sql"
    })
final class AdoptCommand implements Callable<Integer> {
  private static final Duration TERMS = Duration.ofDays(1);
  private static final String USUAL_SCHEMA = "public";

  private final Program program;
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private StoreOption options = new StoreOption();

  @Option(
      names = "--table",
      required = true,
      paramLabel = "NAME",
      description = "The table; of another schema than public with that before it: rag.docs.")
  private String table = "";

  @Option(
      names = "--schema",
      paramLabel = "NAME",
      description = "The table's schema, as it is; then --table is the table's own name.")
  private @Nullable String schema;

  @Option(
      names = "--metric",
      description =
          "How its vectors are compared: ${COMPLETION-CANDIDATES}; as the index on them is for"
              + " unless given, and COSINE without one.")
  private @Nullable Metric metric;

  @Option(
      names = "--collection",
      paramLabel = "NAME",
      description = "What the collection is called; as the table unless given.")
  private @Nullable String collection;

  @Option(names = "--vector-column", paramLabel = "C", description = "Its vectors.")
  private @Nullable String vectorColumn;

  @Option(names = "--content-column", paramLabel = "C", description = "Its text.")
  private @Nullable String contentColumn;

  @Option(names = "--metadata-column", paramLabel = "C", description = "Its JSON.")
  private @Nullable String metadataColumn;

  @Option(
      names = "--ranked",
      paramLabel = "KEY",
      description =
          "The payload's key of a text to search by relevance, which becomes TEXT; repeatable. Without"
              + " it, content and summary have TERMS, for filters.")
  private List<String> ranked = List.of();

  @Option(
      names = "--terms",
      description =
          "Makes the terms of its texts, without which they aren't searched; can be cut off and goes"
              + " on.")
  private boolean terms;

  AdoptCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    TableAdoption adoption = adoption();
    String name = name();
    try (VectorStore store = options.open()) {
      SupabaseTables tables = tables(store);
      List<String> notes = tables.adopt(adoption);
      notes.forEach(note -> program.err().println("vector-store: " + note));
      if (terms) {
        tables.makeTerms(name, TERMS);
      }
      long count = store.collection(name).count();
      if (options.json()) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("name", name).put("count", count);
        notes.forEach(root.putArray("notes")::add);
        program.out().println(root);
      } else {
        program.out().println(VectorStores.shownName(name) + "\tadopted, " + count + " rows");
      }
      return Program.DONE;
    }
  }

  /** Under which name the collection is found. */
  private String name() {
    if (collection != null) {
      return collection;
    }
    return schema == null || schema.equals(USUAL_SCHEMA) ? table : schema + "." + table;
  }

  private TableAdoption adoption() {
    try {
      TableAdoption.Builder adoption = TableAdoption.of(table);
      if (schema != null) {
        adoption.schema(schema);
      }
      if (metric != null) {
        adoption.metric(metric);
      }
      if (collection != null) {
        adoption.collection(collection);
      }
      if (vectorColumn != null) {
        adoption.vectorColumn(vectorColumn);
      }
      if (contentColumn != null) {
        adoption.contentColumn(contentColumn);
      }
      if (metadataColumn != null) {
        adoption.metadataColumn(metadataColumn);
      }
      ranked.forEach(adoption::ranked);
      return adoption.build();
    } catch (VectorStoreException.InvalidRequest e) {
      throw Stores.usage(spec, "--table, --collection: " + e.getMessage());
    }
  }

  private SupabaseTables tables(VectorStore store) {
    try {
      return store.unwrap(SupabaseTables.class);
    } catch (VectorStoreException.UnsupportedFeature other) {
      throw Stores.usage(
          spec, "--store isn't a Supabase store; it is supabase:, postgrest: or postgresql:");
    }
  }
}
