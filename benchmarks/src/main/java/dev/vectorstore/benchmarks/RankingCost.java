package dev.vectorstore.benchmarks;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.testservers.ZipfTexts;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What ranking texts costs beside terms alone: the time to load 100,000 texts of 120 words without
 * vectors, the time until all of it is indexed, the room, and searches by text. Each engine is its
 * own program, since the room of the one in this process is its heap: {@code benchmarks/run
 * ranking-cost QDRANT 100000 FOLDER}, where the folder is the storage of the server of {@code
 * VECTORSTORE_QDRANT_URL}.
 */
public final class RankingCost {
  private static final int WORDS = 120;
  private static final int QUERIES = 60;
  private static final ZipfTexts TEXTS = new ZipfTexts(50_000);

  private final PrintStream out;
  private final VectorStore store;
  private final Engine engine;
  private final int count;
  private final @Nullable Path folder;

  private RankingCost(
      PrintStream out, VectorStore store, Engine engine, int count, @Nullable Path folder) {
    this.out = out;
    this.store = store;
    this.engine = engine;
    this.count = count;
    this.folder = folder;
  }

  /**
   * Measures one engine.
   *
   * @param arguments the engine, the number of texts and the server's folder, if there is one
   */
  public static void main(String[] arguments) {
    Engine engine = Engine.valueOf(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    Path folder = arguments.length > 2 ? Path.of(arguments[2]) : null;
    try (VectorStore store = engine.open()) {
      RankingCost cost = new RankingCost(System.out, store, engine, count, folder);
      // The first is for the warm-up of both sides.
      cost.measure(FieldType.TERMS, false);
      for (int run = 0; run < 3; run++) {
        cost.measure(FieldType.TERMS, true);
        cost.measure(FieldType.TEXT, true);
      }
    }
  }

  private void measure(FieldType type, boolean told) {
    store.drop("ranking");
    long before = room();
    VectorCollection texts =
        store.ensureCollection(CollectionSpec.builder("ranking").field("content", type).build());
    long start = System.nanoTime();
    texts.upsertAll(records(), WriteOptions.defaults());
    double loaded = seconds(start);
    Engine.awaitIndex(texts);
    double indexed = seconds(start);
    if (told) {
      out.printf(
          "%s %s: loaded after %.1f s, indexed after %.1f s, %d bytes a text%n",
          engine, type, loaded, indexed, (room() - before) / count);
      if (type == FieldType.TEXT) {
        search(texts);
      }
    }
  }

  private Stream<VectorRecord> records() {
    return IntStream.range(0, count)
        .mapToObj(
            n ->
                VectorRecord.of(
                    RecordId.of(n),
                    Payload.of(Map.of("content", TEXTS.text(WORDS, new Random(n))))));
  }

  private void search(VectorCollection texts) {
    Random random = new Random(3);
    List<Long> rare = new ArrayList<>();
    List<Long> frequent = new ArrayList<>();
    for (int i = 0; i < QUERIES; i++) {
      rare.add(nanos(texts, words(random, 4_000, 6_000, 8_000)));
      frequent.add(nanos(texts, words(random, 15, 1_000, 6_000)));
    }
    out.printf(
        "  p50 of three rare words %.1f ms, of a word of half of the texts and two rarer %.1f ms%n",
        median(rare), median(frequent));
  }

  private static SearchRequest words(Random random, int... places) {
    StringBuilder query = new StringBuilder();
    for (int place : places) {
      query.append(ZipfTexts.word(place + random.nextInt(1 + place / 50))).append(' ');
    }
    return SearchRequest.text(query.toString()).limit(10);
  }

  private static long nanos(VectorCollection texts, SearchRequest request) {
    long start = System.nanoTime();
    if (texts.search(request).isEmpty()) {
      throw new IllegalStateException("nothing is found by " + request);
    }
    return System.nanoTime() - start;
  }

  private static double median(List<Long> nanos) {
    return nanos.stream().skip(10).sorted().skip((QUERIES - 10) / 2).findFirst().orElse(0L) / 1e6;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  /** What the collection's folder takes on the disk, or of this process' heap. */
  private long room() {
    if (engine != Engine.EMBEDDED) {
      return folder == null ? 0 : onDisk(folder.resolve("collections").resolve("ranking"));
    }
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Files are made longer than what is written into them, so blocks are counted. */
  private static long onDisk(Path folder) {
    if (!Files.exists(folder)) {
      return 0;
    }
    try {
      Process du = new ProcessBuilder("du", "-s", "-B1", folder.toString()).start();
      String answer = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Long.parseLong(answer.substring(0, answer.indexOf('\t')));
    } catch (IOException e) {
      throw new UncheckedIOException("du can't be run on " + folder, e);
    }
  }
}
