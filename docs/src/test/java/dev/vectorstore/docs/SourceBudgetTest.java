package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Files and methods stay short enough to be read. */
class SourceBudgetTest {
  private static final int FILE = 400;
  private static final int METHOD = 40;
  private static final int TEST_METHOD = 60;
  private static final int PARAMETERS = 5;

  /** What the medians are now, rounded up. They may only fall. */
  private static final int FILE_MEDIAN = 95;

  private static final int METHOD_MEDIAN = 5;

  private static final Map<String, String> LONG_TEST_METHODS =
      Map.of(
          "dev.vectorstore.supabase.FilterTest#answered",
          "a table: each filter and the rows that Postgres answers",
          "dev.vectorstore.supabase.SqlFunctionsTest#computes",
          "a table: each call of a function and its answer");

  private static SourceSizes main;
  private static SourceSizes tests;

  @BeforeAll
  static void parse() throws IOException {
    main = SourceSizes.ofProject("main");
    tests = SourceSizes.ofProject("test");
  }

  @Test
  void noFileHasMoreThanFourHundredLines() {
    String advice = "files of more than %d lines: split them by what they are about";
    assertThat(main.filesOver(FILE)).as(advice, FILE).isEmpty();
    assertThat(tests.filesOver(FILE)).as(advice, FILE).isEmpty();
  }

  @Test
  void halfOfTheFilesAreShort() {
    assertThat(main.medianOfFiles())
        .as("the median of the lines of a file may only fall: split what you made longer")
        .isBetween(50, FILE_MEDIAN);
  }

  @Test
  void noMethodHasMoreThanFortyLines() {
    assertThat(main.methodsOver(METHOD))
        .as("methods of more than %d lines: split them by what they do", METHOD)
        .isEmpty();
  }

  @Test
  void halfOfTheMethodsAreShort() {
    assertThat(main.medianOfMethods())
        .as("the median of the lines of a method may only fall: split what you made longer")
        .isBetween(1, METHOD_MEDIAN);
  }

  @Test
  void noMethodOfATestHasMoreThanSixtyLinesExceptTables() {
    assertThat(tests.methodsOver(TEST_METHOD))
        .as("methods of more than %d lines: split them, or give a table its reason", TEST_METHOD)
        .containsOnlyKeys(LONG_TEST_METHODS.keySet());
  }

  @Test
  void noMethodHasMoreThanFiveParameters() {
    String advice = "methods of more than %d parameters: which of them belong together?";
    assertThat(main.parametersOver(PARAMETERS)).as(advice, PARAMETERS).isEmpty();
    assertThat(tests.parametersOver(PARAMETERS)).as(advice, PARAMETERS).isEmpty();
  }

  @Test
  void aFileOfOneLineMoreIsSeen() throws IOException {
    SourceSizes sizes =
        parse("package a;\nclass Full {}\n" + "\n".repeat(398), "class Over {}" + "\n".repeat(401));

    assertThat(sizes.filesOver(400)).containsOnly(Map.entry("B", 401));
    assertThat(sizes.filesOver(399)).containsOnlyKeys("a.A", "B");
  }

  @Test
  void aMethodOfOneLineMoreIsSeenWhereverItIs() throws IOException {
    String full = method("full", 40);
    SourceSizes sizes =
        parse(
            "class A {" + full + method("A", 41).replace("void ", "") + "}",
            "record B(int b) { B {" + "\n".repeat(40) + "} }",
            "enum C { ONE { " + method("ofAConstant", 41) + "} }",
            "class D { Object o = new Object() {" + method("ofAnAnonymous", 42) + "}; }",
            "interface E { /** No line of it. \n\n\n*/ default "
                + method("ofAnInterface", 41)
                + "}",
            "interface F { void withoutBody(" + "\n".repeat(50) + "); }");

    assertThat(sizes.methodsOver(40))
        .containsOnly(
            Map.entry("A#<init>", 41),
            Map.entry("B#<init>", 41),
            Map.entry("C#ofAConstant", 41),
            Map.entry("D#ofAnAnonymous", 42),
            Map.entry("E#ofAnInterface", 41));
  }

  @Test
  void aSixthParameterIsSeenAlsoWithoutABody() throws IOException {
    SourceSizes sizes =
        parse(
            "interface A { void five(int a, int b, int c, int d, int e); }",
            "interface B { void six(int a, int b, int c, int d, int e, int... f); }");

    assertThat(sizes.parametersOver(5)).containsOnly(Map.entry("B#six", 6));
  }

  @Test
  void aMedianRisesWithHalfOfItsLengths() throws IOException {
    String file = "class A { " + method("a", 5) + "void b() {} void c() {} abstract void d();}";
    assertThat(parse(file).medianOfMethods()).isEqualTo(1);
    assertThat(parse(file, "class B {" + method("b", 7) + "}").medianOfMethods()).isEqualTo(5);
    assertThat(parse(file, file).medianOfFiles()).isEqualTo(6);
    assertThat(parse(file, "\n".repeat(9), "\n".repeat(9)).medianOfFiles()).isEqualTo(9);
  }

  @Test
  void whatCannotBeParsedIsNotTakenForShort() {
    assertThatThrownBy(() -> parse("class A { void a() { }"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("A.java:1");
  }

  private static String method(String name, int lines) {
    return "void " + name + "() {" + "\n".repeat(lines - 1) + "}\n";
  }

  /** The sizes of A.java, B.java... */
  private static SourceSizes parse(String... texts) throws IOException {
    return SourceSizes.of(
        Stream.iterate(0, i -> i < texts.length, i -> i + 1)
            .map(i -> source((char) ('A' + i) + ".java", texts[i]))
            .toList());
  }

  private static JavaFileObject source(String name, String text) {
    return new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
