package dev.vectorstore.benchmarks;

import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Rows a second of a scan of an existing Supabase table, vectors included, in 128 MB of heap. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx128m")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH sets the fields before it measures.
public class ScanBenchmark {
  private static final int ROWS = 100_000;

  /** The transport. */
  @Param({"DIRECT", "POSTGREST"})
  public String transport;

  private ExistingSupabaseStore supabase;
  private VectorStore store;
  private VectorCollection collection;

  /** Loads the rows. */
  @Setup(Level.Trial)
  public void load() {
    Dataset data = new Dataset(1);
    supabase = ExistingSupabaseStore.create(Dataset.DIMENSION);
    supabase.load(
        "crawled_pages",
        List.of("url", "chunk_number", "content", "metadata", "embedding"),
        IntStream.range(0, ROWS)
            .mapToObj(data::record)
            .map(
                record ->
                    List.of(
                        "http://example.org/" + record.id(),
                        record.payload().get("tenth").orElseThrow(),
                        record.payload().text("content").orElseThrow(),
                        "{\"source\": \""
                            + record.payload().text("source_id").orElseThrow()
                            + "\"}",
                        record.vector().orElseThrow().toArray())));
    supabase.sql("analyze crawled_pages");
    String key = supabase.serviceKey();
    store =
        transport.equals("DIRECT")
            ? VectorStores.open(supabase.database().url("postgres"))
            : VectorStores.open(supabase.url(), StoreOptions.builder().key(() -> key).build());
    collection = store.collection("crawled_pages");
  }

  /** Ends the servers. */
  @TearDown(Level.Trial)
  public void close() {
    store.close();
    supabase.close();
  }

  /**
   * One scan of all rows, a thousand a page.
   *
   * @return how many there were
   */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public int scan() {
    ScanRequest next = ScanRequest.all().projection(Projection.all()).pageSize(1_000);
    int rows = 0;
    while (true) {
      Page page = collection.scan(next);
      rows += page.records().size();
      if (page.next().isEmpty()) {
        break;
      }
      next = next.from(page.next().get());
    }
    if (rows != ROWS) {
      throw new IllegalStateException("read " + rows + " rows");
    }
    return rows;
  }
}
