import dev.vectorstore.*;
import dev.vectorstore.supabase.Postgres;

/** Searches a table that somebody made by plain SQL; see notes.sql. */
class PlainPostgres {
  public static void main(String[] args) {
    String url = args.length > 0 ? args[0] : "postgresql://postgres@127.0.0.1:5432/postgres";
    try (VectorStore store = Postgres.at(url).password(() -> System.getenv("PGPASSWORD")).open()) {
      VectorCollection notes = store.collection("notes");
      System.out.println(notes.count() + " notes");
      Filter green = Filter.field("metadata", "color").eq("green");
      SearchRequest nearest = SearchRequest.nearest(1f, 0f, 0f).filter(green).limit(2);
      for (SearchHit hit : notes.search(nearest)) {
        System.out.printf("%.3f %s%n", hit.score(), hit.content().orElse("?"));
      }
    }
  }
}
