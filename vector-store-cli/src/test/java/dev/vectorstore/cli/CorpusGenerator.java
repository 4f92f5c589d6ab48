package dev.vectorstore.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the corpus that the program ships, in about ten minutes on one core. It is run by hand,
 * when the documentation or the model changes:
 *
 * <pre>{@code
 * (mkdir -p /tmp/docs && cd /tmp/docs && apt-get download sqlite3-doc && dpkg -x sqlite3-doc_*.deb .)
 * mvn -q -pl vector-store-cli -am -DskipTests package dependency:build-classpath \
 *     -Dmdep.outputFile=target/test.classpath
 * cd vector-store-cli
 * java -cp target/test-classes:target/classes:$(cat target/test.classpath) \
 *     dev.vectorstore.cli.CorpusGenerator \
 *     /tmp/docs/usr/share/doc/sqlite3 src/main/resources/dev/vectorstore/cli/corpus
 * }</pre>
 *
 * <p>Then bring {@code NOTICE} beside its output up to date.
 */
final class CorpusGenerator {

  private static final int SHORTEST_CHUNK = 120;

  /** As in "2.3. Performance Considerations". */
  private static final Pattern NUMBERED = Pattern.compile("(\\d+(\\.\\d+)*)\\.? .+");

  private final Map<DocArea, List<Map<String, @Nullable Object>>> chunks =
      new EnumMap<>(DocArea.class);
  private final Map<DocArea, List<Map<String, @Nullable Object>>> examples =
      new EnumMap<>(DocArea.class);
  private final Map<DocArea, Long> words = new EnumMap<>(DocArea.class);
  private final Set<String> seen = new HashSet<>();

  private CorpusGenerator() {}

  public static void main(String... args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("give the documentation's folder and the output's");
    }
    CorpusGenerator generator = new CorpusGenerator();
    generator.read(Path.of(args[0]));
    generator.write(Path.of(args[1]));
  }

  private void read(Path folder) throws IOException {
    for (Path file : htmlFiles(folder)) {
      String path = folder.relativize(file).toString().replace('\\', '/');
      String name = path.substring(0, path.length() - ".html".length());
      if (DocArea.takes(name)) {
        read(DocPage.parse(file, "https://sqlite.org/" + path), DocArea.of(name));
      }
    }
  }

  private static List<Path> htmlFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".html"))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  private void read(DocPage page, DocArea area) {
    int number = 0;
    for (DocChunk chunk : Chunker.cut(page.blocks())) {
      boolean fresh = chunk.content().length() >= SHORTEST_CHUNK && seen.add(chunk.content());
      if (fresh) {
        rows(chunks, area).add(chunkRow(page, area, number, chunk));
        words.merge(area, words(chunk.content()), Long::sum);
        number++;
      }
    }
    int example = 0;
    for (CodeExample code : CodeExample.of(page)) {
      if (seen.add(code.code())) {
        rows(examples, area).add(exampleRow(page, area, example, code));
        example++;
      }
    }
  }

  private static List<Map<String, @Nullable Object>> rows(
      Map<DocArea, List<Map<String, @Nullable Object>>> table, DocArea area) {
    return table.computeIfAbsent(area, any -> new ArrayList<>());
  }

  private static Map<String, @Nullable Object> chunkRow(
      DocPage page, DocArea area, int number, DocChunk chunk) {
    Map<String, @Nullable Object> metadata = metadata(page, area, chunk.content(), chunk.section());
    metadata.put("headings", chunk.headings());
    metadata.put("has_code", chunk.hasCode());
    Map<String, @Nullable Object> row = row(page, number);
    row.put("content", chunk.content());
    row.put("metadata", metadata);
    row.put("source_id", area.sourceId());
    return row;
  }

  private static Map<String, @Nullable Object> exampleRow(
      DocPage page, DocArea area, int number, CodeExample example) {
    Map<String, @Nullable Object> metadata =
        metadata(page, area, example.code(), example.section());
    metadata.put("language", example.language());
    Map<String, @Nullable Object> row = row(page, number);
    row.put("content", example.code());
    row.put("summary", example.summary());
    row.put("metadata", metadata);
    row.put("source_id", area.sourceId());
    return row;
  }

  private static Map<String, @Nullable Object> row(DocPage page, int number) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("url", page.url());
    row.put("chunk_number", number);
    return row;
  }

  private static Map<String, @Nullable Object> metadata(
      DocPage page, DocArea area, String text, DocChunk.Section section) {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    metadata.put("source", area.sourceId());
    metadata.put("title", page.title());
    metadata.put("char_count", text.length());
    metadata.put("word_count", words(text));
    Map<String, @Nullable Object> place = new LinkedHashMap<>();
    Matcher numbered = NUMBERED.matcher(section.heading());
    place.put("number", numbered.matches() ? numbered.group(1) : null);
    place.put("heading", section.heading());
    place.put("level", section.level());
    place.put("path", section.path());
    metadata.put("section", place);
    return metadata;
  }

  private static long words(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+").length;
  }

  private void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (CorpusWriter writer = new CorpusWriter(folder)) {
      for (DocArea area : DocArea.values()) {
        Map<String, @Nullable Object> source = new LinkedHashMap<>();
        source.put("source_id", area.sourceId());
        source.put("summary", area.summary());
        source.put("total_word_count", words.getOrDefault(area, 0L));
        writer.write("sources", source);
      }
      write(writer, "crawled_pages", chunks);
      write(writer, "code_examples", examples);
    }
  }

  private static void write(
      CorpusWriter writer, String table, Map<DocArea, List<Map<String, @Nullable Object>>> areas)
      throws IOException {
    long id = 1;
    for (List<Map<String, @Nullable Object>> rows : areas.values()) {
      for (Map<String, @Nullable Object> row : rows) {
        Map<String, @Nullable Object> numbered = new LinkedHashMap<>();
        numbered.put("id", id);
        numbered.putAll(row);
        writer.write(table, numbered);
        id++;
      }
    }
  }
}
