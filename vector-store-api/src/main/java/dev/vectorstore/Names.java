package dev.vectorstore;

import java.util.regex.Pattern;

/** What collections are called: under which names they are made, what is a name at all. */
final class Names {
  /** Every engine, URL, file system and SQL takes these as they are. */
  private static final Pattern PORTABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");

  private static final int MOST_SHOWN = 80;
  private static final Pattern PLAIN =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}_.-]{1," + MOST_SHOWN + "}");

  private Names() {}

  static boolean isPortable(String name) {
    return PORTABLE.matcher(name).matches();
  }

  static String requirePortable(String name) {
    require(name);
    if (!isPortable(name)) {
      throw new VectorStoreException.InvalidRequest(
          "no collection is made under the name "
              + shown(name)
              + "; choose a letter followed by up to 62 letters, digits, _ or -, which every engine"
              + " takes (what is there already is opened under any name)");
    }
    return name;
  }

  static String require(String name) {
    if (name.isEmpty()) {
      throw new VectorStoreException.InvalidRequest(
          "the collection's name is empty; is a setting missing?");
    }
    return Text.require(name, "the collection's name");
  }

  static String shown(String name) {
    if (PLAIN.matcher(name).matches()) {
      return name;
    }
    boolean cut = name.codePointCount(0, name.length()) > MOST_SHOWN;
    String begin = cut ? name.substring(0, name.offsetByCodePoints(0, MOST_SHOWN)) : name;
    String quoted =
        Text.withoutControls(begin.replace("\\", "\\\\").replace("\"", "\\\""), Names::isInvisible);
    return '"' + quoted + (cut ? "..." : "") + '"';
  }

  /** What a reader wouldn't see, or would take for another name. */
  private static boolean isInvisible(int codePoint) {
    int type = Character.getType(codePoint);
    boolean space = type == Character.SPACE_SEPARATOR && codePoint != ' ';
    return space
        || type == Character.FORMAT
        || type == Character.UNASSIGNED
        || type == Character.PRIVATE_USE;
  }
}
