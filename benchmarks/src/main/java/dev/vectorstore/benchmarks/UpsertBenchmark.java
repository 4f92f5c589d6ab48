package dev.vectorstore.benchmarks;

import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.WriteReport;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

/** Rows a second of a bulk upsert, to the last acknowledgement, by batch size; 4 in flight. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@SuppressWarnings("NullAway.Init") // JMH sets the fields before it measures.
public class UpsertBenchmark {
  private static final int ROWS = 10_000;

  /** The engine. */
  @Param({"EMBEDDED", "QDRANT"})
  public Engine engine;

  /** Records of a request. */
  @Param({"50", "100", "150", "200", "500"})
  public int batch;

  private VectorStore store;
  private VectorCollection collection;
  private List<VectorRecord> records;

  /** Makes the records. */
  @Setup(Level.Trial)
  public void open() {
    records = new Dataset(1).records(ROWS).collect(Collectors.toList());
    store = engine.open();
  }

  /** Every measurement writes into an empty collection. */
  @Setup(Level.Invocation)
  public void empty() {
    collection = Engine.emptyCollection(store);
  }

  /** Ends the engine. */
  @TearDown(Level.Trial)
  public void close() {
    store.drop("bench");
    store.close();
  }

  /**
   * Writes all records.
   *
   * @return the report
   */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public WriteReport rows() {
    return collection.upsertAll(
        records.stream(), WriteOptions.builder().batchRecords(batch).inFlight(4).build());
  }
}
