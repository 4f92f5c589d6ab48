package dev.vectorstore;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterCategory;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.lang.UScript;
import com.ibm.icu.util.VersionInfo;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes {@link TermData} of ICU's Unicode data: what each code point is to a term, and its fold.
 * ICU4J, in tests alone, is where that version of Unicode is to be had by its number.
 */
final class TermTableSource {
  private static final int[] WITHOUT_SPACES = {
    UScript.HAN,
    UScript.HIRAGANA,
    UScript.KATAKANA,
    UScript.THAI,
    UScript.LAO,
    UScript.KHMER,
    UScript.MYANMAR
  };

  private static final int LINE = 80;

  private TermTableSource() {}

  static VersionInfo unicode() {
    return UCharacter.getUnicodeVersion();
  }

  static int kind(int codePoint) {
    int category = UCharacter.getType(codePoint);
    boolean mark =
        category == UCharacterCategory.NON_SPACING_MARK
            || category == UCharacterCategory.COMBINING_SPACING_MARK;
    if (UCharacter.hasBinaryProperty(codePoint, UProperty.VARIATION_SELECTOR)) {
      return TermTable.SELECTOR;
    } else if (category == UCharacterCategory.DECIMAL_DIGIT_NUMBER) {
      return TermTable.WORD;
    } else if (UCharacter.isLetter(codePoint) || mark || isHanNumber(codePoint)) {
      return isWithoutSpaces(codePoint) ? TermTable.RUN : mark ? TermTable.MARK : TermTable.WORD;
    }
    return TermTable.NONE;
  }

  /** U+3007 is a letter in all but its category: a zero among the Han digits. */
  private static boolean isHanNumber(int codePoint) {
    return UCharacter.getType(codePoint) == UCharacterCategory.LETTER_NUMBER
        && UScript.getScript(codePoint) == UScript.HAN;
  }

  /** Whether all scripts that use it are of those: the prolonged sound mark has two. */
  private static boolean isWithoutSpaces(int codePoint) {
    BitSet scripts = new BitSet();
    UScript.getScriptExtensions(codePoint, scripts);
    for (int script : WITHOUT_SPACES) {
      scripts.clear(script);
    }
    return scripts.isEmpty();
  }

  static int fold(int codePoint) {
    return UCharacter.toLowerCase(UCharacter.toUpperCase(codePoint));
  }

  /** The source of {@link TermData}. */
  static String java() {
    String data = data();
    StringBuilder lines = new StringBuilder();
    for (int at = 0; at < data.length(); at += LINE) {
      lines
          .append(at == 0 ? "      \"" : "\n          + \"")
          .append(data, at, Math.min(at + LINE, data.length()))
          .append('"');
    }
    return """
        package dev.vectorstore;

        import java.util.Base64;

        /**
         * What each code point is to a term, and its fold: Unicode %d.%d. Made by {@code TermTableSource}, a
         * test that also compares it; {@link TermTable} reads it.
         */
        final class TermData {
          private static final String RUNS =
        %s;

          private TermData() {}

          static byte[] runs() {
            return Base64.getDecoder().decode(RUNS);
          }
        }
        """
        .formatted(unicode().getMajor(), unicode().getMinor(), lines);
  }

  /** The different entries, and runs of code points that share one. */
  private static String data() {
    Map<Integer, Integer> entries = new LinkedHashMap<>();
    ByteArrayOutputStream runs = new ByteArrayOutputStream();
    int length = 0;
    int before = entries.computeIfAbsent(entry(0), any -> entries.size());
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      int entry = entries.computeIfAbsent(entry(codePoint), any -> entries.size());
      if (entry != before) {
        write(length, runs);
        write(before, runs);
        length = 0;
      }
      before = entry;
      length++;
    }
    write(length, runs);
    write(before, runs);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    write(entries.size(), all);
    entries.keySet().forEach(entry -> write(entry << 1 ^ entry >> 31, all));
    all.writeBytes(runs.toByteArray());
    return Base64.getEncoder().encodeToString(all.toByteArray());
  }

  /** As {@link TermTable} takes it apart: the kind in the last bits, what the fold adds above. */
  private static int entry(int codePoint) {
    return (fold(codePoint) - codePoint) << 3 | kind(codePoint);
  }

  private static void write(int number, ByteArrayOutputStream to) {
    int rest = number;
    while (rest >>> 7 != 0) {
      to.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    to.write(rest);
  }
}
