package dev.vectorstore.support;

import dev.vectorstore.CallStart;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.WriteBatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an engine does for a store; {@code EngineStore} puts the port on top of it. Each method that
 * takes an {@link Attempt} is one attempt. Implementations are safe for threads.
 */
public interface StoreEngine extends AutoCloseable {
  /**
   * The engine's name for messages and metrics, such as "qdrant".
   *
   * @return the name
   */
  String name();

  /**
   * The database and where it is, for metrics and traces. No I/O.
   *
   * @return the server; the engine's name without a place unless overridden
   */
  default CallStart.Server server() {
    return CallStart.Server.of(name());
  }

  /**
   * Asks whether the engine answers and takes the key, as cheaply as it can.
   *
   * @param attempt the deadline
   */
  void ping(Attempt attempt);

  /**
   * What its collections can do at most.
   *
   * @return the capabilities
   */
  Set<Capability> capabilities();

  /**
   * Makes a collection unless it is there; adds missing fields, indexes, labels and named vectors.
   * Safe to race.
   *
   * @param spec what the collection shall be
   * @param attempt the deadline
   * @throws VectorStoreException.Conflict as {@code VectorStore.ensureCollection} says
   */
  void ensure(CollectionSpec spec, Attempt attempt);

  /**
   * Opens a collection, which is described once for that.
   *
   * @param name its name
   * @param attempt the deadline
   * @return the engine's side of the collection
   * @throws VectorStoreException.NotFound if it isn't there
   */
  CollectionEngine<?> open(String name, Attempt attempt);

  /**
   * Describes a collection.
   *
   * @param name its name
   * @param attempt the deadline
   * @return the description
   * @throws VectorStoreException.NotFound if it isn't there
   */
  default CollectionInfo describe(String name, Attempt attempt) {
    return open(name, attempt).info();
  }

  /**
   * The names of all collections.
   *
   * @param attempt the deadline
   * @return the names, in any order
   */
  List<String> collections(Attempt attempt);

  /**
   * Whether a collection or an alias is there.
   *
   * @param name its name
   * @param attempt the deadline
   * @return false only on proof of absence
   */
  boolean exists(String name, Attempt attempt);

  /**
   * Removes a collection.
   *
   * @param name its name
   * @param attempt the deadline
   * @return true if it was there
   * @throws VectorStoreException.Conflict if the name is an alias
   */
  boolean drop(String name, Attempt attempt);

  /**
   * Removes a vector from a collection and from all its records; safe to repeat.
   *
   * @param collection the collection's name
   * @param vector the vector's name, or {@code VectorSpec.PLAIN}
   * @param attempt the deadline
   * @return true if it was there
   * @throws VectorStoreException.NotFound if the collection isn't there
   */
  default boolean dropVector(String collection, String vector, Attempt attempt) {
    throw new UnsupportedFeature(
        "the engine can't drop a vector; copy the collection to a new one without it");
  }

  /**
   * Writes to several collections, all or nothing.
   *
   * @param batch the writes, in order; their records are checked
   * @param collections the engine's side of the collections that the batch writes, by name
   * @param attempt the deadline
   * @throws UnsupportedFeature if the engine can't do this
   */
  default void apply(
      WriteBatch batch, Map<String, CollectionEngine<?>> collections, Attempt attempt) {
    throw new UnsupportedFeature(
        "the engine has no atomic batches; write collection by collection");
  }

  /**
   * The engine's own client.
   *
   * @param type the client's type
   * @param <T> the client's type
   * @return the client, or empty if there is none of this type
   */
  <T> Optional<T> unwrap(Class<T> type);

  /** Ends threads, connections and files within 10 s. Called once. */
  @Override
  void close();

  /**
   * What a user can do where a capability is lacking, for the message of the refusal.
   *
   * @param lacking the capability
   * @return a clause, or empty if there is nothing to say
   */
  default Optional<String> advice(Capability lacking) {
    return Optional.empty();
  }
}
