package dev.vectorstore.benchmarks;

import dev.vectorstore.VectorRecord;
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

/** Seconds from an empty store in this process until all records can be found. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@SuppressWarnings("NullAway.Init") // JMH sets the fields before it measures.
public class EmbeddedUpsertBenchmark {
  private static final int BATCH = 500;

  /** The way to keep vectors. */
  @Param({"OURS", "BARE_LUCENE"})
  public InProcessWay way;

  /** How many records. */
  @Param("20000")
  public int rows;

  private List<VectorRecord> records;
  private InProcessUser user;

  /** Makes the records. */
  @Setup(Level.Trial)
  public void makeRecords() {
    records = new Dataset(1).records(rows).collect(Collectors.toList());
  }

  /** Every measurement writes into an empty store. */
  @Setup(Level.Invocation)
  public void open() {
    user = way.open();
  }

  /** Frees the store. */
  @TearDown(Level.Invocation)
  public void close() {
    user.close();
  }

  /** Writes all records. */
  @Benchmark
  public void load() {
    user.load(records, BATCH);
  }
}
