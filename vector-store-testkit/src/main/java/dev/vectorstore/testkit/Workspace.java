package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Metric;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * What one test of the kit works in: an open store and collections with names that nobody else
 * uses, dropped at the end. Not safe for threads; its store and collections are.
 */
final class Workspace implements AutoCloseable {
  /** Retries as a user has them, without the long waits. */
  static final RetryPolicy FAST_RETRIES =
      RetryPolicy.builder()
          .writeDelays(Duration.ofMillis(20), Duration.ofMillis(100))
          .readDelays(Duration.ofMillis(20), Duration.ofMillis(100))
          .build();

  private static final String RUN = "kit" + UUID.randomUUID().toString().substring(0, 8);
  private static final AtomicLong NAMES = new AtomicLong();

  private final EngineContract contract;
  private final VectorStore store;
  private final List<String> names = new ArrayList<>();
  private final List<VectorStore> others = new ArrayList<>();

  private Workspace(EngineContract contract) {
    this.contract = contract;
    this.store = openStore();
  }

  /** A workspace on the engine itself, with its right key. */
  static Workspace of(EngineContract contract) {
    return new Workspace(contract);
  }

  VectorStore store() {
    return store;
  }

  /** Another client of the same engine; an engine in this process shares nothing with it. */
  VectorStore another() {
    VectorStore other = openStore();
    others.add(other);
    return other;
  }

  /** Another client of the same engine that never tries again, to be closed by the test. */
  VectorStore unretried() {
    EngineUnderTest engine = contract.engine();
    return contract.open(engine.endpoint(), engine.credentials(), RetryPolicy.none());
  }

  private VectorStore openStore() {
    EngineUnderTest engine = contract.engine();
    return contract.open(engine.endpoint(), engine.credentials(), FAST_RETRIES);
  }

  /** Whether the store declares a capability. */
  boolean has(Capability capability) {
    return store.capabilities().contains(capability);
  }

  /**
   * Whether the engine is across a network.
   *
   * @throws AssertionError if it declares so without an address and keys, or the other way round
   */
  boolean remote() {
    EngineUnderTest engine = contract.engine();
    assertThat(!engine.endpoint().isInProcess() && engine.wrongCredentials().key().isPresent())
        .as("an engine has an address and asks for a key exactly if it declares REMOTE")
        .isEqualTo(has(Capability.REMOTE));
    return has(Capability.REMOTE);
  }

  /** Ends a test that needs an engine across a network where there is none. */
  void requireRemote() {
    if (!remote()) {
      throw DoesNotBind.without(Capability.REMOTE);
    }
  }

  /**
   * Ends a test that kills the engine where it can't be killed and started again.
   *
   * @throws AssertionError if it declares DURABLE without that, or the other way round
   */
  void requireDurable() {
    EngineUnderTest engine = contract.engine();
    assertThat(engine.kill().isPresent() && engine.restart().isPresent())
        .as("an engine can be killed and restarted exactly if it declares DURABLE")
        .isEqualTo(has(Capability.DURABLE));
    require(Capability.DURABLE);
  }

  /** Ends a test that needs capabilities where the store lacks one; another test shows refusals. */
  void require(Capability... needed) {
    for (Capability each : needed) {
      if (!has(each)) {
        throw DoesNotBind.without(each);
      }
    }
  }

  /** Kills the engine as kill -9 does and starts it again; where {@link #requireDurable()}. */
  void crash() {
    contract.engine().kill().orElseThrow().run();
    contract.engine().restart().orElseThrow().run();
  }

  /** A client behind a proxy, with this policy; where {@link #remote()}. */
  FaultyClient faulty(RetryPolicy retry) {
    return new FaultyClient(contract, retry);
  }

  /** A name that no collection has. What the test makes of it is dropped at the end. */
  String freshName() {
    String name = RUN + "_" + NAMES.incrementAndGet();
    names.add(name);
    return name;
  }

  /** Another name of a collection that is dropped at the end. */
  void add(String name) {
    names.add(name);
  }

  /** A specification for a collection with vectors, to which a test may add. */
  CollectionSpec.Builder spec(int dimension, Metric metric) {
    return CollectionSpec.builder(freshName()).vectors(dimension, metric);
  }

  /** A new collection with vectors and no declared fields. */
  VectorCollection create(int dimension, Metric metric) {
    return store.ensureCollection(spec(dimension, metric).build());
  }

  /** A new collection of four dimensions under cosine, to which the test adds. */
  VectorCollection create(UnaryOperator<CollectionSpec.Builder> more) {
    return store.ensureCollection(more.apply(spec(4, Metric.COSINE)).build());
  }

  /**
   * A new collection of four dimensions under cosine, with a declared field of each type, named
   * after the type: keyword, number, flag, instant, text; and "content", a text too.
   */
  VectorCollection create() {
    return create(
        spec ->
            spec.field("keyword", FieldType.KEYWORD)
                .field("number", FieldType.NUMBER)
                .field("flag", FieldType.BOOLEAN)
                .field("instant", FieldType.INSTANT)
                .field("text", FieldType.TERMS)
                .field("content", FieldType.TERMS));
  }

  @Override
  public void close() {
    try (VectorStore closing = store) {
      others.forEach(VectorStore::close);
      names.stream().filter(closing::exists).forEach(closing::drop);
    }
  }
}
