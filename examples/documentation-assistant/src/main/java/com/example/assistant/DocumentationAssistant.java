package com.example.assistant;

import dev.vectorstore.Filter;
import dev.vectorstore.SearchHit;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Ingests the pages of a documentation, keeps them up to date, and answers questions by them. */
public final class DocumentationAssistant {
  private DocumentationAssistant() {}

  public static void main(String[] args) {
    if (args.length != 3) {
      fail("usage: DocumentationAssistant STORE-URL FOLDER FOLDER-OF-EDITED-PAGES");
    }
    for (String folder : List.of(args[1], args[2])) {
      if (!Files.isDirectory(Path.of(folder))) {
        fail("there is no folder " + folder);
      }
    }
    try (VectorStore store = VectorStores.open(args[0], StoreOptions.fromEnvironment())) {
      run(store, new Folder(Path.of(args[1])), new Folder(Path.of(args[2])));
    } catch (VectorStoreException failure) {
      fail(failure.getMessage());
    } catch (IOException failure) {
      fail("a page can't be read: " + failure);
    }
  }

  private static void run(VectorStore store, Folder folder, Folder edited) throws IOException {
    Pages pages = new Pages(store);

    heading("Ingest the folder");
    folder.ingest(pages);
    System.out.println(pages.count() + " chunks are stored");

    String question = "When do I rewind the tape of a backup?";
    heading(question);
    print(pages.search(question, Filter.all()));
    String inGuide = "Which jobs are handed out first?";
    heading(inGuide + " (in the guide only)");
    print(pages.search(inGuide, Filter.field("source").eq("guide")));
    String byCode = "My worker was silent for too long";
    heading(byCode + " (and the words: KST-2001)");
    print(pages.search(byCode, "KST-2001"));

    heading("Ingest a page that was edited");
    edited.ingest(pages);
    System.out.println(pages.count() + " chunks are stored");
    heading(question);
    print(pages.search(question, Filter.all()));

    heading("Remove the source operations");
    pages.removeSource("operations");
    System.out.println(pages.count() + " chunks are stored");
    heading(question);
    print(pages.search(question, Filter.all()));

    store.drop(Pages.COLLECTION);
  }

  private static void heading(String text) {
    System.out.println();
    System.out.println("== " + text);
  }

  private static void print(List<SearchHit> hits) {
    for (SearchHit hit : hits) {
      String url = hit.payload().text("url").orElse("?");
      String firstLine = hit.content().orElse("").lines().findFirst().orElse("");
      System.out.printf("%.3f  %s: %s%n", hit.score(), url, firstLine);
    }
  }

  private static void fail(String sentence) {
    System.err.println("documentation-assistant: " + sentence);
    System.exit(1);
  }
}
