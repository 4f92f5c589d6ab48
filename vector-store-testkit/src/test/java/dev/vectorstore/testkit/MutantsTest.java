package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** A rule that can't fail proves nothing: every store here is wrong, and its rule must say so. */
final class MutantsTest {
  static Stream<Mutant> mutants() {
    return Stream.of(
            FilterMutants.all(),
            TextFilterMutants.all(),
            SearchMutants.all(),
            RankedMutants.all(),
            ScriptMutants.all(),
            VectorMutants.all(),
            ReadMutants.all(),
            NameMutants.all(),
            PayloadMutants.all(),
            WriteMutants.all(),
            BatchMutants.all(),
            StoreMutants.all())
        .flatMap(List::stream);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  void itsRuleFails(Mutant mutant) {
    Events tests = run(mutant.store(), tests(mutant.rule()));
    assertThat(tests.started().count()).as("tests of %s", mutant.rule()).isPositive();
    assertThat(tests.failed().list())
        .as("failed tests of %s on a store where %s", mutant.rule(), mutant.defect())
        .isNotEmpty()
        .allMatch(MutantsTest::isAFinding);
  }

  @Test
  void thereAreManyAndNoneIsNamedTwice() {
    assertThat(mutants().toList()).hasSizeGreaterThanOrEqualTo(50);
    assertThat(mutants().map(Mutant::toString)).doesNotHaveDuplicates();
  }

  @Test
  void aFailureOfTheModelTestCanBeSeenAgain() {
    Mutant mutant = mutants().filter(each -> each.rule().equals("M-01")).findFirst().orElseThrow();
    Event failed = run(mutant.store(), tests("M-01")).failed().list().get(0);
    assertThat(failed.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow())
        .hasMessageMatching("(?s)seed \\d+: the shortest failing prefix has \\d+ steps.*")
        .hasMessageContaining("patchPayload of");
  }

  /** What a store doesn't declare it refuses; the rules that need it don't bind, and say so. */
  @ParameterizedTest
  @EnumSource(
      value = Capability.class,
      names = {"TERMS", "PHRASE", "RANKED_TEXT", "EXACT", "INSERT_ONLY", "ATOMIC_BATCH"})
  void aStoreThatDeclaresLessPassesToo(Capability absent) {
    Set<Capability> declared = EnumSet.copyOf(ModelStore.CAPABILITIES);
    declared.remove(absent);
    if (absent == Capability.TERMS) {
      declared.remove(Capability.RANKED_TEXT); // ranked are the terms
    }
    List<Method> all = ContractCheck.tests(VectorStoreContract.class);
    Events tests = run(() -> ModelStore.open(declared, Filter::test), all);
    assertThat(tests.failed().list()).as("failed tests without %s", absent).isEmpty();
    Set<Capability> unbound =
        tests.aborted().stream()
            .map(event -> event.getRequiredPayload(TestExecutionResult.class))
            .map(result -> ((DoesNotBind) result.getThrowable().orElseThrow()).needed())
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Capability.class)));
    assertThat(unbound)
        .as("what unbound tests need")
        .contains(absent)
        .isSubsetOf(EnumSet.complementOf(EnumSet.copyOf(declared)));
    assertThat(tests.succeeded().count() + tests.aborted().count()).isEqualTo(all.size());
  }

  /** An assertion of the kit, or an error of the port where none should be. */
  private static boolean isAFinding(Event event) {
    Throwable thrown =
        event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
    return thrown instanceof AssertionError
        || thrown instanceof VectorStoreException
        || thrown instanceof IllegalStateException;
  }

  private static List<Method> tests(String rule) {
    return ContractCheck.tests(VectorStoreContract.class).stream()
        .filter(test -> Arrays.asList(test.getAnnotation(Rule.class).value()).contains(rule))
        .toList();
  }

  private static Events run(Supplier<VectorStore> store, List<Method> tests) {
    List<DiscoverySelector> selectors = new ArrayList<>();
    tests.forEach(test -> selectors.add(selectMethod(MutantContract.class, test.getName())));
    MutantContract.STORE.set(store);
    try {
      return EngineTestKit.engine("junit-jupiter")
          .selectors(selectors.toArray(DiscoverySelector[]::new))
          .execute()
          .testEvents();
    } finally {
      MutantContract.STORE.set(ModelStore::open);
    }
  }
}
