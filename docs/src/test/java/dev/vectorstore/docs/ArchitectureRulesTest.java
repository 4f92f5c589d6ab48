package dev.vectorstore.docs;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.vectorstore.docs.ring.here.First;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A rule that can't fail proves nothing: each class here breaks a rule of the architecture. */
class ArchitectureRulesTest {
  private static final String SAMPLES = "dev.vectorstore.docs.ring";

  static final class ReadsTheClock {
    LongSupplier clock = System::nanoTime;
  }

  static final class Sleeps {
    void sleep() throws InterruptedException {
      Thread.sleep(1);
    }
  }

  static final class ThrowsBare {
    void fail() {
      throw new RuntimeException("bare");
    }
  }

  static final class MakesBare {
    Supplier<Exception> bare = Exception::new;
  }

  static final class RunsInParallel {
    Stream<String> stream(List<String> list) {
      return list.parallelStream();
    }
  }

  static final class Prints {
    void print() {
      System.out.println("printed");
    }
  }

  static final class PrintsAStack {
    void print(IOException e) {
      e.printStackTrace();
    }
  }

  static final class SaysNothingUtils {}

  @SuppressWarnings("ArrayRecordComponent")
  record HoldsAnArray(int[] numbers) {}

  static final class HoldsAMutableStatic {
    static int count;
  }

  public static class Open {}

  static Stream<Arguments> broken() {
    return Stream.of(
        arguments(ArchitectureTest.timeIsReadInOnePlace, ReadsTheClock.class),
        arguments(ArchitectureTest.timeIsReadInOnePlace, Sleeps.class),
        arguments(ArchitectureTest.noBareExceptions, ThrowsBare.class),
        arguments(ArchitectureTest.noBareExceptions, MakesBare.class),
        arguments(ArchitectureTest.noStrayThreads, RunsInParallel.class),
        arguments(ArchitectureTest.onlyTheProgramPrints, Prints.class),
        arguments(ArchitectureTest.onlyTheProgramPrints, PrintsAStack.class),
        arguments(ArchitectureTest.noNamesThatSayNothing, SaysNothingUtils.class),
        arguments(ArchitectureTest.noRecordHoldsAnArray, HoldsAnArray.class),
        arguments(ArchitectureTest.noMutableStatics, HoldsAMutableStatic.class),
        arguments(ArchitectureTest.publicTypesAreFinalSealedOrInterfaces, Open.class),
        arguments(ArchitectureTest.everyPackageIsNullMarked, First.class));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aClassThatBreaksARuleIsSeen(ArchRule rule, Class<?> broken) {
    assertThat(rule.evaluate(new ClassFileImporter().importClasses(broken)).hasViolation())
        .isTrue();
  }

  @Test
  void aRingIsSeenThroughNestedClassesAndArrays() {
    assertThat(ClassRings.of(samples("First", "Second", "Nested", "Straight")))
        .containsExactly(Set.of(name("here.First"), name("there.Second")));
  }

  @Test
  void aClassThatJoinsARingMakesItLarger() {
    assertThat(ClassRings.of(samples("First", "Second", "Nested", "Straight", "Third")))
        .containsExactly(Set.of(name("here.First"), name("here.Third"), name("there.Second")));
  }

  @Test
  void aLineOfClassesIsNoRing() {
    assertThat(ClassRings.of(samples("First", "Second", "Straight", "Third"))).isEmpty();
  }

  @Test
  void aRingOfPackagesBreaksTheRuleAgainstThem() {
    assertThat(
            ArchitectureTest.noCycles
                .evaluate(samples("First", "Second", "Nested"))
                .getFailureReport()
                .getDetails())
        .singleElement()
        .asString()
        .contains("docs.ring.here", "docs.ring.there");
    assertThat(ArchitectureTest.noCycles.evaluate(samples("First", "Second")).hasViolation())
        .isFalse();
  }

  private static String name(String sample) {
    return SAMPLES + "." + sample;
  }

  private static JavaClasses samples(String... names) {
    List<String> some = Arrays.asList(names);
    return new ClassFileImporter()
        .importPackages(SAMPLES)
        .that(describe("are asked for", (JavaClass type) -> some.contains(type.getSimpleName())));
  }
}
