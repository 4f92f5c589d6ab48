package dev.vectorstore.migration;

import static dev.vectorstore.migration.SampleStore.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionInfo.UnreadColumn;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stands on the page of a verification. */
class VerifyHtmlTest {
  private static final int ROWS = 1_200;
  private static final String SCRIPT = "<script>\"alert\"&</script>";
  private static final String ESCAPED = "&lt;script&gt;&quot;alert&quot;&amp;&lt;/script&gt;";

  private final VectorStore source = SampleStore.withPages(ROWS);
  private final VectorStore target = SampleStore.withPages(ROWS);

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  /** Two rows are missing, one is too many, one has another text, and one another vector. */
  @BeforeEach
  void damage() {
    VectorCollection pages = target.collection(SampleStore.PAGES);
    pages.delete(List.of(RecordId.of(1), RecordId.of(2)));
    pages.upsert(VectorRecord.of(RecordId.of("stranger"), Payload.empty()));
    VectorRecord other = pages.fetch(RecordId.of(3)).orElseThrow();
    pages.upsert(
        other.withPayload(other.payload().toBuilder().put("content", "another").build()),
        pages.fetch(RecordId.of(4)).orElseThrow().withoutVectors());
  }

  private Verify.Builder verify() {
    return verify(route(source, target));
  }

  private Verify.Builder verify(Route route) {
    return Verify.of(route).sample(30).k(5);
  }

  private static String row(String name, String value) {
    return "<tr><td>" + name + "</td><td class=\"number\">" + value + "</td></tr>";
  }

  @Test
  void theFiguresStandOnThePage() {
    VerifyReport report = verify().build().run();
    VerifyReport.Collection pages = report.collections().get(0);
    String html = report.toHtml();

    assertThat(html)
        .startsWith("<!DOCTYPE html>")
        .endsWith("</body>\n</html>\n")
        .contains("<h1>Verification: <span class=\"failed\">failed</span></h1>")
        .contains("<p>From <code>source</code> to <code>target</code>. The bar for the overlap is ")
        .contains("<h2>crawled_pages</h2>")
        .contains(row("Rows of the source", "1,200"))
        .contains(row("Records of the target", "1,199"))
        .contains(row("Missing in the target", "2"))
        .contains(row("In the target alone", "1"))
        .contains(row("Payloads that differ", "1"))
        .contains(row("Vectors that differ", "1"))
        .contains(row("Rows that can't be moved", "0"))
        .contains(row("Rows that weren't compared", "0"))
        .contains(row("Rows without a vector", "120"))
        .contains(row("Queries", "30"))
        .contains(row("Queries that it can't be asked", "0"))
        .contains(
            row(
                "Overlap of the target at 5",
                String.format(Locale.ROOT, "%.4f", pages.overlap().orElseThrow())))
        .contains(row("Overlap of the source's own search", "1.0000"));
  }

  @Test
  void theTablesAndListsStandOnThePage() {
    ParityQuery lost = ParityQuery.of("lost", null, "number1", null);
    String html = verify().queries(List.of(lost)).build().run().toHtml();

    assertThat(html)
        .contains("<tr><th>Kind of query</th><th>Target</th><th>Source</th></tr>")
        .contains("<tr><td>vector</td><td class=\"number\">")
        .contains("<tr><td>filtered</td><td class=\"number\">")
        .contains("<tr><td>text</td><td class=\"number\">0.0000</td><td class=\"number\">1.0000")
        .contains("<tr><th>source_id</th><th>Source</th><th>Target</th></tr>")
        .contains("<tr><td>s1</td><td class=\"number\">300</td><td class=\"number\">299</td></tr>")
        .contains("<h3>Why the target's answers differ</h3>")
        .contains("<tr><td>" + Parity.MISSING + "</td>")
        .contains("<h3>Records</h3>\n<ul>\n<li>")
        .contains("<h3>Differences of the target</h3>")
        .contains("<li>lost, text, record 1: " + Parity.MISSING + "</li>")
        .doesNotContain("<h3>Differences of the source's own search</h3>");
  }

  @Test
  void whatTheSourceGetsWrongStandsOnThePage() {
    Watched.Events missing =
        new Watched.Events() {
          @Override
          public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
            return hits.isEmpty() ? hits : hits.subList(1, hits.size());
          }
        };
    String html = verify(route(new Watched(source, missing), target)).build().run().toHtml();

    assertThat(html)
        .contains("<h3>Why the source's own answers differ</h3>")
        .contains("<h3>Differences of the source's own search</h3>");
  }

  @Test
  void whatCannotBeMovedStandsOnThePage() {
    CollectionSpec spec = CollectionSpec.builder("two").vectors(3, Metric.COSINE).build();
    source.ensureCollection(spec);
    target.ensureCollection(spec);
    UnreadColumn unread = new UnreadColumn("title_embedding", "vector(2)");
    VectorStore from = SampleStore.unreading(source, unread);

    assertThat(verify(route(from, target).collection("two")).build().run().toHtml())
        .contains("<h3>Columns of the source that can't be moved</h3>")
        .contains("<li>title_embedding (vector(2))</li>")
        .contains(row("Overlap of the target at 5", "not asked"))
        .doesNotContain("Kind of query");
  }

  @Test
  void noTextOfTheStoresBecomesPartOfThePage() {
    for (VectorStore store : List.of(source, target)) {
      store
          .ensureCollection(
              CollectionSpec.builder("odd").field("source_id", FieldType.KEYWORD).build())
          .upsert(
              VectorRecord.of(
                  RecordId.of(SCRIPT), Payload.builder().put("source_id", SCRIPT).build()));
    }
    target.collection("odd").delete(List.of(RecordId.of(SCRIPT)));
    String html =
        verify(Route.from(source, SCRIPT).to(target, SCRIPT + "2").collection("odd"))
            .queries(List.of(ParityQuery.of(SCRIPT, null, "x", null)))
            .build()
            .run()
            .toHtml();

    assertThat(html).doesNotContain("<script", "\"alert\"");
    assertThat(html)
        .contains("From <code>" + ESCAPED + "</code> to <code>" + ESCAPED + "2</code>")
        .contains("<tr><td>" + ESCAPED + "</td>")
        .contains("<li>" + ESCAPED + "</li>")
        .contains(ESCAPED + " is missing in the target");
  }
}
