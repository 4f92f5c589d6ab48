package dev.vectorstore.migration;

import static dev.vectorstore.migration.SampleStore.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which texts of a copy are ranked. */
class CopiedFieldsTest {
  private static final FieldPath CONTENT = FieldPath.of("content");
  private static final String RANKED = "{\"crawled_pages\": {\"fields\": {\"content\": \"TEXT\"}}}";

  @TempDir private Path state;
  private final VectorStore source = SampleStore.withPages(50);
  private final VectorStore target = SampleStore.empty();

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  private Copy.Builder copy() {
    return copy(route(source, target));
  }

  private Copy.Builder copy(Route route) {
    return Copy.of(route).stateDirectory(state);
  }

  private Copy.Builder ranked(VectorStore to) {
    return copy(route(source, to).mappings(Mapping.parse(new StringReader(RANKED))));
  }

  /** An engine that has terms, and no ranking. */
  private VectorStore unranking() {
    return new Watched(
        target,
        new Watched.Events() {
          @Override
          public void onCapabilities(Set<Capability> all) {
            all.remove(Capability.RANKED_TEXT);
          }
        });
  }

  @Test
  void aTextIsRankedWhereTheMappingSaysSo() {
    ranked(target).build().run();
    assertThat(target.describe(SampleStore.PAGES).spec().fields())
        .containsEntry(CONTENT, FieldType.TEXT);
    assertThat(target.collection(SampleStore.PAGES).search(SearchRequest.text("number17")))
        .hasSize(1);
  }

  @Test
  void aRankedTextHasTermsAloneWhereTheTargetCannotRank() {
    source
        .ensureCollection(CollectionSpec.builder("ranked").field(CONTENT, FieldType.TEXT).build())
        .upsert(VectorRecord.of(RecordId.of(1), Payload.of(Map.of("content", "a fox"))));
    Copy copy = copy(route(source, unranking()).collection("ranked")).build();
    assertThat(copy.plan().collections().get(0).problems()).isEmpty();
    copy.run();
    assertThat(target.describe("ranked").spec().fields())
        .containsOnly(Map.entry(CONTENT, FieldType.TERMS));
  }

  @Test
  void aPlanNamesATextThatTheTargetCannotRank() {
    CopyPlan plan = ranked(unranking()).build().plan();
    assertThat(plan.clean()).isFalse();
    assertThat(plan.collections().get(0).problems())
        .singleElement()
        .asString()
        .contains("can't rank", "content", "TERMS");
  }

  /** Records that are there have no ranks. */
  @Test
  void aTextOfATargetThatIsThereDoesNotBecomeRanked() {
    copy().build().run();
    Copy ranked = ranked(target).build();
    assertThat(ranked.plan().collections().get(0).problems())
        .singleElement()
        .asString()
        .contains("content", "TERMS", "copy the collection to a new one");
    assertThatThrownBy(ranked::run).isInstanceOf(Conflict.class).hasMessageContaining("content");
  }

  @Test
  void theFormerNameOfARankedTextIsToldItsName() {
    String former = RANKED.replace("TEXT", "RANKED_TEXT");
    assertThatThrownBy(() -> Mapping.parse(new StringReader(former)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("a text that is ranked is TEXT")
        .hasMessageContaining("TERMS");
  }
}
