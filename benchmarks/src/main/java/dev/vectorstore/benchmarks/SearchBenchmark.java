package dev.vectorstore.benchmarks;

import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteOptions;
import java.util.List;
import java.util.Set;
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

/** Milliseconds of one search, and its recall against the exact answer of the same engine. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // JMH sets the fields before it measures.
public class SearchBenchmark {
  private static final int ROWS = Integer.getInteger("rows", 20_000);
  private static final int QUERIES = 200;

  /** The engine. */
  @Param({"EMBEDDED", "QDRANT"})
  public Engine engine;

  /** The most hits. */
  @Param({"10", "100"})
  public int limit;

  /** No filter, or one that a tenth of the records passes. */
  @Param({"none", "tenth"})
  public String filter;

  /** Whether the index is passed by. */
  @Param({"false", "true"})
  public boolean exact;

  private VectorStore store;
  private VectorCollection collection;
  private SearchRequest[] requests;
  private int next;

  /** Loads the records, waits for the index, and prints the recall. */
  @Setup(Level.Trial)
  public void load() {
    Dataset data = new Dataset(1);
    store = engine.open();
    collection = Engine.emptyCollection(store);
    collection.upsertAll(data.records(ROWS), WriteOptions.defaults());
    Engine.awaitIndex(collection);
    requests = new SearchRequest[QUERIES];
    for (int i = 0; i < QUERIES; i++) {
      requests[i] = request(data, i);
    }
    System.out.printf("recall@%d = %.4f%n", limit, recall());
  }

  private SearchRequest request(Dataset data, int number) {
    Filter which = filter.equals("tenth") ? Filter.field("tenth").eq(0) : Filter.all();
    SearchRequest request = SearchRequest.nearest(data.query(number)).filter(which).limit(limit);
    return exact ? request.exact() : request;
  }

  private double recall() {
    long found = 0;
    long wanted = 0;
    for (SearchRequest request : requests) {
      Set<RecordId> truth = ids(collection.search(request.exact()));
      wanted += truth.size();
      found += ids(collection.search(request)).stream().filter(truth::contains).count();
    }
    return (double) found / wanted;
  }

  private static Set<RecordId> ids(List<SearchHit> hits) {
    return hits.stream().map(SearchHit::id).collect(Collectors.toSet());
  }

  /** Ends the engine. */
  @TearDown(Level.Trial)
  public void close() {
    store.drop("bench");
    store.close();
  }

  /**
   * One search.
   *
   * @return its hits
   */
  @Benchmark
  public List<SearchHit> search() {
    next = (next + 1) % QUERIES;
    return collection.search(requests[next]);
  }
}
