package dev.vectorstore.testkit;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CallStart;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.VectorStores;
import dev.vectorstore.WriteBatch;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The contract read literally: a store over plain maps that asks {@link Filter#test} and {@link
 * dev.vectorstore.Metric#score} of every record. Engines are compared with it, and the kit's own
 * tests plant defects in it. Nothing of it is shared with what engines use. Safe for threads, by
 * one lock.
 */
final class ModelStore implements VectorStore {
  /** All that the port knows, but what an engine in this process can't have. */
  static final Set<Capability> CAPABILITIES =
      Collections.unmodifiableSet(
          EnumSet.complementOf(EnumSet.of(Capability.DURABLE, Capability.REMOTE)));

  private final Object lock = new Object();
  private final Set<Capability> capabilities;
  private final BiPredicate<Filter, VectorRecord> meaning;
  private final Map<String, ModelData> collections = new TreeMap<>();
  private boolean closed;

  private ModelStore(Set<Capability> capabilities, BiPredicate<Filter, VectorRecord> meaning) {
    this.capabilities = capabilities;
    this.meaning = meaning;
  }

  /** A store without collections. */
  static ModelStore open() {
    return open(CAPABILITIES, Filter::test);
  }

  /**
   * A store without collections that declares less, or takes filters to mean something else.
   *
   * @param capabilities what it declares and doesn't refuse
   * @param meaning whether a filter selects a record
   */
  static ModelStore open(Set<Capability> capabilities, BiPredicate<Filter, VectorRecord> meaning) {
    return new ModelStore(capabilities, meaning);
  }

  @Override
  public String engine() {
    return "model";
  }

  @Override
  public VectorCollection ensureCollection(CollectionSpec spec) {
    Objects.requireNonNull(spec, "spec");
    return call(
        "ensureCollection",
        spec.name(),
        () -> {
          VectorStores.requirePortableName(spec.name());
          require(Capability.MANAGE);
          spec.requirePortableVectorNames();
          if (spec.fields().containsValue(FieldType.TEXT)) {
            require(Capability.RANKED_TEXT);
          }
          ModelData data = collections.get(spec.name());
          if (data == null) {
            requireOwnCase(spec.name());
            collections.put(spec.name(), new ModelData(spec));
          } else {
            data.add(spec);
          }
          return new ModelCollection(this, spec.name());
        });
  }

  private void requireOwnCase(String name) {
    if (collections.keySet().stream().anyMatch(name::equalsIgnoreCase)) {
      throw new Conflict("another name differs from it in case only; choose another");
    }
  }

  @Override
  public void ping() {
    call("ping", null, () -> true);
  }

  /** Nothing here waits or is tried again. */
  @Override
  public VectorStore with(CallOptions options) {
    Objects.requireNonNull(options, "options");
    return this;
  }

  @Override
  public CollectionInfo describe(String name) {
    VectorStores.requireName(name);
    return call("describe", name, () -> info(data(name)));
  }

  @Override
  public List<String> collections() {
    return call("collections", null, () -> List.copyOf(collections.keySet()));
  }

  @Override
  public boolean exists(String name) {
    VectorStores.requireName(name);
    return call("exists", name, () -> collections.containsKey(name));
  }

  @Override
  public boolean drop(String name) {
    VectorStores.requireName(name);
    return call(
        "drop",
        name,
        () -> {
          require(Capability.MANAGE);
          return collections.remove(name) != null;
        });
  }

  @Override
  public boolean dropVector(String collection, String vector) {
    Objects.requireNonNull(vector, "vector");
    VectorStores.requireName(collection);
    return call(
        "dropVector",
        collection,
        () -> {
          require(Capability.MANAGE);
          return data(collection).dropVector(vector);
        });
  }

  @Override
  public VectorCollection collection(String name) {
    VectorStores.requireName(name);
    return call("collection", name, () -> new ModelCollection(this, name));
  }

  @Override
  public void apply(WriteBatch batch) {
    Objects.requireNonNull(batch, "batch");
    run(
        "apply",
        null,
        () -> {
          require(Capability.ATOMIC_BATCH);
          Map<String, ModelData> changed = new TreeMap<>();
          for (WriteBatch.Operation operation : batch.operations()) {
            ModelData data =
                changed.computeIfAbsent(operation.collection(), name -> named(name).copy());
            apply(operation, data);
          }
          collections.putAll(changed);
        });
  }

  /** One of several collections, so that its name is said where it isn't there. */
  private ModelData named(String name) {
    try {
      return data(name);
    } catch (NotFound missing) {
      throw missing.withMessage(name + ": " + missing.getMessage());
    }
  }

  private void apply(WriteBatch.Operation operation, ModelData data) {
    if (operation instanceof WriteBatch.Upsert upsert) {
      upsert.records().forEach(data.spec()::check);
      upsert
          .records()
          .forEach(record -> data.records().put(record.id(), data.spec().named(record)));
    } else if (operation instanceof WriteBatch.Delete delete) {
      delete.ids().forEach(data.records()::remove);
    } else if (operation instanceof WriteBatch.DeleteWhere where) {
      requireAnswerable(where.filter(), data.spec());
      data.records().values().removeIf(record -> test(where.filter(), record));
    }
  }

  @Override
  public Set<Capability> capabilities() {
    return call("capabilities", null, () -> capabilities);
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    Objects.requireNonNull(type, "type");
    return call(
        "unwrap",
        null,
        () -> {
          throw new UnsupportedFeature("the model has nothing to unwrap");
        });
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
  }

  boolean test(Filter filter, VectorRecord record) {
    return meaning.test(filter, record);
  }

  CollectionInfo info(ModelData data) {
    return CollectionInfo.of(data.spec(), capabilities);
  }

  ModelData data(String name) {
    ModelData data = collections.get(name);
    if (data == null) {
      String others =
          collections.keySet().stream()
              .filter(other -> other.equalsIgnoreCase(name))
              .collect(Collectors.joining(" and "));
      throw new NotFound(
          "there is no such collection; "
              + (others.isEmpty()
                  ? "make it by ensureCollection"
                  : "ask for " + others + ", which differs in case only"));
    }
    return data;
  }

  void require(Capability capability) {
    if (!capabilities.contains(capability)) {
      throw new UnsupportedFeature("the model was opened without " + capability);
    }
  }

  void requireAnswerable(Filter filter, CollectionSpec spec) {
    spec.check(filter);
    filter.accept(TextNeeds.INSTANCE).forEach(this::require);
  }

  void run(String operation, @Nullable String collection, Runnable body) {
    call(
        operation,
        collection,
        () -> {
          body.run();
          return true;
        });
  }

  <T> T call(String operation, @Nullable String collection, Supplier<T> body) {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("the model store is closed; open a new one");
      }
      try {
        return body.get();
      } catch (VectorStoreException failure) {
        throw named(operation, collection, failure);
      }
    }
  }

  VectorStoreException named(
      String operation, @Nullable String collection, VectorStoreException failure) {
    CallStart.Builder start = CallStart.builder(engine(), CallStart.Server.of(engine()), operation);
    String name = (collection == null ? start : start.collection(collection)).build().toString();
    return failure.withMessage(name + ": " + failure.getMessage());
  }
}
