package dev.vectorstore.migration;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
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
 * Passes by what can't be had: records of the source that can't be read or that the target can't
 * hold, and a count that takes too long. It is for those who read a few records by their ids; the
 * comparison of all rows reports what is passed by here. Stateless.
 */
final class Sound {
  private static final Logger LOG = LoggerFactory.getLogger(Sound.class);

  private Sound() {}

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

  /** The record as the target shall hold it, by the target's names; empty if it can't. */
  static Optional<VectorRecord> mapped(
      Mapping mapping, VectorRecord record, CollectionSpec target) {
    try {
      return Optional.of(target.named(mapping.apply(record)));
    } catch (InvalidRequest rejected) {
      return Optional.empty();
    }
  }

  /** The record as a target shall hold it; empty if it can't. */
  static Optional<VectorRecord> mapped(Mapping mapping, VectorRecord record) {
    try {
      return Optional.of(mapping.apply(record));
    } catch (InvalidRequest rejected) {
      return Optional.empty();
    }
  }
}
