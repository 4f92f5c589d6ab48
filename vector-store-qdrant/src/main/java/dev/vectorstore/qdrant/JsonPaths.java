package dev.vectorstore.qdrant;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Paths as Qdrant writes them. Every segment is quoted, so that dots and brackets in a key have no
 * meaning; a key with a quote or a backslash can't be written at all.
 */
final class JsonPaths {
  /** A key in quotes or without, and the dot behind it. */
  private static final Pattern SEGMENT =
      Pattern.compile("(?:\"([^\"\\\\]*)\"|([^.\"\\[\\]\\\\]+))(?:\\.(?=.)|$)");

  private JsonPaths() {}

  /**
   * The path of these keys.
   *
   * @return the path, or empty if Qdrant's syntax can't address one of the keys
   */
  static Optional<String> of(List<String> segments) {
    return segments.stream().allMatch(JsonPaths::canAddress)
        ? Optional.of(
            segments.stream().map(segment -> '"' + segment + '"').collect(Collectors.joining(".")))
        : Optional.empty();
  }

  /**
   * The keys of a path that Qdrant wrote.
   *
   * @return the keys, or empty if the path goes through lists
   */
  static Optional<List<String>> parse(String path) {
    List<String> segments = new ArrayList<>();
    Matcher segment = SEGMENT.matcher(path);
    int end = 0;
    while (segment.find() && segment.start() == end) {
      segments.add(segment.group(1) != null ? segment.group(1) : segment.group(2));
      end = segment.end();
    }
    return end == path.length() && !segments.isEmpty() ? Optional.of(segments) : Optional.empty();
  }

  static boolean canAddress(String key) {
    return key.indexOf('"') < 0 && key.indexOf('\\') < 0;
  }
}
