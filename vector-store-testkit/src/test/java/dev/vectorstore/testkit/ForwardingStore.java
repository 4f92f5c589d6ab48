package dev.vectorstore.testkit;

import dev.vectorstore.CallOptions;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteBatch;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A store that hands everything on; defects are planted by overriding. */
class ForwardingStore implements VectorStore {
  final VectorStore to;
  private final UnaryOperator<VectorCollection> collections;

  ForwardingStore(VectorStore to, UnaryOperator<VectorCollection> collections) {
    this.to = to;
    this.collections = collections;
  }

  ForwardingStore(VectorStore to) {
    this(to, collection -> collection);
  }

  @Override
  public String engine() {
    return to.engine();
  }

  @Override
  public VectorCollection ensureCollection(CollectionSpec spec) {
    return collections.apply(to.ensureCollection(spec));
  }

  @Override
  public void ping() {
    to.ping();
  }

  @Override
  public VectorStore with(CallOptions options) {
    return new ForwardingStore(to.with(options), collections);
  }

  @Override
  public CollectionInfo describe(String name) {
    return to.describe(name);
  }

  @Override
  public List<String> collections() {
    return to.collections();
  }

  @Override
  public boolean exists(String name) {
    return to.exists(name);
  }

  @Override
  public boolean drop(String name) {
    return to.drop(name);
  }

  @Override
  public boolean dropVector(String collection, String vector) {
    return to.dropVector(collection, vector);
  }

  @Override
  public VectorCollection collection(String name) {
    return collections.apply(to.collection(name));
  }

  @Override
  public void apply(WriteBatch batch) {
    to.apply(batch);
  }

  @Override
  public Set<Capability> capabilities() {
    return to.capabilities();
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return to.unwrap(type);
  }

  @Override
  public void close() {
    to.close();
  }
}
