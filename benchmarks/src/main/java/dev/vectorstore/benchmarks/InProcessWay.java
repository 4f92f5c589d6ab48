package dev.vectorstore.benchmarks;

/** The ways to keep vectors in this process that are measured. */
public enum InProcessWay {
  /** The embedded engine of this library. */
  OURS,
  /** Lucene alone, written as a careful user would. */
  BARE_LUCENE,
  /** LangChain4j's store in memory, which compares with every vector. */
  LANGCHAIN4J;

  InProcessUser open() {
    return switch (this) {
      case OURS -> new OurEmbedded();
      case BARE_LUCENE -> new BareLucene();
      case LANGCHAIN4J -> new LangChain4jInMemory();
    };
  }
}
