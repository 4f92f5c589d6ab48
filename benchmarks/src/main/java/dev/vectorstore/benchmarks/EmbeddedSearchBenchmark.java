package dev.vectorstore.benchmarks;

import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Milliseconds of one search for 10 in this process, and its recall. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@SuppressWarnings("NullAway.Init") // JMH sets the fields before it measures.
public class EmbeddedSearchBenchmark {
  private static final int BATCH = 500;
  private static final int QUERIES = 200;
  private static final int COMPARED = 50;
  private static final int LIMIT = 10;

  /** The way to keep vectors. */
  @Param({"OURS", "BARE_LUCENE", "LANGCHAIN4J"})
  public InProcessWay way;

  /** How many records. */
  @Param("20000")
  public int rows;

  private InProcessUser user;
  private Embedding[] queries;
  private int next;

  /** Loads the records, waits for merges, and prints the recall. */
  @Setup(Level.Trial)
  public void load() throws InterruptedException {
    Dataset data = new Dataset(1);
    List<VectorRecord> records = data.records(rows).collect(Collectors.toList());
    queries = IntStream.range(0, QUERIES).mapToObj(data::query).toArray(Embedding[]::new);
    user = way.open();
    user.load(records, BATCH);
    while (merges()) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    System.out.printf("recall@%d = %.4f%n", LIMIT, recall(records));
  }

  private static boolean merges() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("Lucene Merge Thread"));
  }

  private double recall(List<VectorRecord> records) {
    int found = 0;
    for (int i = 0; i < COMPARED; i++) {
      Embedding query = queries[i];
      Set<String> nearest = Set.copyOf(user.nearest(query, LIMIT));
      found +=
          (int)
              records.parallelStream()
                  .map(record -> new Scored(record, query))
                  .sorted(Comparator.comparingDouble(Scored::score).reversed())
                  .limit(LIMIT)
                  .filter(scored -> nearest.contains(scored.id()))
                  .count();
    }
    return (double) found / (COMPARED * LIMIT);
  }

  private record Scored(String id, double score) {
    Scored(VectorRecord record, Embedding query) {
      this(record.id().toString(), Metric.COSINE.score(query, record.vector().orElseThrow()));
    }
  }

  /** Frees the store. */
  @TearDown(Level.Trial)
  public void close() {
    user.close();
  }

  /**
   * One search.
   *
   * @return its hits
   */
  @Benchmark
  public List<?> search() {
    next = (next + 1) % QUERIES;
    return user.search(queries[next], LIMIT);
  }
}
