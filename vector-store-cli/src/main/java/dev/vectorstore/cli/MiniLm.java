package dev.vectorstore.cli;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;

/**
 * The model behind the {@link Corpus}: all-MiniLM-L6-v2, quantised, run in this process. It loads
 * native code in about a second; load it once. Safe for threads.
 */
final class MiniLm {

  /** What a collection's label says about its vectors. */
  static final String NAME = "all-minilm-l6-v2-q";

  private final EmbeddingModel model;

  private MiniLm(EmbeddingModel model) {
    this.model = model;
  }

  /** Loads the model from the class path; nothing is fetched. */
  static MiniLm load() {
    // The tokenizer's library reports its use over the network, and looks for other builds of
    // itself there, unless told not to. A demo that needs nothing but a JDK has to stay silent.
    System.setProperty("ai.djl.offline", "true");
    return new MiniLm(new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run));
  }

  /** The embedding of a text: 384 components of length 1. */
  float[] embed(String text) {
    return model.embed(text).content().vector();
  }
}
