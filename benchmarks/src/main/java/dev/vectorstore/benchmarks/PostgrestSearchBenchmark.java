package dev.vectorstore.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.supabase.Supabase;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Milliseconds of one search for 10 over PostgREST, beside the bare HTTP call of its function. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@SuppressWarnings("NullAway.Init") // JMH sets the fields before it measures.
public class PostgrestSearchBenchmark {
  private static final String COLLECTION = "bench";
  private static final int ROWS = 10_000;
  private static final int QUERIES = 200;
  private static final int LIMIT = 10;

  private final Embedding[] queries = new Embedding[QUERIES];
  private ExistingSupabaseStore supabase;
  private VectorStore store;
  private VectorCollection collection;
  private BarePostgrest bare;
  private int next;

  /** Loads the records. */
  @Setup(Level.Trial)
  public void load() {
    Dataset data = new Dataset(1);
    supabase = ExistingSupabaseStore.create(Dataset.DIMENSION);
    supabase.sql(Supabase.sql());
    supabase.postgrest().restart(); // it reads the schema again
    String key = supabase.serviceKey();
    store = VectorStores.open(supabase.url(), StoreOptions.builder().key(() -> key).build());
    collection =
        store.ensureCollection(
            CollectionSpec.builder(COLLECTION).vectors(Dataset.DIMENSION, Metric.COSINE).build());
    collection.upsertAll(data.records(ROWS), WriteOptions.defaults());
    String address = supabase.url().substring("postgrest:".length());
    bare = new BarePostgrest(address, key, COLLECTION);
    for (int i = 0; i < QUERIES; i++) {
      queries[i] = data.query(i);
    }
    if (bare().size() != LIMIT) {
      throw new IllegalStateException("the bare call doesn't find " + LIMIT + " records");
    }
  }

  /** Ends the servers. */
  @TearDown(Level.Trial)
  public void close() {
    store.close();
    supabase.close();
  }

  private Embedding query() {
    next = (next + 1) % QUERIES;
    return queries[next];
  }

  /**
   * A search by this library.
   *
   * @return its hits
   */
  @Benchmark
  public List<?> ours() {
    return collection.search(SearchRequest.nearest(query()).limit(LIMIT));
  }

  /**
   * The bare HTTP call.
   *
   * @return the rows of its answer
   */
  @Benchmark
  public JsonNode bare() {
    return bare.search(query(), LIMIT);
  }
}
