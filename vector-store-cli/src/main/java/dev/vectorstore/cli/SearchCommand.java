package dev.vectorstore.cli;

import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Metric;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStores;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Searches by vector, by text, or by both. */
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description = "Searches a collection by vector, by text, or by both.")
final class SearchCommand implements Callable<Integer> {
  private final Program program;
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private StoreOption options = new StoreOption();

  @Option(names = "--collection", required = true, paramLabel = "NAME")
  private String collection = "";

  @Option(names = "--vector", paramLabel = "FILE", description = "The query's vector (JSON array).")
  private @Nullable Path vector;

  @Option(names = "--like", paramLabel = "ID", description = "Takes the vector of this record.")
  private @Nullable String like;

  @Option(names = "--text", paramLabel = "QUERY", description = "Terms that the text has.")
  private @Nullable String text;

  @Option(names = "--filter", paramLabel = "JSON", description = "What the records contain.")
  private @Nullable String filter;

  @Option(names = "--limit", paramLabel = "N", description = "The most hits; ${DEFAULT-VALUE}.")
  private int limit = 10;

  @Option(names = "--exact", description = "Asks for the true order.")
  private boolean exact;

  SearchCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    if (vector == null && like == null && text == null) {
      throw Stores.usage(spec, "name what to search for: --vector, --like or --text");
    }
    if (vector != null && like != null) {
      throw Stores.usage(spec, "--vector and --like are two vectors; name one");
    }
    if (limit < 1 || limit > SearchRequest.MAX_LIMIT) {
      throw Stores.usage(spec, "--limit isn't in 1 to 10,000");
    }
    Filter which = Arguments.filter(spec, filter);
    Embedding given = vector == null ? null : Arguments.vector(spec, vector);
    RecordId id = like == null ? null : Arguments.id(spec, like);
    try (VectorStore store = options.open()) {
      VectorCollection records = store.collection(collection);
      Embedding query = id == null ? given : vectorOf(records, id);
      List<SearchHit> hits = records.search(request(records, query, which));
      if (options.json()) {
        program.out().println(Hits.json(hits));
      } else {
        Hits.print(hits, program.out());
      }
      return Program.DONE;
    }
  }

  private static Embedding vectorOf(VectorCollection records, RecordId id) {
    VectorRecord record =
        records
            .fetch(id)
            .orElseThrow(
                () ->
                    new InvalidRequest(
                        "there is no record "
                            + id
                            + " in "
                            + VectorStores.shownName(records.name())));
    return record
        .vector()
        .orElseThrow(
            () -> new InvalidRequest("the record " + id + " has no vector; name another one"));
  }

  private SearchRequest request(VectorCollection records, @Nullable Embedding query, Filter which) {
    SearchRequest request;
    if (query == null) {
      request = SearchRequest.text(text == null ? "" : text);
    } else if (text == null) {
      request = SearchRequest.nearest(query);
    } else {
      boolean cosine = records.describe().spec().metric().map(Metric.COSINE::equals).orElse(false);
      request = SearchRequest.hybrid(query, text, cosine ? Fusion.boosted() : Fusion.rrf());
    }
    SearchRequest filtered = request.filter(which).limit(limit);
    return exact ? filtered.exact() : filtered;
  }
}
