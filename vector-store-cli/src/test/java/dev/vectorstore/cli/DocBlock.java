package dev.vectorstore.cli;

/** A piece of a documentation page in reading order; {@code level} counts for headings alone. */
record DocBlock(Kind kind, int level, String text) {

  /** What a block is: it decides how a chunk joins and cuts it. */
  enum Kind {
    HEADING,
    TEXT,
    ITEM,
    CODE
  }
}
