package dev.vectorstore.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.migration.Copy;
import dev.vectorstore.migration.CopyReport;
import dev.vectorstore.migration.Route;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a record of a copy costs all threads of this process, from the embedded engine to another
 * one: {@code benchmarks/run copy-cost QDRANT 10000 15} copies 10,000 records 15 times. Processor
 * time, since other programs may use the machine too; that of a server isn't in it.
 */
public final class CopyCost {
  private static final int WARM_UP = 5;
  private static final double NANOS_A_MICRO = 1e3;

  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final VectorStore source;
  private final VectorStore target;
  private final Copy copy;
  private final int records;

  private CopyCost(VectorStore source, VectorStore target, int records, Path state) {
    this.source = source;
    this.target = target;
    this.records = records;
    this.copy =
        Copy.of(Route.from(source, "source").to(target, "target").collection("docs", "copied"))
            .stateDirectory(state)
            .build();
  }

  /**
   * Measures one engine as the target.
   *
   * @param arguments the engine, the number of records, and how often they are copied
   * @throws IOException if there is no place for checkpoints
   */
  public static void main(String[] arguments) throws IOException {
    Engine engine = Engine.valueOf(arguments[0]);
    int records = Integer.parseInt(arguments[1]);
    double[] costs = new double[Integer.parseInt(arguments[2])];
    Path state = Files.createTempDirectory("copy-cost");
    try (VectorStore source = VectorStores.open("memory:");
        VectorStore target = engine.open()) {
      CopyCost cost = new CopyCost(source, target, records, state);
      cost.fill();
      for (int run = -WARM_UP; run < costs.length; run++) {
        double micros = cost.measure();
        costs[Math.max(0, run)] = micros;
      }
    }
    print(System.out, engine, costs);
  }

  private void fill() {
    source
        .ensureCollection(
            CollectionSpec.builder("docs").vectors(Dataset.DIMENSION, Metric.COSINE).build())
        .upsertAll(new Dataset(1).records(records), WriteOptions.defaults());
  }

  private double measure() {
    System.gc();
    long before = process.getProcessCpuTime();
    CopyReport report = copy.run();
    double micros = (process.getProcessCpuTime() - before) / NANOS_A_MICRO / records;
    if (report.collections().get(0).written() != records) {
      throw new IllegalStateException("not all records were copied: " + report.toJson());
    }
    target.drop("copied");
    return micros;
  }

  private static void print(PrintStream out, Engine engine, double[] costs) {
    Arrays.sort(costs);
    int count = costs.length;
    out.printf(
        "%s: a record costs %.1f us (median; half of the runs %.1f to %.1f, all %.1f to %.1f)%n",
        engine,
        costs[count / 2],
        costs[count / 4],
        costs[count * 3 / 4],
        costs[0],
        costs[count - 1]);
  }
}
