package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.cli.DocBlock.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocPageTest {

  private static final String PAGE =
      """
      <html><head><title>Rows &amp; keys</title></head><body>
      <div class=nosearch><ul class="menu"><li>Home</ul></div><script>var a = 1;</script>
      <h1 id="x"><span>1. </span>Start</h1>
      <p>A table has   rows
      &mdash; each with a <a href="k.html">key</a>.</p>
      <ul><li><p>first</p><li>second</ul>
      <p>Make one with a statement like this. For example:</p>
      <pre>
      CREATE TABLE t1(a INTEGER PRIMARY KEY,
        b TEXT &lt; 3);</pre>
      <table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>one</td></tr></table>
      <p>See also lists of <a>Objects</a>, <a>Constants</a>, and <a>Functions</a>.</p>
      </body></html>
      """;

  @TempDir private Path folder;

  @Test
  void readsBlocksInOrderWithoutMenusScriptsAndLinkLists() throws IOException {
    assertThat(page().blocks())
        .containsExactly(
            new DocBlock(Kind.HEADING, 0, "Rows & keys"),
            new DocBlock(Kind.HEADING, 1, "1. Start"),
            new DocBlock(Kind.TEXT, 0, "A table has rows \u2014 each with a key."),
            new DocBlock(Kind.ITEM, 0, "- first"),
            new DocBlock(Kind.ITEM, 0, "- second"),
            new DocBlock(Kind.TEXT, 0, "Make one with a statement like this. For example:"),
            new DocBlock(Kind.CODE, 0, "CREATE TABLE t1(a INTEGER PRIMARY KEY,\n  b TEXT < 3);"),
            new DocBlock(Kind.ITEM, 0, "a | b"),
            new DocBlock(Kind.ITEM, 0, "1 | one"));
  }

  @Test
  void takesListingsWithTheSentencesBeforeThem() throws IOException {
    List<CodeExample> examples = CodeExample.of(page());

    assertThat(examples).hasSize(1);
    assertThat(examples.get(0).language()).isEqualTo("sql");
    assertThat(examples.get(0).summary())
        .isEqualTo("Make one with a statement like this. For example:");
    assertThat(examples.get(0).section().path()).containsExactly("Rows & keys", "1. Start");
  }

  private DocPage page() throws IOException {
    Path file = Files.writeString(folder.resolve("rows.html"), PAGE);
    return DocPage.parse(file, "https://sqlite.org/rows.html");
  }
}
