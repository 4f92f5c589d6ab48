package dev.vectorstore.support;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.WriteMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an engine does for one collection. {@code EngineStore} puts the port on top of it: it checks
 * arguments and capabilities, tests what a native filter can't say, orders and cuts, fuses, cuts
 * batches, retries, keeps deadlines and reports to listeners. Each method here is one attempt.
 * Implementations are safe for threads.
 *
 * <p>Every method throws a {@code VectorStoreException} whose message says what happened; the core
 * puts the operation, the collection and the engine in front.
 *
 * @param <N> the engine's native filter
 */
public interface CollectionEngine<N> {
  /**
   * The description with which this was opened.
   *
   * @return the description
   */
  CollectionInfo info();

  /**
   * Refuses a record that the collection can't hold. Every record of a call is checked before the
   * first is sent.
   *
   * @param record a record to be written, each vector under the collection's name for it
   * @throws InvalidRequest naming the record, if the specification or the engine rules it out
   */
  default void check(VectorRecord record) {
    info().spec().check(record);
  }

  /**
   * Compiles a filter. What is compiled from {@code Filter.ids} selects no more records than there
   * are ids, or has no upper bound, where the engine doesn't take so many.
   *
   * @param filter a filter that isn't a constant, whose text fields are declared
   * @return what the engine can say of it
   * @throws UnsupportedFeature if the collection lacks FULL_FILTER and can't answer it
   */
  Bounds<N> compile(Filter filter);

  /**
   * Whether what comes back of an exact native filter certainly matches. Where it may not, since
   * other clients can change indexes and with them what a condition means, or since the server can
   * have more than one state of a record, the core tests the records all the same: those that it
   * returns, and those that it deletes. Counts alone rest on the native filter, and on {@link
   * #renewed}.
   *
   * @return false if each record is to be tested
   */
  default boolean provesFilters() {
    return true;
  }

  /**
   * Begins to look whether the collection is still as it was when this was opened, where that
   * hasn't been known for a while. It doesn't wait, and has no errors: where the server can't be
   * asked, what was known goes on.
   *
   * @param attempt the deadline of the look
   * @return waits until the look is over; then this engine, or one of the collection as it is now.
   *     It throws {@link dev.vectorstore.VectorStoreException.Conflict Conflict} if that is another
   *     collection
   */
  default Supplier<? extends CollectionEngine<?>> look(Attempt attempt) {
    return () -> this;
  }

  /**
   * Reads the description anew.
   *
   * @param attempt the deadline
   * @return this engine if what it rests on is still so, or one of the collection as it is now
   * @throws dev.vectorstore.VectorStoreException.Conflict if that is another collection
   */
  default CollectionEngine<?> renewed(Attempt attempt) {
    return this;
  }

  /**
   * Writes records in one request; when it returns they are visible and durable.
   *
   * @param batch checked records with distinct ids, at least one; each vector is under the
   *     collection's name for it
   * @param mode what to do with ids that exist
   * @param attempt the deadline
   */
  void write(Batch batch, WriteMode mode, Attempt attempt);

  /**
   * How many records one request may carry, by limits of the engine or of this collection.
   *
   * @return 1 or more
   */
  default int maxBatchRecords() {
    return 10_000;
  }

  /**
   * Reads by id.
   *
   * @param ids distinct ids, 1 to 1,000
   * @param projection what to return
   * @param attempt the deadline
   * @return the records that are there, in any order
   */
  List<VectorRecord> fetch(List<RecordId> ids, Projection projection, Attempt attempt);

  /**
   * Searches by vector.
   *
   * @param query the search
   * @param attempt the deadline
   * @return at most the limit of hits with metric scores, higher is nearer, in any order; records
   *     without a vector are never hits
   */
  List<SearchHit> nearest(NearestQuery<N> query, Attempt attempt);

  /**
   * Whether {@link #nearest} finds fewer than the limit only where no more records match, so that a
   * short answer needn't be asked again exactly.
   *
   * @return true if so
   */
  default boolean fillsLimit() {
    return false;
  }

  /**
   * Several searches, in fewer round trips where the engine can. One with atomic batches answers
   * all from one state of the collection, here and in {@link #ranked}, {@link #rankedLegs} and
   * {@link #legs}.
   *
   * @param queries the searches
   * @param attempt the deadline
   * @return the hits of each, in the order of the queries
   */
  default List<List<SearchHit>> nearestBatch(List<NearestQuery<N>> queries, Attempt attempt) {
    List<List<SearchHit>> answers = new ArrayList<>(queries.size());
    queries.forEach(query -> answers.add(nearest(query, attempt)));
    return answers;
  }

  /**
   * The searches that make a hybrid one where text isn't ranked as one request, where the engine
   * can: by vector of all records, by vector of those with the terms, and those with the terms that
   * lack the vector. All filters are exact. No I/O before the request is made.
   *
   * @param nearest the search among all
   * @param matching the search among the records with the terms
   * @param lacking the records with the terms, from the start, of which those without the searched
   *     vector are wanted
   * @return the request, or empty if they have to be asked for one by one
   */
  default Optional<Function<Attempt, Legs>> legs(
      NearestQuery<N> nearest, NearestQuery<N> matching, ScanQuery<N> lacking) {
    return Optional.empty();
  }

