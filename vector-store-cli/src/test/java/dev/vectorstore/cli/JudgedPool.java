package dev.vectorstore.cli;

import dev.vectorstore.Embedding;
import dev.vectorstore.RecordId;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Prints what is still to be judged: of each question the pages that any way of asking any of the
 * stores has among its first 10, without their places, and that {@code judgments.tsv} lacks. It
 * makes a collection in each store.
 *
 * <pre>{@code
 * java -cp target/test-classes:target/classes:$(cat target/test.classpath) \
 *     dev.vectorstore.cli.JudgedPool memory: qdrant:http://127.0.0.1:6334
 * }</pre>
 */
final class JudgedPool {
  private JudgedPool() {}

  public static void main(String... urls) {
    JudgedSet judged = JudgedSet.load();
    MiniLm model = MiniLm.load();
    List<VectorRecord> records = JudgedPages.records();
    Map<RecordId, VectorRecord> byId =
        records.stream().collect(Collectors.toMap(VectorRecord::id, record -> record));
    Map<Integer, TreeSet<Long>> pool = new TreeMap<>();
    for (String url : urls) {
      try (VectorStore store = VectorStores.open(url, StoreOptions.fromEnvironment())) {
        JudgedPages pages = JudgedPages.load(store, records);
        for (int i = 0; i < judged.questions().size(); i++) {
          String question = judged.questions().get(i);
          Embedding vector = Embedding.of(model.embed(question));
          for (JudgedPages.Way way : JudgedPages.Way.values()) {
            pool.computeIfAbsent(i, any -> new TreeSet<>())
                .addAll(pages.ask(way, question, vector));
          }
        }
      }
    }
    pool.forEach(
        (i, pages) -> {
          pages.removeAll(judged.grades(i).keySet());
          pages.forEach(
              page ->
                  System.out.printf(
                      "%d\t%s\t%d\t%s%n",
                      i + 1,
                      judged.questions().get(i),
                      page,
                      byId.get(RecordId.of(page)).payload().toJson()));
        });
  }
}
