package dev.vectorstore.testkit;

import dev.vectorstore.Payload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JSON document, another, and what a live PostgreSQL 15 answered to {@code document @> contains}.
 *
 * @param document the text of a JSON object
 * @param contains the text of another
 * @param result the answer
 */
record ContainmentCase(String document, String contains, boolean result) {
  private static final String FILE = "containment.jsonl";
  private static final Pattern LINE =
      Pattern.compile("\\{\"document\": (.*), \"contains\": (.*), \"result\": (true|false)}");

  /** The only digits in a row of the file that are so many are those of integers beyond int64. */
  private static final Pattern BEYOND_INT64 = Pattern.compile("\\d{19}");

  /** The 1,980 cases, in the order of the file. */
  static List<ContainmentCase> all() {
    InputStream stream = ContainmentCase.class.getResourceAsStream(FILE);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Objects.requireNonNull(stream, FILE), StandardCharsets.UTF_8))) {
      return lines.lines().map(ContainmentCase::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Payload documentPayload() {
    return Payload.parse(document);
  }

  Payload containsPayload() {
    return Payload.parse(contains);
  }

  boolean beyondInt64() {
    return BEYOND_INT64.matcher(document).find() || BEYOND_INT64.matcher(contains).find();
  }

  private static ContainmentCase parse(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalStateException("A line of " + FILE + " holds no case: " + line);
    }
    return new ContainmentCase(
        parts.group(1), parts.group(2), Boolean.parseBoolean(parts.group(3)));
  }
}
