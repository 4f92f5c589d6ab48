package dev.vectorstore.cli;

import dev.vectorstore.migration.VerifyReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a report as a page and, beside it, as JSON. Stateless. */
final class ReportFiles {
  private ReportFiles() {}

  static void write(VerifyReport report, Path html) {
    String name = String.valueOf(html.getFileName());
    String twin = name.endsWith(".html") ? name.substring(0, name.length() - 5) : name;
    try {
      Files.writeString(html, report.toHtml());
      Files.writeString(html.resolveSibling(twin + ".json"), report.toJson() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("the report " + html + " can't be written", e);
    }
  }
}
