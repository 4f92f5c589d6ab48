package dev.vectorstore.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a copy of a collection did.
 *
 * @param read rows of the source, those that it couldn't read included
 * @param written records that the target acknowledged
 * @param rejected rows that can't be moved
 * @param withoutVector written records that have no vector
 * @param numbersAsText numbers that no number type holds, kept as text
 */
record CopyCounts(long read, long written, long rejected, long withoutVector, long numbersAsText) {
  static final CopyCounts NONE = new CopyCounts(0, 0, 0, 0, 0);

  CopyCounts plus(CopyCounts other) {
    return new CopyCounts(
        read + other.read,
        written + other.written,
        rejected + other.rejected,
        withoutVector + other.withoutVector,
        numbersAsText + other.numbersAsText);
  }

  static CopyCounts read(JsonNode node) {
    return new CopyCounts(
        node.path("read").asLong(),
        node.path("written").asLong(),
        node.path("rejected").asLong(),
        node.path("without_vector").asLong(),
        node.path("numbers_as_text").asLong());
  }

  void write(ObjectNode node) {
    node.put("read", read)
        .put("written", written)
        .put("rejected", rejected)
        .put("without_vector", withoutVector)
        .put("numbers_as_text", numbersAsText);
  }
}
