package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Patches of many ranked texts at once. */
@RequiresEngine(TestEngine.QDRANT)
class RankedPatchTest extends OneCollection {
  private static final String TEXT = "many long words ".repeat(1_000);

  /** Whole points are read and sent; a thousand of them at once may be more than memory holds. */
  @Test
  void aPatchOfManyRankedTextsComesAndGoesInParts() {
    List<RecordId> ids = LongStream.range(0, 300).mapToObj(RecordId::of).toList();
    bench
        .store()
        .ensureCollection(
            CollectionSpec.builder(name)
                .field("text", FieldType.TEXT)
                .field("title", FieldType.TEXT)
                .build())
        .upsert(
            ids.stream()
                .map(
                    id ->
                        VectorRecord.of(
                            id, Payload.of(Map.of("text", TEXT + " number" + id.toString()))))
                .toList());
    List<Integer> sizes = new CopyOnWriteArrayList<>();
    ManagedChannel channel =
        Bench.channel(Bench.listening(sent -> sizes.add(((MessageLite) sent).getSerializedSize())));
    try (VectorStore store = Bench.open(channel)) {
      VectorCollection collection = store.collection(name);
      assertThat(
              collection
                  .patchPayload(ids, Payload.of(Map.of("title", "patched")), List.of())
                  .patched())
          .isEqualTo(300);
      assertThat(collection.count(Filter.field("title").matchesText("patched"))).isEqualTo(300);
      assertThat(collection.search(SearchRequest.text("number299")))
          .as("what wasn't patched is ranked as before")
          .extracting(SearchHit::id)
          .containsExactly(RecordId.of(299));
    } finally {
      channel.shutdownNow();
    }
    assertThat(sizes).as("bytes of the largest request").allMatch(size -> size < 5_000_000);
  }
}
