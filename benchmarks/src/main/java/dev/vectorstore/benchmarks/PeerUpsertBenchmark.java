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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Rows a second of a bulk upsert to one Qdrant, to the last acknowledgement, beside the peers. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 3)
@SuppressWarnings("NullAway.Init") // JMH sets the fields before it measures.
public class PeerUpsertBenchmark {
  private static final int ROWS = 10_000;

  /** The way to use Qdrant. */
  @Param({"OURS", "BARE", "SPRING_AI", "LANGCHAIN4J"})
  public QdrantWay way;

  /** Records of a request. */
  @Param("200")
  public int batch;

  private QdrantUser user;
  private List<VectorRecord> records;

  /** Makes the records. */
  @Setup(Level.Trial)
  public void open() {
    records = new Dataset(1).records(ROWS).collect(Collectors.toList());
    user = way.open();
  }

  /** Every measurement writes into an empty collection. */
  @Setup(Level.Invocation)
  public void empty() {
    user.empty();
  }

  /** Ends the client. */
  @TearDown(Level.Trial)
  public void close() {
    user.close();
  }

  /** Writes all records. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void rows() {
    user.upsert(records, batch);
  }
}
