package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestTemplate;
import org.junit.platform.commons.support.AnnotationSupport;

/** docs/CONTRACT.md and the kit say the same. */
final class ContractDocumentTest {
  private static final Pattern RULE = Pattern.compile("^### ([A-Z]-\\d\\d) (.+)$");

  @Test
  void everyRuleHasATestAndEveryTestARule() throws IOException {
    TreeSet<String> tested = new TreeSet<>();
    ContractCheck.tests(VectorStoreContract.class).stream()
        .flatMap(test -> Arrays.stream(test.getAnnotation(Rule.class).value()))
        .forEach(tested::add);
    assertThat(tested)
        .as("rules that tests name, compared with the headings of docs/CONTRACT.md")
        .isEqualTo(new TreeSet<>(rules().keySet()));
  }

  @Test
  void everyDefaultMethodOfTheKitIsATestWithARule() {
    for (Method method : VectorStoreContract.class.getMethods()) {
      if (method.isDefault()) {
        assertThat(isTest(method) && ruled(method))
            .as("%s is a test and has a @Rule", method)
            .isTrue();
      }
    }
  }

  @Test
  void everyRuleSaysItsIntent() throws IOException {
    rules()
        .forEach(
            (number, text) ->
                assertThat(text).as("rule %s: text and intent", number).contains("*Intent:*"));
  }

  private static boolean isTest(Method method) {
    return Stream.of(Test.class, TestFactory.class, TestTemplate.class)
        .anyMatch(test -> AnnotationSupport.isAnnotated(method, test));
  }

  private static boolean ruled(Method method) {
    return method.isAnnotationPresent(Rule.class)
        && method.getAnnotation(Rule.class).value().length > 0;
  }

  private static Map<String, String> rules() throws IOException {
    Map<String, String> rules = new LinkedHashMap<>();
    String number = "";
    for (String line : Files.readAllLines(document())) {
      Matcher heading = RULE.matcher(line);
      if (heading.matches()) {
        number = heading.group(1);
        assertThat(rules.put(number, "")).as("rule %s is there once", number).isNull();
      } else if (line.startsWith("#")) {
        number = "";
      } else if (!number.isEmpty()) {
        rules.merge(number, line + "\n", String::concat);
      }
    }
    return rules;
  }

  private static Path document() {
    return Path.of(System.getProperty("project.root"), "docs", "CONTRACT.md");
  }
}
