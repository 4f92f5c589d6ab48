package dev.vectorstore.docs;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Classes that need each other in a circle can't be understood, or changed, one by one. */
@AnalyzeClasses(packages = "dev.vectorstore", importOptions = DoNotIncludeTests.class)
class ClassRingsTest {
  private static final String SAMPLES = "dev.vectorstore.docs.ring";

  /** The rings that there are, and why. A ring that is broken is taken from the list. */
  private static final Map<Set<String>, String> RINGS =
      Map.ofEntries(
          ring(
              "a filter knows its meaning: paths make filters of values and read them of payloads",
              "Connectives, Containment, Entries, FieldPath, Filter, FilterMeaning, JsonReader,"
                  + " Numbers, Payload, Predicates, Value, Values, VectorRecord"),
          ring(
              "a spec says whether a request fits it, which the checks say by reading both",
              "CollectionSpec, SearchRequest, SpecChecks, TextFieldCheck"),
          ring("a collection streams its own pages", "RecordStream, VectorCollection"),
          ring(
              "texts are refused by exceptions, and messages of exceptions are cleaned as texts",
              "Text, VectorStoreException"),
          ring("calls are observed, and make more calls meanwhile", "Calls, Observed"),
          ring(
              "a hybrid search consists of others, and all read on by the rules of Searches",
              "HybridSearches, RankedSearches, Searches"),
          ring("Lucene asks a query for its explanation", "Explanation, PayloadQuery"),
          ring("the order by id collects what a page has found", "IdOrder, ScanPage"),
          ring(
              "the engine makes collections, after a look at the names that it knows",
              "CollectionMaker, QdrantEngine"),
          ring(
              "each kind of write carries the token that Writes makes, and Writes runs them all",
              "LeftVectors, Patch, PointWriter, TokenIndex, Writes"),
          ring("a mapping is read from JSON, and written", "Mapping, MappingJson"),
          ring(
              "a run reads the settings of the copy that starts it",
              "CollectionCopy, Copy, CopyPlanner, CopyRun"),
          ring(
              "a run reads the settings of the verification that starts it; a report prints itself",
              "Verify, VerifyHtml, VerifyJson, VerifyReport, VerifyRun"),
          ring(
              "answers are compared to the resolution of scores that Parity says",
              "Asking, HybridAnswer, Leg, Parity, Probe"),
          ring(
              "the program lists its commands, and each of them says its program",
              "AdoptCommand, CollectionsCommand, Console, CopyCommand, CountCommand, DemoCommand,"
                  + " Program, SearchCommand, SupabaseCommand, VerifyCommand"),
          ring(
              "the contract is checked by the extension that it names",
              "ContractCheck, ContractExtension, ErrorsContract, VectorStoreContract"),
          ring(
              "a collection of the model asks its store what filters mean",
              "ModelCollection, ModelSearch, ModelStore"),
          ring(
              "a proxy keeps its connections, which ask it how to behave",
              "ProxyConnection, ProxyPump, TcpProxy"),
          ring(
              "an annotation names its condition, which reads it",
              "EngineCondition, RequiresEngine"));

  private static Map.Entry<Set<String>, String> ring(String why, String classes) {
    return Map.entry(new TreeSet<>(List.of(classes.split(", "))), why);
  }

  @ArchTest
  static void noRingIsNewOrLarger(JavaClasses classes) {
    Set<Set<String>> rings = ClassRings.of(classes);

    assertThat(rings.stream().map(ClassRingsTest::simple).collect(Collectors.toSet()))
        .as(
            "rings of classes. One that isn't expected: break it, as by a third class for what two"
                + " need of each other. One that isn't found: take it from the list, or write"
                + " down how it is smaller")
        .containsExactlyInAnyOrderElementsOf(RINGS.keySet());
  }

  private static Set<String> simple(Set<String> ring) {
    return ring.stream()
        .map(name -> name.substring(name.lastIndexOf('.') + 1))
        .collect(Collectors.toCollection(TreeSet::new));
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
