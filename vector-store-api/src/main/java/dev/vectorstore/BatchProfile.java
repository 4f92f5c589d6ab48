package dev.vectorstore;

/** How many records go into one request of a bulk write; bytes bound it as well. */
public enum BatchProfile {
  /** Documents below 1 KB: 200 a batch. */
  SMALL_DOCS(200),
  /** Documents of 1 to 10 KB: 100 a batch. */
  MEDIUM_DOCS(100),
  /** Documents above 10 KB: 50 a batch. */
  LARGE_DOCS(50),
  /** Code examples: 150 a batch. */
  CODE_EXAMPLES(150),
  /** Up to 500 a batch, cut where the bytes of small, medium or large documents say so. */
  AUTO(500);

  private final int records;

  BatchProfile(int records) {
    this.records = records;
  }

  /**
   * The most records of a batch.
   *
   * @return the number
   */
  public int records() {
    return records;
  }
}
