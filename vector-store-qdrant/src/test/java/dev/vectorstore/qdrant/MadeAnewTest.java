package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A collection that is made anew while others still hold the one of before. */
@RequiresEngine(TestEngine.QDRANT)
class MadeAnewTest extends OneCollection {
  private static final Filter A = Filter.field("a").matchesText("fox");
  private static final Filter B = Filter.field("b").matchesText("fox");

  /** A record without terms of a field looks like one whose text doesn't match. */
  @Test
  void aNegatedTextMatchDeletesNoRecordOfAHandleOfBefore() {
    VectorCollection before = make("a");
    assertThat(before.count(Filter.all())).as("opened now").isZero();
    bench.store().drop(name);
    VectorCollection anew = make("b");
    before.upsert(record(1, "fox"));
    anew.upsert(record(2, "fox"));
    Filter withinGroups =
        Filter.and(
            Filter.field("n").exists(),
            Filter.or(Filter.field("n").eq(0), Filter.not(Filter.and(B, B))));
    anew.deleteWhere(Filter.not(B));
    anew.deleteWhere(withinGroups);
    for (Filter gone : List.of(A, Filter.not(A), Filter.or(A, Filter.field("n").eq(0)))) {
      assertThatThrownBy(() -> before.deleteWhere(Filter.not(gone)))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("isn't declared");
    }
    assertThat(anew.count(Filter.all())).isEqualTo(2);
    anew.upsert(record(3, "dog"));
    anew.deleteWhere(withinGroups);
    assertThat(anew.fetch(RecordId.of(3))).isEmpty();
    assertThat(anew.count(Filter.all())).isEqualTo(2);
  }

  private VectorCollection make(String field) {
    return bench
        .store()
        .ensureCollection(CollectionSpec.builder(name).field(field, FieldType.TERMS).build());
  }

  private static VectorRecord record(long n, String text) {
    return VectorRecord.of(RecordId.of(n), Payload.of(Map.of("a", text, "b", text, "n", n)));
  }
}
