package dev.vectorstore.cli;

import java.util.List;

/** A part of a page for embedding; the section is where it starts, the headings all within. */
record DocChunk(String content, Section section, List<String> headings, boolean hasCode) {

  DocChunk {
    headings = List.copyOf(headings);
  }

  /** The place in a page's outline: the nearest heading, and the path to it. */
  record Section(String heading, int level, List<String> path) {
    Section {
      path = List.copyOf(path);
    }
  }
}
