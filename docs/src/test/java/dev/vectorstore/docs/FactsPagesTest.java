package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The map of the code, and the pages on what the servers do, name classes, functions of our SQL,
 * tests and rules. Whoever renames one of these renames it there, too; whoever removes one has a
 * fact to take back.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FactsPagesTest {
  private static final Pattern ENTRY = Pattern.compile("(?ms)^- \\*\\*.*?(?=^- |^## |\\z)");
  private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]\\w*)(?:\\.(\\w+))?`");
  private static final Pattern FUNCTION = Pattern.compile("`([a-z_]+)\\(\\)`");
  private static final Pattern RULE = Pattern.compile("\\b[A-Z]-\\d\\d\\b");
  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|interface|record|enum) (\\w+)");

  /** Words of the servers and of Lucene, which look like classes of ours. */
  private static final Set<String> THEIRS =
      Set.of("SetPayload", "UpdateOnly", "UpdateBatch", "IndexSearcher");

  private static final String SCRIPT =
      "vector-store-supabase/src/main/resources/dev/vectorstore/supabase/sql";

  private final Map<String, String> sources = new HashMap<>();
  private final Map<Path, String> pages = new TreeMap<>();

  @BeforeAll
  void read() throws IOException {
    for (Path page : Pages.all()) {
      if (isFacts(page) || page.endsWith("architecture.md")) {
        pages.put(page, Files.readString(page));
      }
    }
    try (Stream<Path> files = Files.walk(Pages.ROOT)) {
      for (Path file : files.filter(FactsPagesTest::isSource).toList()) {
        String source = Files.readString(file);
        Matcher type = DECLARED.matcher(source);
        while (type.find()) {
          sources.merge(type.group(1), source, String::concat);
        }
      }
    }
  }

  private static boolean isFacts(Path page) {
    return page.toString().endsWith("-facts.md");
  }

  private static boolean isSource(Path file) {
    String path = file.toString();
    return path.endsWith(".java") && path.contains("/src/") && !path.contains("/target/");
  }

  @Test
  void eachFactSaysHowItWasSeenAndWhatTheCodeDoes() {
    List<Path> facts = pages.keySet().stream().filter(FactsPagesTest::isFacts).toList();
    assertThat(facts).hasSize(3);
    for (Path page : facts) {
      List<String> entries =
          ENTRY.matcher(pages.get(page)).results().map(MatchResult::group).toList();
      assertThat(entries).as("%s", page).hasSizeGreaterThan(10);
      assertThat(entries).as("%s", page).allMatch(FactsPagesTest::hasItsParts);
    }
  }

  private static boolean hasItsParts(String fact) {
    return fact.split("\\*Seen:\\*", -1).length == 2 && fact.split("\\*Code:\\*", -1).length == 2;
  }

  @Test
  void theClassesAndMembersThatAFactNamesAreThere() {
    assertThat(missing(TYPE, this::isThere)).isEmpty();
  }

  private boolean isThere(MatchResult named) {
    String source = sources.get(named.group(1));
    return THEIRS.contains(named.group(1))
        || (source != null
            && (named.group(2) == null
                || Pattern.compile("\\b" + named.group(2) + "\\b").matcher(source).find()));
  }

  @Test
  void theFunctionsOfOurSqlThatAFactNamesAreThere() throws IOException {
    StringBuilder parts = new StringBuilder();
    try (Stream<Path> files = Files.list(Pages.ROOT.resolve(SCRIPT))) {
      for (Path file : files.toList()) {
        parts.append(Files.readString(file));
      }
    }
    String sql = parts.toString();

    assertThat(
            missing(
                FUNCTION,
                named ->
                    sql.contains("function vector_store." + named.group(1) + "(")
                        || sql.contains("function public." + named.group(1) + "(")))
        .isEmpty();
  }

  @Test
  void theRulesThatAFactNamesAreInTheContract() throws IOException {
    String contract = Files.readString(Pages.ROOT.resolve("docs/CONTRACT.md"));

    assertThat(missing(RULE, named -> contract.contains("### " + named.group() + " "))).isEmpty();
  }

  /** What is named and isn't there, with its page. */
  private List<String> missing(Pattern name, Predicate<MatchResult> isThere) {
    List<String> missing = new ArrayList<>();
    pages.forEach(
        (page, text) ->
            name.matcher(text)
                .results()
                .filter(named -> !isThere.test(named))
                .forEach(named -> missing.add(named.group() + " in " + page.getFileName())));
    return missing;
  }
}
