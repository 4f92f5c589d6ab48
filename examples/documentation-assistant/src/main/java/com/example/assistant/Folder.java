package com.example.assistant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads a folder of Markdown and text files, in which each subfolder is a source of its own. */
record Folder(Path root) {
  private static final int MOST_CHARACTERS = 300;

  /** Stores every page of the folder, in the order of their names. */
  void ingest(Pages pages) throws IOException {
    for (Path file : files()) {
      Path page = root.relativize(file);
      String url = page.toString().replace('\\', '/');
      String source = page.getNameCount() > 1 ? page.getName(0).toString() : "";
      List<String> chunks = chunks(Files.readString(file));
      pages.put(source, url, chunks);
      System.out.println(url + ": " + chunks.size() + " chunks");
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(file -> file.toString().matches(".*\\.(md|txt)")).sorted().toList();
    }
  }

  /** Splits a text at blank lines and joins paragraphs of one section while they are short. */
  static List<String> chunks(String text) {
    List<String> chunks = new ArrayList<>();
    String open = "";
    for (String paragraph : text.strip().split("\\R\\s*\\R")) {
      boolean full = open.length() + paragraph.length() > MOST_CHARACTERS;
      if (!open.isEmpty() && (full || paragraph.startsWith("#"))) {
        chunks.add(open);
        open = "";
      }
      open = open.isEmpty() ? paragraph : open + "\n\n" + paragraph;
    }
    if (open.matches("(?s).*\\w.*")) {
      chunks.add(open);
    }
    return chunks;
  }
}
