package dev.vectorstore.cli;

import dev.vectorstore.cli.DocChunk.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A listing of a page, summed up by the sentence before it. */
record CodeExample(String code, String summary, String language, Section section) {

  private static final int SHORTEST = 40;
  private static final int LONGEST = 4000;
  private static final int TELLING = 40;
  private static final int SUMMARY_LIMIT = 400;

  private static final Pattern SHELL =
      Pattern.compile("^(\\$ |sqlite> |%|\\./|gcc |cc |make |tclsh )", Pattern.MULTILINE);
  private static final Pattern C =
      Pattern.compile(
          "sqlite3_\\w+\\(|^\\s*#(define|include|if)|^\\s*(int|void|char|struct|typedef|static)\\b",
          Pattern.MULTILINE);
  private static final Pattern SQL =
      Pattern.compile(
          "^\\s*(SELECT|INSERT|CREATE|UPDATE|DELETE|PRAGMA|WITH|ALTER|DROP|BEGIN|ATTACH|EXPLAIN"
              + "|VACUUM|REPLACE|REINDEX|ANALYZE|SAVEPOINT|VALUES)\\b",
          Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);

  static List<CodeExample> of(DocPage page) {
    List<CodeExample> examples = new ArrayList<>();
    List<DocBlock> outline = new ArrayList<>();
    Section section = new Section(page.title(), 0, List.of());
    String before = "";
    for (DocBlock block : page.blocks()) {
      switch (block.kind()) {
        case HEADING -> {
          section = Chunker.enter(outline, block);
          before = "";
        }
        case CODE -> {
          Section place = section;
          String lead = before;
          language(block.text())
              .map(found -> new CodeExample(block.text(), sumUp(lead, place), found, place))
              .ifPresent(examples::add);
        }
        case TEXT, ITEM -> before = block.text();
      }
    }
    return examples;
  }

  private static Optional<String> language(String code) {
    if (code.length() < SHORTEST || code.length() > LONGEST) {
      return Optional.empty();
    }
    if (SHELL.matcher(code).find()) {
      return Optional.of("shell");
    }
    if (C.matcher(code).find()) {
      return Optional.of("c");
    }
    return SQL.matcher(code).find() ? Optional.of("sql") : Optional.empty();
  }

  private static String sumUp(String before, Section section) {
    String place = String.join(": ", section.path());
    String[] sentences = before.replaceFirst("^- ", "").split("(?<=[.!?])\\s+");
    StringBuilder summary = new StringBuilder();
    for (int i = sentences.length - 1; i >= 0 && summary.length() < TELLING; i--) {
      summary.insert(0, i == sentences.length - 1 ? sentences[i] : sentences[i] + " ");
    }
    if (summary.length() < TELLING || summary.length() > SUMMARY_LIMIT) {
      return place;
    }
    return summary.toString();
  }
}
