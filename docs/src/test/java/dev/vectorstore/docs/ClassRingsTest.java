package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Classes that need each other in a circle can't be understood, or changed, one by one. */
@AnalyzeClasses(packages = "dev.vectorstore", importOptions = DoNotIncludeTests.class)
class ClassRingsTest {
  /** The rings that there are, and why. A ring that is broken is taken from the list. */
  private static final Map<Set<String>, String> RINGS =
      Map.ofEntries(
          ring(
              "a filter knows its meaning: paths make filters of values and read them of payloads",
              "Connectives, Containment, Entries, FieldPath, Filter, FilterFold, FilterMeaning, JsonReader,"
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
              "a report writes itself, by writers that read it",
              "VerifyHtml, VerifyJson, VerifyReport"),
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
}
