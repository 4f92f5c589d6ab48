package dev.vectorstore.supabase.tables;

import dev.vectorstore.TextTerms;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A part of a text to look for, in words that Postgres takes as we mean them. Case-blind, no fold
 * of the server's is asked for: of the characters of the part, all that our fold makes the same are
 * named.
 *
 * @param text the part; folded, where case doesn't count
 * @param variants the characters that become others before the text is looked for
 * @param folded what each of them becomes
 */
public record TextPart(String text, String variants, String folded) {
  /** The fold leaves the characters of the planes above as they are. */
  private static final int END_OF_CASE = 0x20000;

  /** By a folded character, the others that become it. */
  private static final Map<Integer, String> VARIANTS = unfolded();

  private static Map<Integer, String> unfolded() {
    Map<Integer, String> variants = new HashMap<>();
    for (int point = 0; point < END_OF_CASE; point++) {
      if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
        String text = Character.toString(point);
        int folded = TextTerms.fold(text).codePointAt(0);
        if (folded != point) {
          variants.merge(folded, text, String::concat);
        }
      }
    }
    return Map.copyOf(variants);
  }

  public static TextPart literal(String part) {
    return new TextPart(part, "", "");
  }

  public static TextPart caseBlind(String part) {
    String text = TextTerms.fold(part);
    StringBuilder variants = new StringBuilder();
    StringBuilder folded = new StringBuilder();
    text.codePoints()
        .distinct()
        .forEach(
            point -> {
              String others = VARIANTS.getOrDefault(point, "");
              variants.append(others);
              others.codePoints().forEach(each -> folded.appendCodePoint(point));
            });
    return new TextPart(text, variants.toString(), folded.toString());
  }

  /** The part as a regular expression of Postgres: no collation changes what it finds. */
  public String pattern() {
    return text.codePoints().mapToObj(this::pattern).collect(Collectors.joining());
  }

  private String pattern(int point) {
    String character = Character.toString(point);
    String others = variants.isEmpty() ? "" : VARIANTS.getOrDefault(point, "");
    if (!others.isEmpty()) {
      return '[' + character + others + ']'; // letters and marks, of which none has a meaning
    }
    boolean plain = point > 127 || Character.isLetterOrDigit(point);
    return plain ? character : '\\' + character;
  }
}
