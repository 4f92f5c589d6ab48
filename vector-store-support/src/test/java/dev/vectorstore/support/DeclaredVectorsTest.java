package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import org.junit.jupiter.api.Test;

class DeclaredVectorsTest {
  private static final CollectionSpec NONE = CollectionSpec.builder("c").build();
  private static final CollectionSpec PLAIN =
      CollectionSpec.builder("c").vectors(2, Metric.DOT).build();
  private static final CollectionSpec TITLE =
      CollectionSpec.builder("c").vector("title", 3, Metric.COSINE).build();
  private static final CollectionSpec BOTH =
      CollectionSpec.builder("c").vectors(2, Metric.DOT).vector("title", 3, Metric.COSINE).build();

  @Test
  void whatIsThereAsAskedForIsNotMissing() {
    for (CollectionSpec spec : new CollectionSpec[] {NONE, PLAIN, TITLE, BOTH}) {
      assertThat(DeclaredVectors.missing(spec, spec)).isEmpty();
    }
    assertThat(DeclaredVectors.missing(BOTH, PLAIN)).isEmpty();
    assertThat(DeclaredVectors.missing(BOTH, TITLE)).isEmpty();
  }

  @Test
  void namedVectorsCanBeAdded() {
    assertThat(DeclaredVectors.missing(PLAIN, BOTH))
        .containsOnlyKeys("title")
        .containsEntry("title", VectorSpec.of(3, Metric.COSINE));
    assertThat(DeclaredVectors.missing(NONE, TITLE)).containsOnlyKeys("title");
  }

  @Test
  void aVectorWithoutANameCannotBeAdded() {
    refused(TITLE, BOTH);
    refused(NONE, PLAIN);
  }

  @Test
  void aVectorKeepsItsDimensionAndMetric() {
    refused(PLAIN, CollectionSpec.builder("c").vectors(3, Metric.DOT).build());
    refused(PLAIN, CollectionSpec.builder("c").vectors(2, Metric.COSINE).build());
    refused(TITLE, CollectionSpec.builder("c").vector("title", 4, Metric.COSINE).build());
  }

  @Test
  void aCollectionWithVectorsIsNotOneWithout() {
    refused(PLAIN, NONE);
    refused(TITLE, NONE);
  }

  private static void refused(CollectionSpec present, CollectionSpec wanted) {
    assertThatThrownBy(() -> DeclaredVectors.missing(present, wanted))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining(
            "has " + DeclaredVectors.list(present) + ", not " + DeclaredVectors.list(wanted));
  }

  @Test
  void whatWasOpenedMustNotBeAnother() {
    assertThatCode(() -> DeclaredVectors.requireUnchanged(PLAIN, BOTH)).doesNotThrowAnyException();
    assertThatCode(() -> DeclaredVectors.requireUnchanged(NONE, NONE)).doesNotThrowAnyException();
    assertThatCode(() -> DeclaredVectors.requireUnchanged(BOTH, PLAIN)).doesNotThrowAnyException();
    CollectionSpec other = PLAIN.toBuilder().vectors(9, Metric.DOT).build();
    assertThatThrownBy(() -> DeclaredVectors.requireUnchanged(BOTH, other))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("by now")
        .hasMessageContaining("open it again");
  }

  @Test
  void vectorsAreListedWithDimensionsMetricsAndNames() {
    assertThat(DeclaredVectors.list(NONE)).isEqualTo("no vectors");
    assertThat(DeclaredVectors.list(BOTH))
        .isEqualTo("DOT vectors of 2 dimensions, COSINE vectors of 3 dimensions named title");
  }
}
