package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every Java snippet that a reader can copy stands in a test of this module, between {@code // tag}
 * and {@code // end}, word for word but for the indentation; so it compiles, and runs.
 */
class SnippetsTest {
  private static final Pattern TAGGED =
      Pattern.compile("^( *)// tag\n(.*?)^ *// end$", Pattern.DOTALL | Pattern.MULTILINE);

  @Test
  void everySnippetOfAPageStandsInATestThatRuns() throws IOException {
    List<String> tested = tested();
    for (Path page : Pages.all()) {
      for (String snippet : Pages.snippets(page)) {
        assertThat(tested)
            .as("the snippets of %s stand between // tag and // end in a test", page)
            .contains(snippet);
      }
    }
  }

  @Test
  void everyTestedSnippetIsShownSomewhere() throws IOException {
    List<String> shown = new ArrayList<>();
    for (Path page : Pages.all()) {
      shown.addAll(Pages.snippets(page));
    }

    assertThat(shown).containsAll(tested());
  }

  @Test
  void everyLinkToAFileLeadsThere() throws IOException {
    for (Path page : Pages.all()) {
      for (String link : Pages.links(page)) {
        if (!link.contains("://")) {
          assertThat(page.resolveSibling(link)).as("a link in %s", page).exists();
        }
      }
    }
  }

  private static List<String> tested() throws IOException {
    List<String> snippets = new ArrayList<>();
    try (Stream<Path> tests = Files.walk(Pages.ROOT.resolve("docs/src/test/java"))) {
      for (Path test : tests.filter(path -> path.toString().endsWith(".java")).toList()) {
        Matcher tagged = TAGGED.matcher(Files.readString(test));
        while (tagged.find()) {
          String indentation = tagged.group(1);
          snippets.add(tagged.group(2).replaceAll("(?m)^" + indentation, ""));
        }
      }
    }
    return snippets;
  }
}
