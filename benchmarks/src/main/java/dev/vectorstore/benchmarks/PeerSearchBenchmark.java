package dev.vectorstore.benchmarks;

import dev.vectorstore.Embedding;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.testservers.QdrantServer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

/** Milliseconds of one search for 10 of one Qdrant, beside the peers. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 4, time = 3)
@SuppressWarnings("NullAway.Init") // JMH sets the fields before it measures.
public class PeerSearchBenchmark {
  private static final int ROWS = 10_000;
  private static final int QUERIES = 200;
  private static final int LIMIT = 10;
  private static final int BATCH = 200;

  /** The way to use Qdrant. */
  @Param({
    "OURS",
    "BARE",
    "BARE_DEPRECATED",
    "SPRING_AI",
    "OURS_VECTORS",
    "BARE_VECTORS",
    "LANGCHAIN4J"
  })
  public QdrantWay way;

  private QdrantUser user;
  private Embedding[] queries;
  private int next;

  /** Loads the records and waits until the server has nothing left to do. */
  @Setup(Level.Trial)
  public void load() {
    Dataset data = new Dataset(1);
    user = way.open();
    user.empty();
    user.upsert(data.records(ROWS).collect(Collectors.toList()), BATCH);
    try (VectorStore store = VectorStores.open(QdrantServer.shared().url())) {
      store.collections().stream().map(store::collection).forEach(Engine::awaitIndex);
    }
    queries = new Embedding[QUERIES];
    for (int i = 0; i < QUERIES; i++) {
      queries[i] = data.query(i);
    }
    if (user.search(queries[0], LIMIT).size() != LIMIT) {
      throw new IllegalStateException(way + " doesn't find " + LIMIT + " records");
    }
  }

  /** Ends the client. */
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
