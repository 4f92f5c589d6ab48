package dev.vectorstore;

import java.util.Arrays;

/**
 * What each code point is to a term, and its fold, whatever the JDK knows of Unicode: blocks of 128
 * code points, of which many are equal. Stateless.
 */
final class TermTable {
  /** Not of a term. */
  static final int NONE = 0;

  /** A letter or digit of a word. */
  static final int WORD = 1;

  /** A letter or mark of a script without spaces. */
  static final int RUN = 2;

  /** A mark, which belongs to what it follows. */
  static final int MARK = 3;

  /** A variation selector, which says how a character looks and not what it is. */
  static final int SELECTOR = 4;

  private static final int KIND_BITS = 3;
  private static final int BLOCK_BITS = 7;
  private static final int BLOCK = 1 << BLOCK_BITS;

  private static final int[] ENTRIES;
  private static final char[] BLOCK_STARTS = new char[(Character.MAX_CODE_POINT + 1) >> BLOCK_BITS];
  private static final byte[] BLOCKS;

  static {
    Reader in = new Reader(TermData.runs());
    ENTRIES = new int[in.next()];
    for (int i = 0; i < ENTRIES.length; i++) {
      int zigzag = in.next();
      ENTRIES[i] = zigzag >>> 1 ^ -(zigzag & 1);
    }
    BLOCKS = blocks(in);
  }

  private TermTable() {}

  /** The kind in the last bits, what the fold adds above them. */
  static int entry(int codePoint) {
    int start = BLOCK_STARTS[codePoint >> BLOCK_BITS];
    return ENTRIES[BLOCKS[start << BLOCK_BITS | codePoint & BLOCK - 1] & 0xff];
  }

  static int kindOf(int entry) {
    return entry & (1 << KIND_BITS) - 1;
  }

  static int fold(int codePoint, int entry) {
    return codePoint + (entry >> KIND_BITS);
  }

  static int fold(int codePoint) {
    return fold(codePoint, entry(codePoint));
  }

  /** Blocks of one run are shared, which most of them are; the others are made one by one. */
  private static byte[] blocks(Reader in) {
    byte[] blocks = new byte[0];
    int[] shared = new int[ENTRIES.length];
    Arrays.fill(shared, -1);
    int left = in.next();
    int entry = in.next();
    for (int i = 0; i < BLOCK_STARTS.length; i++) {
      boolean whole = left >= BLOCK;
      int number = whole ? shared[entry] : -1;
      if (number < 0) {
        number = blocks.length >> BLOCK_BITS;
        blocks = Arrays.copyOf(blocks, blocks.length + BLOCK);
        shared[entry] = whole ? number : shared[entry];
      }
      BLOCK_STARTS[i] = (char) number;
      int start = number << BLOCK_BITS;
      for (int at = 0; at < BLOCK; ) {
        int some = Math.min(left, BLOCK - at);
        Arrays.fill(blocks, start + at, start + at + some, (byte) entry);
        at += some;
        left -= some;
        if (left == 0 && in.hasNext()) {
          left = in.next();
          entry = in.next();
        }
      }
    }
    return blocks;
  }

  /** Reads numbers of seven bits a byte, the lowest first. */
  private static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean hasNext() {
      return at < bytes.length;
    }

    int next() {
      int number = 0;
      for (int shift = 0; ; shift += 7) {
        int part = bytes[at++];
        number |= (part & 0x7f) << shift;
        if (part >= 0) {
          return number;
        }
      }
    }
  }
}
