package dev.vectorstore.migration;

import dev.vectorstore.CollectionInfo.UnreadColumn;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The report of a verification for people: one page, nothing loaded from elsewhere. Stateless. */
final class VerifyHtml {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <title>Verification</title>
      <style>
      body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em }
      table { border-collapse: collapse; margin: 1em 0 }
      th, td { border-bottom: 1px solid #ccc; padding: .25em .8em; text-align: left }
      td.number { text-align: right; font-variant-numeric: tabular-nums }
      .passed { color: #176b2c } .failed { color: #a11 }
      </style>
      </head>
      <body>
      """;

  private static final String RANKED =
      """
      <p>The target ranks texts by relevance (BM25), by figures of its own such as how rare a term is. So the
      order of a text's answer isn't judged: it is right if it has as many records as match, up to
      k, and each of them matches. A hybrid answer is right if it is the fusion of the exact order
      and of the target's own ranking by text, which is judged that way.</p>
      """;

  private final StringBuilder page = new StringBuilder(HEAD);

  private VerifyHtml() {}

  static String write(VerifyReport report) {
    VerifyHtml html = new VerifyHtml();
    html.summary(report);
    report.collections().forEach(html::collection);
    return html.page.append("</body>\n</html>\n").toString();
  }

  private void summary(VerifyReport report) {
    String verdict = report.passed() ? "passed" : "failed";
    page.append(
        "<h1>Verification: <span class=\"%s\">%s</span></h1>\n".formatted(verdict, verdict));
    page.append("<p>From <code>").append(escaped(report.from())).append("</code> to <code>");
    page.append(escaped(report.to())).append("</code>. The bar for the overlap is ");
    page.append(report.minOverlap()).append(".</p>\n");
    page.append(
        """
        <p>The exact order is computed over the source's rows. An overlap is the share of the exact
        order's first k that an answer has, ties counted, as the mean over all queries.</p>
        """);
    list("Queries that no collection could be asked", report.queriesNotAsked());
    list("Collections that were left out, since the target has none so called", report.leftOut());
  }

  private void collection(VerifyReport.Collection collection) {
    page.append("<h2>").append(escaped(collection.name())).append("</h2>\n<table>\n");
    row("Rows of the source", collection.countFrom());
    row("Records of the target", collection.countTo());
    row("Missing in the target", collection.missing());
    row("In the target alone", collection.extra());
    row("Payloads that differ", collection.payloadMismatches());
    row("Vectors that differ", collection.vectorMismatches());
    row("Rows that can't be moved", collection.unmovable());
    row("Rows that weren't compared", collection.uncompared());
    row("Rows without a vector", collection.withoutVector());
    VerifyReport.Conditions conditions = collection.searches().conditions();
    row("Queries", collection.searches().target().queries());
    row("Queries that it can't be asked", conditions.unasked());
    overlap("Overlap of the target at " + conditions.k(), collection.overlap());
    overlap("Overlap of the source's own search", collection.sourceOverlap());
    page.append("</table>\n");
    kinds(collection);
    sources(collection.counts().bySource());
    causes("Why the target's answers differ", collection.causes());
    causes("Why the source's own answers differ", collection.sourceCauses());
    list(
        "Columns of the source that can't be moved",
        collection.unreadColumns().stream().map(UnreadColumn::toString).toList());
    list("Records", collection.compared().examples());
    differences("Differences of the target", collection.searches().target());
    differences("Differences of the source's own search", collection.searches().source());
  }

  private void kinds(VerifyReport.Collection collection) {
    Map<Probe.Kind, Double> source = collection.searches().source().byKind();
    Map<Probe.Kind, Double> target = collection.searches().target().byKind();
    if (target.isEmpty()) {
      return;
    }
    page.append("<table>\n<tr><th>Kind of query</th><th>Target</th><th>Source</th></tr>\n");
    target.forEach(
        (kind, mean) -> {
          page.append("<tr><td>").append(kind.name().toLowerCase(Locale.ROOT)).append("</td>");
          cell(decimal(mean));
          cell(source.containsKey(kind) ? decimal(source.get(kind)) : "not asked");
          page.append("</tr>\n");
        });
    page.append("</table>\n");
    if (collection.searches().conditions().ranked()
        && (target.containsKey(Probe.Kind.TEXT) || target.containsKey(Probe.Kind.HYBRID))) {
      page.append(RANKED);
    }
  }

  private void sources(Map<String, List<Long>> bySource) {
    if (bySource.isEmpty()) {
      return;
    }
    page.append("<table>\n<tr><th>source_id</th><th>Source</th><th>Target</th></tr>\n");
    bySource.forEach(
        (id, counts) -> {
          page.append("<tr><td>").append(escaped(id)).append("</td>");
          counts.forEach(count -> cell(String.format(Locale.ROOT, "%,d", count)));
          page.append("</tr>\n");
        });
    page.append("</table>\n");
  }

  private void causes(String title, Map<String, Long> causes) {
    if (causes.isEmpty()) {
      return;
    }
    page.append("<h3>").append(escaped(title)).append("</h3>\n<table>\n");
    causes.forEach(this::row);
    page.append("</table>\n");
  }

  private void list(String title, List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    page.append("<h3>").append(escaped(title)).append("</h3>\n<ul>\n");
    lines.forEach(line -> page.append("<li>").append(escaped(line)).append("</li>\n"));
    page.append("</ul>\n");
  }

  private void differences(String title, ParitySummary summary) {
    list(
        title,
        summary.differences().stream()
            .map(d -> "%s, record %s: %s".formatted(d.query(), d.record(), d.cause()))
            .toList());
  }

  private void row(String name, long value) {
    page.append("<tr><td>").append(escaped(name)).append("</td>");
    cell(String.format(Locale.ROOT, "%,d", value));
    page.append("</tr>\n");
  }

  private void overlap(String name, OptionalDouble value) {
    page.append("<tr><td>").append(escaped(name)).append("</td>");
    cell(value.isPresent() ? decimal(value.getAsDouble()) : "not asked");
    page.append("</tr>\n");
  }

  private void cell(String text) {
    page.append("<td class=\"number\">").append(escaped(text)).append("</td>");
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
