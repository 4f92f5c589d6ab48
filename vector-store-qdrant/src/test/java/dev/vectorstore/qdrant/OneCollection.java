package dev.vectorstore.qdrant;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Tests of one collection of the shared server, which each test makes and which is then dropped.
 */
abstract class OneCollection {
  final String name = Bench.freshName();
  Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench();
  }

  @AfterEach
  void drop() {
    bench.store().drop(name);
    bench.close();
  }
}
