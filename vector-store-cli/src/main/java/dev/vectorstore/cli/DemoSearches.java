package dev.vectorstore.cli;

import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorStore;
import java.io.PrintWriter;
import java.util.List;

/** Questions that are embedded while somebody looks on. Not safe for threads. */
final class DemoSearches {
  private static final int LIMIT = 3;

  private final VectorStore store;
  private final MiniLm model;
  private final PrintWriter out;
  private int questions;
  private int hits;

  DemoSearches(VectorStore store, MiniLm model, PrintWriter out) {
    this.store = store;
    this.model = model;
    this.out = out;
  }

  void run() {
    String meaning = "How do I undo changes that I made since a point in a transaction?";
    ask("By meaning", meaning, DemoStore.PAGES, SearchRequest.nearest(model.embed(meaning)));
    String filtered = "How do I see the tables of a database?";
    ask(
        "By meaning, among the pages on tools",
        filtered,
        DemoStore.PAGES,
        SearchRequest.nearest(model.embed(filtered))
            .filter(Filter.field("source_id").eq("sqlite.org/tools")));
    String words = "partial index WHERE clause";
    ask("By words, the most relevant first", words, DemoStore.PAGES, SearchRequest.text(words));
    String both = "upsert conflict";
    ask(
        "By meaning and words",
        both,
        DemoStore.PAGES,
        SearchRequest.hybrid(model.embed(both), both, Fusion.boosted()));
    String code = "insert a row or update it if the key exists";
    ask("Code", code, DemoStore.EXAMPLES, SearchRequest.nearest(model.embed(code)));
  }

  private void ask(String how, String question, String collection, SearchRequest request) {
    List<SearchHit> found = store.collection(collection).search(request.limit(LIMIT));
    out.println();
    out.println(how + ": \"" + question + "\"");
    Hits.print(found, out);
    questions++;
    hits += found.size();
  }

  int questions() {
    return questions;
  }

  int hits() {
    return hits;
  }
}
