package dev.vectorstore;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A collection of records. Safe for threads. Errors and interrupts are as {@link VectorStore} says;
 * every method throws {@link VectorStoreException.NotFound} if the collection isn't there and
 * {@link VectorStoreException.UnsupportedFeature} if it lacks the capability that it needs. Writing
 * needs {@link Capability#WRITE}.
 *
 * <p>The description is read once, at the first use; a schema that was changed since is {@link
 * VectorStoreException.Conflict}.
 */
public interface VectorCollection {
  /**
   * The collection's name.
   *
   * @return the name
   */
  String name();

  /**
   * What the collection is and can do, as it was read at the first use.
   *
   * @return the description
   */
  CollectionInfo describe();

  /**
   * What the collection can do.
   *
   * @return the capabilities
   */
  default Set<Capability> capabilities() {
    return describe().capabilities();
  }

  /**
   * Writes records, replacing whole records with the same ids. All are checked before anything is
   * sent. What returned is visible to the next read and durable where the engine is. Of two records
   * with the same id the last wins. No records: nothing is done.
   *
   * @param records the records
   * @throws VectorStoreException.InvalidRequest naming the record that can't be stored; nothing is
   *     written
   * @throws VectorStoreException.PartialWrite if the records went in several requests and not all
   *     were written
   */
  default void upsert(Collection<VectorRecord> records) {
    upsert(records, WriteMode.REPLACE);
  }

  /**
   * Writes records, as {@link #upsert(Collection)}.
   *
   * @param records the records
   */
  default void upsert(VectorRecord... records) {
    upsert(Arrays.asList(Objects.requireNonNull(records, "records")));
  }

  /**
   * Writes records, as {@link #upsert(Collection)}, replacing records with the same ids or leaving
   * them as they are.
   *
   * @param records the records
   * @param mode what to do with ids that exist; of two records with the same id in this call the
   *     last counts
   */
  void upsert(Collection<VectorRecord> records, WriteMode mode);

  /**
   * Writes any number of records in batches, several at once, in bounded memory. Each batch is
   * checked before it is sent; a batch with an id that is on its way waits for it, so that the last
   * record of an id wins. The stream is read by the calling thread and closed.
   *
   * @param records the records
   * @param options batch sizes, requests in flight, what to do with ids that exist
   * @return what was written
   * @throws VectorStoreException.PartialWrite if not all was written, with what is known of the
   *     rest; its cause is the error that stopped the write
   */
  WriteReport upsertAll(Stream<VectorRecord> records, WriteOptions options);

  /**
   * Reads records by id.
   *
   * @param ids the ids
   * @param projection what to return
   * @return the records that are there, in the order of the ids, each once
   */
  List<VectorRecord> fetch(Collection<RecordId> ids, Projection projection);

  /**
   * Reads a whole record by id, its vector included.
   *
   * @param id the id
   * @return the record, or empty if it isn't there
   */
  default Optional<VectorRecord> fetch(RecordId id) {
    return fetch(List.of(Objects.requireNonNull(id, "id")), Projection.all()).stream().findFirst();
  }

  /**
   * Searches. Hits come best first, equal scores by id; exactly as many as match, up to the limit.
   * Of several equal scores at the limit, an {@link SearchRequest#exact() exact} search and a
   * search by {@link SearchRequest#text text} return those with the smallest ids; which ones an
   * approximate search returns is not promised.
   *
   * @param request the search
   * @return the hits
   * @throws VectorStoreException.InvalidRequest if the request doesn't fit the collection
   */
  List<SearchHit> search(SearchRequest request);

  /**
   * Searches several times, in fewer round trips where the engine can.
   *
   * @param requests the searches
   * @return the hits of each, in the order of the requests
   * @throws VectorStoreException.InvalidRequest if a request doesn't fit the collection
   */
  List<List<SearchHit>> searchBatch(List<SearchRequest> requests);

  /**
   * Reads one page of the collection; see {@link ScanRequest}.
   *
   * @param request the page
   * @return the records and where to go on
   * @throws VectorStoreException.InvalidRequest if the cursor isn't one of this collection
   */
  Page scan(ScanRequest request);

  /**
   * Reads records one by one, page by page behind the scenes; see {@link ScanRequest}. The stream
   * is lazy: no page is read before its first record is asked for, one page is held at a time, and
   * nothing is read once the stream is closed. It throws what {@link #scan} throws. Records that
   * can't be read are left out; {@link #scan} tells of them in {@link Page#issues()}.
   *
   * @param request the first page, and how the rest is read
   * @return the records, in the collection's own order, for one thread at a time
   */
  default Stream<VectorRecord> stream(ScanRequest request) {
    return RecordStream.of(this, Objects.requireNonNull(request, "request"));
  }

  /**
   * Counts all records, exactly.
   *
   * @return the number of records
   */
  default long count() {
    return count(Filter.all());
  }

  /**
   * Counts the records that a filter selects, exactly.
   *
   * @param filter which records
   * @return the number of records
   */
  long count(Filter filter);

  /**
   * Changes top-level keys of payloads, atomically per record. A key that is both set and removed
   * is set.
   *
   * @param ids the records; those that aren't there are ignored and counted
   * @param set keys to set, with their whole new values
   * @param remove keys to remove
   * @return how many records were patched and how many ids weren't there
   * @throws VectorStoreException.InvalidRequest if a patched payload couldn't be stored
   */
  PatchReport patchPayload(Collection<RecordId> ids, Payload set, Collection<String> remove);

  /**
   * Deletes records by id; ids that aren't there are ignored. No ids: nothing is done.
   *
   * @param ids the ids
   */
  void delete(Collection<RecordId> ids);

  /**
   * Deletes the records that a filter selects. Where the engine can't say the filter natively, a
   * record written while this runs may be missed or, if it matched before, deleted.
   *
   * @param filter which records
   * @throws VectorStoreException.InvalidRequest if the filter is true for every record; use {@link
   *     #deleteAll()}
   */
  void deleteWhere(Filter filter);

  /** Deletes every record. The collection stays. */
  void deleteAll();

  /**
   * Waits until the engine has indexed what was written.
   *
   * @param timeout how long to wait at most
   * @return true if everything is indexed, false if the time ran out
   */
  boolean awaitIndexed(Duration timeout);

  /**
   * Runs a bulk write with indexing deferred, where the engine can; else just runs it. Indexing is
   * restored when the body ends, also by an exception.
   *
   * @param body writes to the collection that it is given
   */
  void bulkLoad(Consumer<VectorCollection> body);

  /**
   * The engine's native request for a search, for reading: without vectors and values.
   *
   * @param request the search
   * @return the request as text
   */
  String explain(SearchRequest request);

  /**
   * This collection with other deadlines and retries.
   *
   * @param options the options of calls
   * @return a view of the same collection
   */
  VectorCollection with(CallOptions options);
}
