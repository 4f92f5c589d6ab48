package dev.vectorstore.migration;

import static dev.vectorstore.migration.SampleStore.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collections whose names this library wouldn't make, in the source and in the target. */
class NamesTest {
  private static final String PRIVATE = "_private docs\n";

  @TempDir private Path state;
  private final VectorStore source = SampleStore.withPages(20);
  private final VectorStore target = SampleStore.empty();
  private final VectorStore odd = calling(source, Map.of("private", PRIVATE));

  @BeforeEach
  void makePrivate() {
    source
        .ensureCollection(CollectionSpec.builder("private").build())
        .upsert(VectorRecord.of(RecordId.of(1), Payload.of(Map.of("n", 1))));
  }

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  /** A store some of whose collections have other names, as others gave them. */
  private static VectorStore calling(VectorStore store, Map<String, String> names) {
    return (VectorStore)
        Proxy.newProxyInstance(
            VectorStore.class.getClassLoader(),
            new Class<?>[] {VectorStore.class},
            (proxy, method, given) -> {
              Object[] arguments = given == null ? new Object[0] : given.clone();
              if (arguments.length == 1 && arguments[0] instanceof String name) {
                arguments[0] =
                    names.entrySet().stream()
                        .filter(entry -> entry.getValue().equals(name))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(names.containsKey(name) ? "nothing" : name);
              }
              try {
                Object answer = method.invoke(store, arguments);
                return method.getName().equals("collections")
                    ? store.collections().stream()
                        .map(name -> names.getOrDefault(name, name))
                        .sorted()
                        .toList()
                    : answer;
              } catch (InvocationTargetException failed) {
                throw failed.getCause();
              }
            });
  }

  private Copy.Builder copy() {
    return copy(route(odd, target));
  }

  private Copy.Builder copy(Route route) {
    return Copy.of(route).stateDirectory(state);
  }

  private Verify.Builder verify() {
    return verify(route(odd, target));
  }

  private Verify.Builder verify(Route route) {
    return Verify.of(route).sample(5);
  }

  @Test
  void whatTheTargetCannotCallSoIsLeftOutAndTold() {
    CopyPlan plan = copy().build().plan();
    assertThat(plan.leftOut()).containsExactly(PRIVATE);
    assertThat(plan.clean()).isFalse();
    assertThat(plan.toJson()).contains("\"left_out\":[\"_private docs\\n\"]");
    CopyReport report = copy().build().run();
    assertThat(report.leftOut()).containsExactly(PRIVATE);
    assertThat(report.clean()).isFalse();
    assertThat(report.stopped()).isFalse();
    assertThat(report.toJson()).contains("\"left_out\":[\"_private docs\\n\"]");
    assertThat(target.collections()).containsExactly(SampleStore.PAGES);
    assertThat(target.collection(SampleStore.PAGES).count()).isEqualTo(20);
    VerifyReport verified = verify().build().run();
    assertThat(verified.leftOut()).containsExactly(PRIVATE);
    assertThat(verified.passed()).isFalse();
    assertThat(verified.toJson()).contains("\"left_out\":[\"_private docs\\n\"]");
    assertThat(verified.toHtml()).contains("_private docs");
    assertThat(verified.collections()).singleElement().matches(pages -> pages.missing() == 0);
  }

  @Test
  void itIsCopiedUnderATargetOfItsOwn() {
    Mapping mapping = Mapping.builder().target("by_mapping").build();
    for (Copy copy :
        List.of(
            copy(route(odd, target).collection(PRIVATE, "by_name")).build(),
            copy(route(odd, target).mapping(PRIVATE, mapping)).build())) {
      assertThat(copy.run().clean()).isTrue();
    }
    assertThat(target.collections()).containsExactly("by_mapping", "by_name", SampleStore.PAGES);
    assertThat(target.collection("by_name").count()).isEqualTo(1);
    assertThat(verify(route(odd, target).collection(PRIVATE, "by_name")).build().run().passed())
        .isTrue();
    assertThat(verify(route(odd, target).mapping(PRIVATE, mapping)).build().run().passed())
        .isTrue();
  }

  @Test
  void namedWithoutATargetItIsRefusedBeforeAnythingIsMade() {
    Copy copy = copy(route(odd, target).collection(SampleStore.PAGES).collection(PRIVATE)).build();
    for (Runnable call : List.<Runnable>of(copy::run, copy::plan)) {
      assertThatThrownBy(call::run)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("\"_private docs\\u000a\"")
          .hasMessageContaining("up to 62 letters, digits, _ or -");
    }
    assertThat(target.collections()).isEmpty();
  }

  @Test
  void aTargetThatIsThereMayHaveAnyName() {
    VectorStore there = calling(target, Map.of("real", "2024-docs"));
    target.ensureCollection(
        CollectionSpec.builder("real")
            .vectors(SampleStore.DIMENSION, Metric.COSINE)
            .field("url", FieldType.KEYWORD)
            .build());
    Route route = route(odd, there).collection(SampleStore.PAGES, "2024-docs");
    assertThat(copy(route).build().plan().clean()).isTrue();
    assertThat(copy(route).build().run().clean()).isTrue();
    assertThat(target.collection("real").count()).isEqualTo(20);
    assertThat(target.describe("real").spec().fields())
        .as("nothing is declared on it")
        .containsOnlyKeys(FieldPath.of("url"));
    Mapping asking = Mapping.builder().field(FieldPath.of("n"), FieldType.NUMBER).build();
    Copy copy = copy(route.mapping(SampleStore.PAGES, asking)).build();
    assertThat(copy.plan().collections().get(0).problems())
        .singleElement()
        .asString()
        .contains("can't be given the field", "NUMBER");
    assertThatThrownBy(copy::run)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("can't be given the field");
  }

  @Test
  void aTargetOfAnyNameMustFit() {
    VectorStore there = calling(target, Map.of("real", "my docs"));
    for (CollectionSpec other :
        List.of(
            CollectionSpec.builder("real").vectors(5, Metric.COSINE).build(),
            CollectionSpec.builder("real").vectors(SampleStore.DIMENSION, Metric.DOT).build(),
            CollectionSpec.builder("real").build())) {
      target.ensureCollection(other);
      Copy copy = copy(route(odd, there).collection(SampleStore.PAGES, "my docs")).build();
      assertThat(copy.plan().clean()).isFalse();
      assertThatThrownBy(copy::run)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("and the source has COSINE vectors of 8 dimensions");
      assertThat(target.collection("real").count()).isZero();
      target.drop("real");
    }
  }

  @Test
  void progressShowsTheNameSoThatItForgesNothing() {
    StringBuilder shown = new StringBuilder();
    copy(route(odd, target).collection(PRIVATE, "private"))
        .progress(step -> shown.append(step).append('|'))
        .build()
        .run();
    assertThat(shown.toString())
        .contains("copying \"_private docs\\u000a\": ")
        .doesNotContain("\n");
  }
}
