package dev.vectorstore.cli;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Metric;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
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
    description = "Searches a collection by vector, by text (by relevance), or by both.")
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

  @Option(
      names = "--text",
      paramLabel = "QUERY",
      description = {
        "Words to search for: records that have any of them, by relevance (needs a field that is"
            + " declared as TEXT). With --vector or --like, a search by both, whose rankings are"
            + " fused: boosted (what both find comes first, its similarity times 1.2) where the"
            + " vectors are compared by cosine, else by reciprocal ranks (RRF)."
      })
  private @Nullable String text;

  @Option(
      names = "--using",
      paramLabel = "NAME",
      description = "The vector to search by, where the collection has several.")
  private @Nullable String using;

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
    if (using != null && vector == null && like == null) {
      throw Stores.usage(spec, "--using names a vector; add --vector or --like");
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
      if (query == null) {
        Unranked.refuse(store, records);
      }
      SearchRequest request = request(records, query, which);
      List<SearchHit> hits = records.search(request);
      if (options.json()) {
        program.out().println(Hits.json(hits));
      } else {
        request
            .fusion()
            .ifPresent(fusion -> program.out().println("by vector and text; " + said(fusion)));
        Hits.print(hits, program.out());
      }
      return Program.DONE;
    }
  }

  /** By which fusion two rankings became one. */
  private static String said(Fusion fusion) {
    return fusion.equals(Fusion.boosted())
        ? "fused by boosted similarity (cosine)"
        : "fused by reciprocal ranks (RRF)";
  }

  private Embedding vectorOf(VectorCollection records, RecordId id) {
    CollectionSpec described = records.describe().spec();
    String name = using == null ? VectorSpec.PLAIN : using;
    described.vector(name); // refuses a name that isn't there, and a missing one
    String wanted = described.vectors().containsKey(name) ? name : described.defaultVector().get();
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
        .vector(wanted)
        .orElseThrow(
            () ->
                new InvalidRequest(
                    "the record "
                        + id
                        + " has no vector"
                        + (wanted.equals(VectorSpec.PLAIN) ? "" : " " + wanted)
                        + "; name another one"));
  }

  private SearchRequest request(VectorCollection records, @Nullable Embedding query, Filter which) {
    SearchRequest request;
    if (query == null) {
      request = SearchRequest.text(text == null ? "" : text);
    } else if (text == null) {
      request = SearchRequest.nearest(query);
    } else {
      String name = using == null ? VectorSpec.PLAIN : using;
      boolean cosine = records.describe().spec().vector(name).metric() == Metric.COSINE;
      request = SearchRequest.hybrid(query, text, cosine ? Fusion.boosted() : Fusion.rrf());
    }
    SearchRequest named = using == null ? request : request.using(using);
    SearchRequest filtered = named.filter(which).limit(limit);
    return exact ? filtered.exact() : filtered;
  }
}
