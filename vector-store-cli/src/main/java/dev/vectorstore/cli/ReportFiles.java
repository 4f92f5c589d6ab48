package dev.vectorstore.cli;

import dev.vectorstore.migration.VerifyReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Writes a report as a page and, beside it, as JSON. Stateless. */
final class ReportFiles {
  private ReportFiles() {}

  /** Refuses a place for a report that can't take it, before the work whose report it is. */
  static void requireWritable(CommandSpec command, @Nullable Path html) {
    if (html == null) {
      return;
    }
    Path folder = html.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(html) || !Files.isWritable(folder)) {
      throw Stores.usage(command, "the report " + html + " can't be written; is its folder there?");
    }
  }

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
