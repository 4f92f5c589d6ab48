package dev.vectorstore.migration;

import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.Unavailable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from a source what it can give, and goes on without the rest: a row that can't be read, a
 * count that takes too long. The scan of all rows reports such rows. Stateless.
 */
final class SourceReads {
  private static final Logger LOG = LoggerFactory.getLogger(SourceReads.class);

  private SourceReads() {}

  /** Those of the records that are there and can be read. */
  static List<VectorRecord> fetch(VectorCollection source, Collection<RecordId> ids) {
    try {
      return source.fetch(ids, Projection.all());
    } catch (MalformedResponse oneIsUnreadable) {
      List<VectorRecord> records = new ArrayList<>();
      ids.forEach(id -> fetch(source, id).ifPresent(records::add));
      return records;
    }
  }

  private static Optional<VectorRecord> fetch(VectorCollection source, RecordId id) {
    try {
      return source.fetch(id);
    } catch (MalformedResponse unreadable) {
      return Optional.empty();
    }
  }

  /** How many rows there are, if the source has the time to count them. */
  static OptionalLong count(VectorCollection source) {
    try {
      return OptionalLong.of(source.count());
    } catch (Unavailable tooSlow) {
      LOG.warn("the rows of the source aren't counted: {}", tooSlow.getMessage());
      return OptionalLong.empty();
    }
  }
}
