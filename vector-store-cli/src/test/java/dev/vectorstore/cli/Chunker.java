package dev.vectorstore.cli;

import dev.vectorstore.cli.DocBlock.Kind;
import dev.vectorstore.cli.DocChunk.Section;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a page into chunks as a crawler for retrieval does: at headings where a chunk is long
 * enough, then at paragraphs, then at sentences or lines of code. Not safe for threads; one per
 * page.
 */
final class Chunker {

  private static final int LIMIT = 900;
  private static final int ENOUGH = 600;
  private static final int SECTION_END = 400;
  private static final int SCRAP = 200;

  private final List<DocChunk> chunks = new ArrayList<>();
  private final List<DocBlock> outline = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final List<String> headings = new ArrayList<>();
  private Section here = new Section("", 0, List.of());
  private Section start = here;
  private boolean body;
  private boolean code;
  private Kind last = Kind.HEADING;

  private Chunker() {}

  static List<DocChunk> cut(List<DocBlock> blocks) {
    Chunker chunker = new Chunker();
    for (DocBlock block : blocks) {
      if (block.kind() == Kind.HEADING) {
        chunker.heading(block);
      } else {
        chunker.add(block);
      }
    }
    chunker.flush();
    chunker.mergeScrap();
    return chunker.chunks;
  }

  /** The section that a heading opens, with the outline kept up to date. */
  static Section enter(List<DocBlock> outline, DocBlock heading) {
    outline.removeIf(above -> above.level() >= heading.level());
    outline.add(heading);
    return new Section(
        heading.text(), heading.level(), outline.stream().map(DocBlock::text).toList());
  }

  private void heading(DocBlock heading) {
    if (text.length() >= SECTION_END) {
      flush();
    }
    here = enter(outline, heading);
    if (!body) {
      start = here;
    }
    headings.add(heading.text());
    append(heading.text(), "\n\n");
    last = Kind.HEADING;
  }

  private void add(DocBlock block) {
    if (text.length() >= ENOUGH && text.length() + block.text().length() > LIMIT) {
      flush();
    }
    boolean listed = block.kind() == Kind.ITEM && last == Kind.ITEM;
    String separator = listed ? "\n" : "\n\n";
    for (String piece : pieces(block)) {
      if (body && text.length() + separator.length() + piece.length() > LIMIT) {
        flush();
      }
      append(piece, separator);
      body = true;
      code |= block.kind() == Kind.CODE;
      separator = block.kind() == Kind.CODE ? "\n" : " ";
    }
    last = block.kind();
  }

  private void append(String piece, String separator) {
    if (!text.isEmpty()) {
      text.append(separator);
    }
    text.append(piece);
  }

  private void flush() {
    if (body) {
      chunks.add(new DocChunk(text.toString().strip(), start, headings, code));
      headings.clear();
      text.setLength(0);
      body = false;
      code = false;
    }
    start = here;
  }

  private void mergeScrap() {
    int size = chunks.size();
    if (size < 2 || chunks.get(size - 1).content().length() >= SCRAP) {
      return;
    }
    DocChunk scrap = chunks.remove(size - 1);
    DocChunk before = chunks.remove(size - 2);
    List<String> both = new ArrayList<>(before.headings());
    both.addAll(scrap.headings());
    chunks.add(
        new DocChunk(
            before.content() + "\n\n" + scrap.content(),
            before.section(),
            both,
            before.hasCode() || scrap.hasCode()));
  }

  private static List<String> pieces(DocBlock block) {
    String boundary = block.kind() == Kind.CODE ? "\n" : "(?<=[.!?;:])\\s+";
    List<String> pieces = new ArrayList<>();
    for (String piece : block.text().split(boundary)) {
      String rest = piece;
      while (rest.length() > LIMIT) {
        int space = rest.lastIndexOf(' ', LIMIT);
        int end = space > LIMIT / 2 ? space : LIMIT;
        pieces.add(rest.substring(0, end));
        rest = rest.substring(end).strip();
      }
      pieces.add(rest);
    }
    return pieces;
  }
}
