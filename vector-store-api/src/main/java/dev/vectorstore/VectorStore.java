package dev.vectorstore;

import java.util.List;
import java.util.Set;

/**
 * A vector store: a place for collections, in one engine. Safe for threads. Close it once it is no
 * longer needed; what a builder was given (a channel, a client) is not closed.
 *
 * <p>Calls block. They can be interrupted: the thread's interrupt flag stays set, and a write in
 * flight throws {@link VectorStoreException.OutcomeUnknown}, anything else {@link
 * VectorStoreException.Unavailable}. Every method that asks the engine throws {@link
 * IllegalStateException} after {@link #close()}, and besides the errors it names {@link
 * VectorStoreException.Unavailable}, {@link VectorStoreException.OutcomeUnknown}, {@link
 * VectorStoreException.AccessDenied} and {@link VectorStoreException.Throttled} where the engine is
 * remote.
 *
 * <p>What others made is opened under the name that it has, such as "2024-docs" or, in Postgres,
 * "rag.docs". Under a name that nothing has, {@link #exists} and {@link #drop} are false and all
 * else is {@link VectorStoreException.NotFound}; a text that is no name anywhere ({@link
 * VectorStores#requireName}) is {@link VectorStoreException.InvalidRequest}. {@link
 * #ensureCollection} alone takes portable names only, so that they are the same on every engine.
 *
 * <pre>{@code
 * VectorCollection pages = store.ensureCollection(
 *     CollectionSpec.builder("pages").vectors(384, Metric.COSINE).build());
 * pages.upsert(VectorRecord.of(RecordId.of(7), vector, payload));
 * List<SearchHit> hits = pages.search(SearchRequest.nearest(query).limit(5));
 * }</pre>
 */
public interface VectorStore extends AutoCloseable {
  /**
   * The engine's name, such as "qdrant": used in messages and metrics.
   *
   * @return the name
   */
  String engine();

  /**
   * Makes a collection unless it is there, and adds declared fields, labels and named vectors that
   * it lacks. What is there and isn't asked for stays. Can be repeated, and raced by other clients.
   * Needs {@link Capability#MANAGE}.
   *
   * @param spec what the collection shall be
   * @return the collection
   * @throws VectorStoreException.Conflict if it is there with another dimension or metric of a
   *     vector, without the vector that has no name, or with another type of a field, an alias has
   *     its name, or another name differs from it in case only
   * @throws VectorStoreException.InvalidRequest if the name isn't portable ({@link
   *     VectorStores#requirePortableName}), with nothing sent, or the engine can't hold such a
   *     collection
   */
  VectorCollection ensureCollection(CollectionSpec spec);

  /**
   * What a collection is and can do, read anew.
   *
   * @param name the collection's name
   * @return the description
   * @throws VectorStoreException.NotFound if it isn't there
   */
  CollectionInfo describe(String name);

  /**
   * The names of all collections, under which they can be opened.
   *
   * @return the names, sorted
   */
  List<String> collections();

  /**
   * Whether a collection, or an alias of that name, is there. False only on proof of absence: an
   * engine that can't be reached throws.
   *
   * @param name the collection's name
   * @return true if it is there
   */
  boolean exists(String name);

  /**
   * Removes a collection with all its records. Needs {@link Capability#MANAGE}.
   *
   * @param name the collection's name
   * @return true if it was there, also if the answer of a first attempt was lost and the collection
   *     is gone
   * @throws VectorStoreException.Conflict if the name is an alias
   */
  boolean drop(String name);

  /**
   * Removes a vector from a collection and from all its records, whose payloads and other vectors
   * stay. With a named vector that {@link #ensureCollection} added, and that was filled beside it,
   * a collection changes its embedding model while it is read. Needs {@link Capability#MANAGE}.
   *
   * @param collection the collection's name
   * @param vector the vector's name, or {@link VectorSpec#PLAIN} for the one without
   * @return true if it was there, also if the answer of a first attempt was lost and the vector is
   *     gone
   * @throws VectorStoreException.NotFound if the collection isn't there
   */
  boolean dropVector(String collection, String vector);

  /**
   * A collection by name. Nothing is read yet: a collection that isn't there is {@link
   * VectorStoreException.NotFound} at its first use.
   *
   * @param name the collection's name
   * @return the collection
   * @throws VectorStoreException.InvalidRequest as {@link VectorStores#requireName}
   */
  VectorCollection collection(String name);

  /**
   * Writes to several collections, all or nothing. Needs {@link Capability#ATOMIC_BATCH}.
   *
   * @param batch the writes, in order
   * @throws VectorStoreException.InvalidRequest if a record can't be stored; nothing is written
   * @throws VectorStoreException.NotFound if a collection isn't there; nothing is written
   * @throws VectorStoreException.UnsupportedFeature if the engine can't do this
   */
  void apply(WriteBatch batch);

  /**
   * What the collections of this store can do at most; a collection can lack some of it.
   *
   * @return the capabilities
   */
  Set<Capability> capabilities();

  /**
   * Asks the engine whether it answers, for health checks. One cheap attempt without retries, of 5
   * s at the most; shorter where {@link #with(CallOptions)} gave shorter deadlines.
   *
   * @throws VectorStoreException.Unavailable if it doesn't answer in that time
   * @throws VectorStoreException.AccessDenied if it refuses the key
   */
  void ping();

  /**
   * This store with other deadlines and retries; collections opened through it have them too.
   *
   * @param options the options of calls
   * @return a view of the same store: closing either closes both
   */
  VectorStore with(CallOptions options);

  /**
   * The engine's own client, for what the port doesn't offer.
   *
   * @param type the client's type
   * @param <T> the client's type
   * @return the client, owned by the store
   * @throws VectorStoreException.UnsupportedFeature if the store has no such thing
   */
  <T> T unwrap(Class<T> type);

  /**
   * Ends the store's threads, connections and files, within 10 s. Calling it again does nothing.
   */
  @Override
  void close();
}
