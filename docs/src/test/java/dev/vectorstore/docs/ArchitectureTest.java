package dev.vectorstore.docs;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The structure that the modules keep. */
@AnalyzeClasses(packages = "dev.vectorstore", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String API = "dev.vectorstore";
  private static final String SUPPORT = "dev.vectorstore.support";
  private static final String EMBEDDED = "dev.vectorstore.embedded";
  private static final String QDRANT = "dev.vectorstore.qdrant";
  private static final String SUPABASE = "dev.vectorstore.supabase..";
  private static final String ENTRY = "dev.vectorstore.supabase";
  private static final String MANAGED = "dev.vectorstore.supabase.managed";
  private static final String TABLES = "dev.vectorstore.supabase.tables";
  private static final String REST = "dev.vectorstore.supabase.rest";
  private static final String POSTGRES = "dev.vectorstore.supabase.postgres";
  private static final String TESTKIT = "dev.vectorstore.testkit";
  private static final String TESTSERVERS = "dev.vectorstore.testservers";
  private static final String MIGRATION = "dev.vectorstore.migration";
  private static final String CLI = "dev.vectorstore.cli";

  /** The packages of libraries, each of which one part of the project alone may use. */
  static final String[] GRPC = {"io.grpc..", "io.qdrant..", "com.google.."};

  static final String[] HTTP = {"java.net.http..", "com.sun.net.."};
  static final String[] LUCENE = {"org.apache.lucene.."};
  static final String[] JDBC = {"java.sql..", "javax.sql..", "org.postgresql.."};

  @ArchTest
  static final ArchRule theApiUsesTheJdkAndJSpecifyAlone =
      classes()
          .that()
          .resideInAPackage(API)
          .should()
          .onlyDependOnClassesThat(resideInAnyPackage("java..", API, "org.jspecify.."));

  @ArchTest
  static final ArchRule supportSeesNoEngine =
      noClasses()
          .that()
          .resideInAPackage(SUPPORT)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(EMBEDDED, QDRANT, SUPABASE, TESTKIT, TESTSERVERS, MIGRATION, CLI));

  @ArchTest static final ArchRule embeddedSeesNoOtherEngine = seesNone(EMBEDDED, QDRANT, SUPABASE);

  @ArchTest static final ArchRule qdrantSeesNoOtherEngine = seesNone(QDRANT, EMBEDDED, SUPABASE);

  @ArchTest static final ArchRule supabaseSeesNoOtherEngine = seesNone(SUPABASE, EMBEDDED, QDRANT);

  @ArchTest
  static final ArchRule theMigrationSeesThePortAndNoEngine =
      noClasses()
          .that()
          .resideInAPackage(MIGRATION)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(EMBEDDED, QDRANT, SUPABASE, TESTKIT, TESTSERVERS, CLI));

  @ArchTest
  static final ArchRule theTestkitSeesTheApiJUnitAndAssertJAlone =
      classes()
          .that()
          .resideInAPackage(TESTKIT)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "java..",
                  API,
                  TESTKIT,
                  "org.junit..",
                  "org.opentest4j..",
                  "org.assertj..",
                  "org.jspecify.."));

  @ArchTest
  static final ArchRule theTestServersSeeTheTestkitAndNoEngine =
      noClasses()
          .that()
          .resideInAPackage(TESTSERVERS)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(SUPPORT, EMBEDDED, QDRANT, SUPABASE, MIGRATION, CLI));

  @ArchTest
  static final ArchRule nothingPublishedNeedsTheTestServers =
      noClasses()
          .that(resideOutsideOfPackages(TESTSERVERS))
          .should()
          .dependOnClassesThat(resideInAnyPackage(TESTSERVERS));

  private static ArchRule seesNone(String engine, String... others) {
    return noClasses()
        .that()
        .resideInAPackage(engine)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(others)
                .or(resideInAnyPackage(TESTKIT, TESTSERVERS, MIGRATION, CLI)));
  }

  @ArchTest
  static final ArchRule grpcIsTheQdrantEnginesAndTheTestServers =
      noClasses()
          .that(resideOutsideOfPackages(QDRANT, TESTSERVERS))
          .should()
          .dependOnClassesThat(resideInAnyPackage(GRPC));

  /** The builders take a client of the caller's. */
  @ArchTest
  static final ArchRule httpIsRestsAndTheTestServers =
      noClasses()
          .that(resideOutsideOfPackages(REST, TESTSERVERS))
          .and()
          .haveNameNotMatching("dev\\.vectorstore\\.supabase\\.Supabase(\\$.*)?")
          .should()
          .dependOnClassesThat(resideInAnyPackage(HTTP));

  @ArchTest
  static final ArchRule luceneIsTheEmbeddedEngines =
      noClasses()
          .that(resideOutsideOfPackages(EMBEDDED))
          .should()
          .dependOnClassesThat(resideInAnyPackage(LUCENE));

  /** The builders take a data source of the caller's. */
  @ArchTest
  static final ArchRule jdbcIsThatOfConnectionsToPostgres =
      noClasses()
          .that(resideOutsideOfPackages(POSTGRES))
          .and()
          .haveNameNotMatching("dev\\.vectorstore\\.supabase\\.Postgres(\\$.*)?")
          .should()
          .dependOnClassesThat(resideInAnyPackage(JDBC));

  /** A rule that says who alone may use a library guards nothing once nobody uses it. */
  @ArchTest
  static void eachLibraryThatOnePartMayUseIsUsed(JavaClasses classes) {
    assertThat(Stream.of(GRPC, HTTP, LUCENE, JDBC).flatMap(Arrays::stream))
        .allMatch(
            library ->
                noClasses()
                    .should()
                    .dependOnClassesThat(resideInAPackage(library))
                    .evaluate(classes)
                    .hasViolation());
  }

  @ArchTest
  static final ArchRule supabasesTransportsStandOnTablesAndCollections =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("entry")
          .definedBy(ENTRY)
          .layer("rest")
          .definedBy(REST)
          .layer("postgres")
          .definedBy(POSTGRES)
          .layer("managed")
          .definedBy(MANAGED)
          .layer("tables")
          .definedBy(TABLES)
          .whereLayer("entry")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("rest")
          .mayOnlyBeAccessedByLayers("entry")
          .whereLayer("postgres")
          .mayOnlyBeAccessedByLayers("entry")
          .whereLayer("managed")
          .mayOnlyBeAccessedByLayers("entry", "rest", "postgres");

  @ArchTest
  static final ArchRule everyPackageIsNullMarked =
      classes()
          .should(
              condition(
                  "be in a package that is @NullMarked",
                  type -> type.getPackage().isAnnotatedWith(NullMarked.class)));

  @ArchTest
  static final ArchRule publicTypesAreFinalSealedOrInterfaces =
      classes()
          .that()
          .arePublic()
          .should(
              condition(
                  "be final, sealed, a record, an enum or an interface",
                  type ->
                      type.isInterface()
                          || type.isEnum()
                          || type.getModifiers().contains(JavaModifier.FINAL)
                          || type.reflect().isSealed()));

  @ArchTest
  static final ArchRule noMutableStatics =
      fields()
          .that()
          .areStatic()
          .and(
              describe(
                  "aren't made by the compiler",
                  field ->
                      !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                          && !field.getName().startsWith("$")))
          .should()
          .beFinal();

  @ArchTest
  static final ArchRule noRecordHoldsAnArray =
      classes()
          .that()
          .areRecords()
          .should(
              condition(
                  "hold no array",
                  type ->
                      Arrays.stream(type.reflect().getRecordComponents())
                          .noneMatch(component -> component.getType().isArray())));

  @ArchTest
  static final ArchRule noBareExceptions =
      noClasses()
          .should()
          .accessTargetWhere(
              makes(
                  Set.of(
                      RuntimeException.class.getName(),
                      Exception.class.getName(),
                      Error.class.getName())));

  @ArchTest
  static final ArchRule noStrayThreads =
      noClasses()
          .should()
          .accessTargetWhere(uses(ForkJoinPool.class, "commonPool"))
          .orShould()
          .accessTargetWhere(uses(Collection.class, "parallelStream"));

  @ArchTest
  static final ArchRule timeIsReadInOnePlace =
      noClasses()
          .that(resideOutsideOfPackages(TESTKIT))
          .and()
          .doNotHaveSimpleName("Ticker")
          .and()
          .doNotHaveSimpleName("Sleeper")
          .should()
          .accessTargetWhere(uses(System.class, "nanoTime"))
          .orShould()
          .accessTargetWhere(uses(Thread.class, "sleep"))
          .orShould()
          .accessTargetWhere(uses(TimeUnit.class, "sleep"));

  @ArchTest
  static final ArchRule onlyTheProgramPrints =
      noClasses()
          .that(resideOutsideOfPackages(CLI))
          .should()
          .accessTargetWhere(uses(System.class, "out"))
          .orShould()
          .accessTargetWhere(uses(Throwable.class, "printStackTrace"));

  @ArchTest
  static final ArchRule noCycles = slices().matching("dev.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule noNamesThatSayNothing =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameStartingWith("Abstract")
          .orShould()
          .resideInAPackage("..internal..");

  /** By a call or by a method reference, also by one through a subtype. */
  private static DescribedPredicate<JavaAccess<?>> uses(Class<?> owner, String member) {
    return describe(
        "uses " + owner.getSimpleName() + "." + member,
        access ->
            access.getTarget().getName().equals(member)
                && access.getTargetOwner().isAssignableTo(owner));
  }

  /** Other than by the constructor of a subclass, which makes nothing bare. */
  private static DescribedPredicate<JavaAccess<?>> makes(Set<String> types) {
    return describe(
        "makes one of " + types,
        access ->
            access.getTarget().getName().equals("<init>")
                && types.contains(access.getTargetOwner().getName())
                && !isSuperCall(access));
  }

  /** A constructor calls that of its superclass, which makes nothing bare. */
  private static boolean isSuperCall(JavaAccess<?> access) {
    return access.getOrigin().getName().equals("<init>")
        && access
            .getOriginOwner()
            .getRawSuperclass()
            .filter(type -> type.equals(access.getTargetOwner()))
            .isPresent();
  }

  private static ArchCondition<JavaClass> condition(
      String description, Predicate<JavaClass> predicate) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean holds = type.isAnonymousClass() || predicate.test(type);
        events.add(new SimpleConditionEvent(type, holds, type.getName() + " must " + description));
      }
    };
  }
}
