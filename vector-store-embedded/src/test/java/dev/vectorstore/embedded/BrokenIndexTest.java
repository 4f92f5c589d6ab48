package dev.vectorstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.support.EngineStore;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;

/** A directory that takes nothing more: what is said then, and that the store still closes. */
class BrokenIndexTest {
  private final AtomicBoolean full = new AtomicBoolean();

  private Directory directory() {
    return new FilterDirectory(new ByteBuffersDirectory()) {
      @Override
      public IndexOutput createOutput(String name, IOContext context) throws IOException {
        if (full.get()) {
          throw new IOException("no room");
        }
        return super.createOutput(name, context);
      }
    };
  }

  @Test
  void isNamedAsSuchAndTheOthersGoOn() {
    CallOptions once = CallOptions.builder().retry(RetryPolicy.none()).build();
    try (VectorStore store =
        EngineStore.open(new EmbeddedEngine(name -> directory()), once, CallListener.NONE)) {
      VectorCollection broken = make(store, "broken");
      VectorCollection whole = make(store, "a_whole");
      VectorRecord record = VectorRecord.of(RecordId.of(1), Embedding.of(1, 2), Payload.empty());
      broken.upsert(record);
      full.set(true);
      Throwable first = catchThrowable(() -> broken.count(Filter.all()));
      assertThat(first).isInstanceOf(Unavailable.class);
      full.set(false);
      assertStopped(() -> broken.count(Filter.all()));
      assertStopped(() -> broken.upsert(record));
      WriteBatch batch =
          WriteBatch.builder()
              .upsert("a_whole", List.of(record))
              .upsert("broken", List.of(record))
              .build();
      assertStopped(() -> store.apply(batch));
      assertThat(whole.count(Filter.all())).as("nothing of the batch").isZero();
      whole.upsert(record);
      assertThat(whole.count(Filter.all())).isEqualTo(1);
    }
  }

  private static VectorCollection make(VectorStore store, String name) {
    return store.ensureCollection(CollectionSpec.builder(name).vectors(2, Metric.DOT).build());
  }

  private static void assertStopped(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("stopped at an earlier IOException");
  }
}