  /**
   * Searches fields by the relevance of their texts, in one round trip where the engine can: BM25
   * with k1 = 1.2 and b = 0.75. A hit has at least one of the terms in the field; fewer than the
   * limit come only where no more records have one. Asked where RANKED_TEXT is declared.
   *
   * @param queries the searches, one a field
   * @param attempt the deadline
   * @return for each query at most its limit of the best hits, with scores above 0 of kind
   *     RANKED_TEXT, in any order
   */
  default List<List<SearchHit>> ranked(List<RankedQuery<N>> queries, Attempt attempt) {
    throw new UnsupportedFeature(
        "the engine doesn't rank texts; scan with a filter matchesText(...)");
  }

  /**
   * Whether exact searches by vector and searches by relevance cut equal scores at the limit by id,
   * so that an answer needn't be completed.
   *
   * @return true if of equal scores the first by id come
   */
  default boolean cutsTiesById() {
    return false;
  }

  /**
   * A search by vector and the searches of fields by relevance, in one round trip where the engine
   * can. The filters are exact.
   *
   * @param nearest the search by vector
   * @param fields the searches by relevance
   * @param attempt the deadline
   * @return the answers
   */
  default RankedLegs rankedLegs(
      NearestQuery<N> nearest, List<RankedQuery<N>> fields, Attempt attempt) {
    return new RankedLegs(nearest(nearest, attempt), ranked(fields, attempt));
  }

  /**
   * Reads a page in the collection's own total order. The cursor is the engine's own; the core
   * binds it to the collection.
   *
   * @param query the page
   * @param attempt the deadline
   * @return the records and the engine's cursor of the next page, or empty at the end
   */
  Page scan(ScanQuery<N> query, Attempt attempt);

  /**
   * Whether the server counts exactly. Where it may not, the core reads the records in pages and
   * counts them.
   *
   * @return false if {@link #count} would be refused
   */
  default boolean canCount() {
    return true;
  }

  /**
   * Counts exactly what a native filter selects.
   *
   * @param filter bounds that are exact, or {@link Bounds#all()}
   * @param attempt the deadline
   * @return the number of records
   */
  long count(Bounds<N> filter, Attempt attempt);

  /**
   * Changes top-level keys, atomically per record.
   *
   * @param ids distinct ids, at least one
   * @param set keys to set
   * @param remove keys to remove, none of them in {@code set}
   * @param attempt the deadline
   * @return how many of the ids were there
   */
  long patch(List<RecordId> ids, Payload set, Set<String> remove, Attempt attempt);

  /**
   * Deletes by id; ids that aren't there are ignored.
   *
   * @param ids distinct ids, at least one
   * @param attempt the deadline
   */
  void delete(List<RecordId> ids, Attempt attempt);

  /**
   * Deletes what a native filter selects, and never more: the engine checks the compiled request
   * again just before it sends it.
   *
   * @param filter an exact native filter that can tell records apart
   * @param attempt the deadline
   */
  void deleteWhere(N filter, Attempt attempt);

  /**
   * Deletes those of these records that a native filter still selects.
   *
   * @param ids distinct ids, at least one; the core has tested that they match
   * @param filter the upper bound, or null
   * @param attempt the deadline
   */
  void deleteThose(List<RecordId> ids, @Nullable N filter, Attempt attempt);

  /**
   * Deletes every record.
   *
   * @param attempt the deadline
   */
  void deleteAll(Attempt attempt);

  /**
   * Whether everything that was written is indexed. The core asks again until the time runs out.
   *
   * @param attempt the deadline
   * @return true if so
   */
  default boolean indexed(Attempt attempt) {
    return true;
  }

  /**
   * How long to wait before {@link #indexed} is worth asking again.
   *
   * @return a short time
   */
  default Duration indexedPollInterval() {
    return Duration.ofMillis(100);
  }

  /**
   * Defers indexing for a bulk write, where the engine can.
   *
   * @param attempt the deadline
   */
  default void beginBulk(Attempt attempt) {}

  /**
   * Takes up indexing again.
   *
   * @param attempt the deadline
   */
  default void endBulk(Attempt attempt) {}

  /**
   * The native request for a search, without vectors and values.
   *
   * @param query the search
   * @return the request as text
   */
  String explain(NearestQuery<N> query);

  /**
   * The native request for a scan, without values.
   *
   * @param query the page
   * @return the request as text
   */
  String explain(ScanQuery<N> query);

  /**
   * The native request for a search by relevance, without values.
   *
   * @param query the search
   * @return the request as text
   */
  default String explain(RankedQuery<N> query) {
    throw new UnsupportedFeature(
        "the engine doesn't rank texts; scan with a filter matchesText(...)");
  }

  /**
   * What a user can do where a capability is lacking, for the message of the refusal.
   *
   * @param lacking the capability
   * @return a clause, or empty if there is nothing to say
   */
  default Optional<String> advice(Capability lacking) {
    return lacking == Capability.RANKED_TEXT ? Optional.of(RankedFields.ADVICE) : Optional.empty();
  }
}
