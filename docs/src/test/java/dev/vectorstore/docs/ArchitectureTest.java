package dev.vectorstore.docs;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
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
                  "java..", API, TESTKIT, "org.junit..", "org.assertj..", "org.jspecify.."));

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
          .dependOnClassesThat(resideInAnyPackage("io.grpc..", "io.qdrant..", "com.google.."));

  /** The builders take a client of the caller's. */
  @ArchTest
  static final ArchRule httpIsRestsAndTheTestServers =
      noClasses()
          .that(resideOutsideOfPackages(REST, TESTSERVERS))
          .and()
          .haveNameNotMatching("dev\\.vectorstore\\.supabase\\.Supabase(\\$.*)?")
          .should()
          .dependOnClassesThat(resideInAnyPackage("java.net.http..", "com.sun.net.."));

  @ArchTest
  static final ArchRule luceneIsTheEmbeddedEngines =
      noClasses()
          .that(resideOutsideOfPackages(EMBEDDED))
          .should()
          .dependOnClassesThat(resideInAnyPackage("org.apache.lucene.."));

  /** The builders take a data source of the caller's. */
  @ArchTest
  static final ArchRule jdbcIsThatOfConnectionsToPostgres =
      noClasses()
          .that(resideOutsideOfPackages(POSTGRES))
          .and()
          .haveNameNotMatching("dev\\.vectorstore\\.supabase\\.Postgres(\\$.*)?")
          .should()
          .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql.."));

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
          .callConstructorWhere(
              makes(
                  Set.of(
                      RuntimeException.class.getName(),
                      Exception.class.getName(),
                      Error.class.getName())));

  @ArchTest
  static final ArchRule noStrayThreads =
      noClasses()
          .should()
          .callMethod(ForkJoinPool.class, "commonPool")
          .orShould()
          .callMethodWhere(
              describe(
                  "runs a parallel stream",
                  call -> call.getTarget().getName().equals("parallelStream")));

  @ArchTest
  static final ArchRule timeIsReadInOnePlace =
      noClasses()
          .that(resideOutsideOfPackages(TESTKIT))
          .and()
          .doNotHaveSimpleName("Ticker")
          .and()
          .doNotHaveSimpleName("Sleeper")
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(TimeUnit.class, "sleep", long.class);

  @ArchTest
  static final ArchRule onlyTheProgramPrints =
      noClasses()
          .that(resideOutsideOfPackages(CLI))
          .should()
          .accessField(System.class, "out")
          .orShould()
          .callMethod(Throwable.class, "printStackTrace");

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.(vectorstore).(**)").should().beFreeOfCycles();

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

  /** Other than by the constructor of a subclass, which makes nothing bare. */
  private static DescribedPredicate<JavaConstructorCall> makes(Set<String> types) {
    return describe(
        "makes one of " + types,
        call -> types.contains(call.getTargetOwner().getName()) && !isSuperCall(call));
  }

  /** A constructor calls that of its superclass, which makes nothing bare. */
  private static boolean isSuperCall(JavaConstructorCall access) {
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
