package dev.vectorstore.support;

import dev.vectorstore.CallOptions;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** A store whose calls are listened to. */
abstract class ListenedStore {
  static final RetryPolicy FAST =
      RetryPolicy.builder()
          .readDelays(Duration.ofMillis(1), Duration.ofMillis(2))
          .writeDelays(Duration.ofMillis(1), Duration.ofMillis(2))
          .build();

  final ListEngine engine = new ListEngine();
  final HeardCalls heard = new HeardCalls();
  final VectorStore store =
      EngineStore.open(engine, CallOptions.builder().retry(FAST).build(), heard);
  final VectorCollection pages = store.collection("pages");

  @AfterEach
  void close() {
    store.close();
  }

  static Stream<VectorRecord> records(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> VectorRecord.of(RecordId.of(i), new float[] {i, 1}, Payload.empty()));
  }
}
