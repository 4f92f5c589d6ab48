package dev.vectorstore.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * One HTML page of SQLite's documentation as plain blocks: no markup, no menus, no drawings. Not
 * safe for threads.
 */
final class DocPage {

  private static final String CHROME =
      "script, style, svg, img, button, .nosearch, .menu, .searchmenu, .imgcontainer, .fancy_toc,"
          + " .rightsidebar, .showhide, p:has(> button)";

  private static final Pattern BOILERPLATE =
      Pattern.compile(
          "See also lists? of Objects, .*|This page last modified on .*|A complete list of SQLite"
              + " releases in a single page .*|\\*?This page was last updated on .*");

  private static final String LAYOUT = "p, ul, ol, dl, pre, table, blockquote, h1, h2, h3, h4";

  private final String url;
  private final String title;
  private final List<DocBlock> blocks = new ArrayList<>();
  private final StringBuilder inline = new StringBuilder();
  private String bullet = "";

  private DocPage(String url, String title) {
    this.url = url;
    this.title = title;
  }

  static DocPage parse(Path file, String url) throws IOException {
    Document html = Jsoup.parse(file, "UTF-8");
    html.select(CHROME).remove();
    DocPage page = new DocPage(url, html.title().strip());
    page.heading(0, page.title);
    page.walk(html.body());
    page.flush();
    return page;
  }

  String url() {
    return url;
  }

  String title() {
    return title;
  }

  List<DocBlock> blocks() {
    return List.copyOf(blocks);
  }

  private void walk(Node node) {
    if (node instanceof TextNode text) {
      inline.append(text.getWholeText());
    } else if (node instanceof Element element) {
      walk(element);
    }
  }

  private void walk(Element element) {
    switch (element.normalName()) {
      case "pre" -> code(element);
      case "h", "h1", "h2", "h3", "h4", "h5", "h6" -> heading(element);
      case "br" -> inline.append(' ');
      case "tr" -> row(element);
      case "li" -> {
        flush();
        bullet = "- ";
        element.childNodes().forEach(this::walk);
        flush();
        bullet = "";
      }
      default -> {
        flushAround(element);
        element.childNodes().forEach(this::walk);
        flushAround(element);
      }
    }
  }

  private void flushAround(Element element) {
    if (element.isBlock()) {
      flush();
    }
  }

  private void row(Element row) {
    flush();
    if (row.selectFirst(LAYOUT) != null) {
      row.childNodes().forEach(this::walk);
      flush();
      return;
    }
    String cells =
        row.children().stream()
            .map(cell -> squeeze(cell.text()))
            .filter(cell -> !cell.isEmpty())
            .collect(Collectors.joining(" | "));
    add(DocBlock.Kind.ITEM, cells);
  }

  private void heading(Element element) {
    flush();
    // "h" is SQLite's own mark for the start of an entry, read by its site search only.
    int level = element.normalName().length() == 1 ? 3 : element.normalName().charAt(1) - '0';
    heading(level, squeeze(element.text()));
  }

  private void heading(int level, String text) {
    boolean repeatsTitle = level > 0 && text.equalsIgnoreCase(title);
    if (!text.isEmpty() && !repeatsTitle) {
      blocks.add(new DocBlock(DocBlock.Kind.HEADING, level, text));
    }
  }

  private void code(Element pre) {
    flush();
    String code = pre.wholeText().replace("\r", "").stripTrailing().replaceFirst("^(\\s*\\n)+", "");
    if (!code.isBlank()) {
      blocks.add(new DocBlock(DocBlock.Kind.CODE, 0, code.stripIndent()));
    }
  }

  private void flush() {
    String text = squeeze(inline.toString());
    inline.setLength(0);
    if (text.isEmpty()) {
      return;
    }
    if (bullet.isEmpty()) {
      add(DocBlock.Kind.TEXT, text);
    } else {
      add(DocBlock.Kind.ITEM, bullet + text);
      bullet = "";
    }
  }

  private void add(DocBlock.Kind kind, String text) {
    if (!text.isEmpty() && !BOILERPLATE.matcher(text).matches()) {
      blocks.add(new DocBlock(kind, 0, text));
    }
  }

  private static String squeeze(String text) {
    return text.replaceAll("[\\s\\u00a0]+", " ").strip();
  }
}
