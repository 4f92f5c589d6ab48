package dev.vectorstore.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * Writes texts of stores to a terminal: what would colour it, move its cursor or retitle it is
 * escaped as in JSON, so that it stays JSON in JSON. Tabs and line ends pass. Not safe for threads.
 */
final class PrintableWriter extends FilterWriter {
  PrintableWriter(Writer terminal) {
    super(terminal);
  }

  @Override
  public void write(int c) throws IOException {
    boolean plain = c == '\t' || c == '\n' || c == '\r' || !Character.isISOControl(c);
    if (plain) {
      out.write(c);
    } else {
      out.write(String.format("\\u%04x", c));
    }
  }

  @Override
  public void write(char[] text, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      write(text[i]);
    }
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      write(text.charAt(i));
    }
  }
}
