package dev.vectorstore.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pages of the documentation and the Java snippets in them. */
final class Pages {
  /** The folder of the whole project. */
  static final Path ROOT = root();

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");

  private Pages() {}

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("CONTRIBUTING.md"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  static List<Path> all() throws IOException {
    List<Path> pages = new ArrayList<>();
    try (Stream<Path> found = Files.walk(ROOT.resolve("docs"))) {
      found
          .filter(path -> path.toString().endsWith(".md"))
          .filter(path -> !path.toString().contains("/target/"))
          .forEach(pages::add);
    }
    try (Stream<Path> found = Files.list(ROOT)) {
      found.filter(path -> path.toString().endsWith(".md")).forEach(pages::add);
    }
    return pages;
  }

  /** The snippets that are parts of a program. */
  static List<String> snippets(Path page) throws IOException {
    return java(page).filter(code -> !isProgram(code)).collect(Collectors.toList());
  }

  /** The snippets that are whole programs. */
  static List<String> programs(Path page) throws IOException {
    return java(page).filter(Pages::isProgram).collect(Collectors.toList());
  }

  private static Stream<String> java(Path page) throws IOException {
    return JAVA.matcher(Files.readString(page)).results().map(match -> match.group(1));
  }

  private static boolean isProgram(String code) {
    return code.contains("static void main(");
  }

  static List<String> links(Path page) throws IOException {
    Matcher links = LINK.matcher(Files.readString(page));
    return links.results().map(match -> match.group(1)).collect(Collectors.toList());
  }
}
