package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A program that begins a bulk load, says so, and stays in it until it is killed. */
final class Loader {
  private Loader() {}

  public static void main(String[] args) {
    try (VectorStore store = VectorStores.open(args[0])) {
      store
          .collection(args[1])
          .bulkLoad(
              loading -> {
                try {
                  System.out.write('L');
                  System.out.flush();
                  // Nobody writes to it: this waits for the end of the program.
                  System.in.read();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
