package dev.vectorstore.migration;

import static dev.vectorstore.migration.SampleStore.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStores;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouteTest {
  private final VectorStore source = VectorStores.open("memory:");
  private final VectorStore target = VectorStores.open("memory:");
  private final Mapping mapping = Mapping.builder().drop("url").build();

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  @Test
  void aRouteIsAValue() {
    Route plain = route(source, target);
    List<Route> others =
        List.of(
            Route.from(source, "another").to(target, "target"),
            Route.from(source, "source").to(target, "another"),
            route(target, target),
            route(source, source),
            plain.collection("a"),
            plain.collection("a", "b"),
            plain.mapping("a", mapping),
            plain.flatMetadata(true));
    for (Route other : others) {
      assertThat(other).isNotEqualTo(plain).doesNotHaveSameHashCodeAs(plain);
    }
    assertThat(plain).isEqualTo(route(source, target)).hasSameHashCodeAs(route(source, target));
    assertThat(plain.collection("a").mappings(Map.of("a", mapping)))
        .isEqualTo(plain.mapping("a", Mapping.builder().drop("url").build()).collection("a"));
  }

  @Test
  void eachMethodGivesAnotherRoute() {
    Route plain = route(source, target);
    Route more = plain.collection("a", "b").mapping("a", mapping).flatMetadata(true);
    assertThat(plain.collections()).isEmpty();
    assertThat(plain.mapping("a")).isEqualTo(Mapping.identity());
    assertThat(more.collections()).containsExactly(Map.entry("a", Optional.of("b")));
    assertThat(more.mapping("a"))
        .isEqualTo(Mapping.builder().drop("url").flatMetadata(true).build());
    assertThat(more.mapping("other")).isEqualTo(Mapping.builder().flatMetadata(true).build());
    assertThat(more.mapping("a", Mapping.identity()).flatMetadata(false).mapping("a"))
        .isEqualTo(Mapping.identity());
    assertThat(more).hasToString("Route[source to target, collections={a=Optional[b]}]");
  }

  @Test
  void whatIsWrongIsRefusedWhereItIsSaid() {
    Route plain = route(source, target);
    assertThatThrownBy(() -> plain.collection("")).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> plain.collection("a", "")).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> plain.mapping("", mapping)).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> plain.collection("a").collection("a", "b"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("names a twice");
  }

  @Test
  void aCopyAndItsVerificationShareARoute() {
    source.ensureCollection(CollectionSpec.builder("a").build());
    source.ensureCollection(CollectionSpec.builder("b").build());
    Route route = route(source, target).collection("a", "c");
    assertThat(Copy.of(route).build().run().collections())
        .extracting(CopyReport.Collection::target)
        .containsExactly("c");
    assertThat(Verify.of(route).build().run().passed()).isTrue();
  }
}
