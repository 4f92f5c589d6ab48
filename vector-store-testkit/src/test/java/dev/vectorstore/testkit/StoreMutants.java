package dev.vectorstore.testkit;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Stores that close, or that make, list or drop collections wrongly. */
final class StoreMutants {
  private StoreMutants() {}

  static List<Mutant> all() {
    List<Mutant> mutants = new ArrayList<>(closing());
    mutants.addAll(collections());
    return mutants;
  }

  private static List<Mutant> closing() {
    return List.of(
        Mutant.store(
            "L-01",
            "close can't be repeated",
            to ->
                new ForwardingStore(to) {
                  private boolean closed;

                  @Override
                  public void close() {
                    if (closed) {
                      throw new IllegalStateException("closed already");
                    }
                    closed = true;
                    to.close();
                  }
                }),
        Mutant.store(
            "L-02",
            "use after close works",
            to ->
                new ForwardingStore(to) {
                  @Override
                  public void close() {
                    // Nothing is closed: the planted defect.
                  }
                }),
        Mutant.store(
            "L-06",
            "closing a view leaves the store open",
            to ->
                new ForwardingStore(to) {
                  @Override
                  public VectorStore with(CallOptions options) {
                    return new ForwardingStore(to.with(options)) {
                      @Override
                      public void close() {}
                    };
                  }
                }));
  }

  private static List<Mutant> collections() {
    return List.of(
        Mutant.store(
            "C-01",
            "ensuring what is there makes it anew",
            to ->
                new ForwardingStore(to) {
                  @Override
                  public VectorCollection ensureCollection(CollectionSpec spec) {
                    to.drop(spec.name());
                    return to.ensureCollection(spec);
                  }
                }),
        Mutant.store(
            "C-09",
            "drop says true of what wasn't there",
            to ->
                new ForwardingStore(to) {
                  @Override
                  public boolean drop(String name) {
                    to.drop(name);
                    return true;
                  }
                }),
        Mutant.store("C-03", "another metric is taken for the same", WithoutConflict::new),
        Mutant.store("C-12", "the latest type of a field is taken for its type", AnyType::new),
        Mutant.store("C-07", "names are taken in lower case", LowerCase::new),
        Mutant.store(
            "C-08",
            "collections come in any order",
            to ->
                new ForwardingStore(to) {
                  @Override
                  public List<String> collections() {
                    return to.collections().stream().sorted((a, b) -> b.compareTo(a)).toList();
                  }
                }));
  }

  private static final class WithoutConflict extends ForwardingStore {
    WithoutConflict(VectorStore to) {
      super(to);
    }

    @Override
    public VectorCollection ensureCollection(CollectionSpec spec) {
      try {
        return to.ensureCollection(spec);
      } catch (Conflict swallowed) {
        return to.collection(spec.name());
      }
    }
  }

  private static final class AnyType extends ForwardingStore {
    AnyType(VectorStore to) {
      super(to);
    }

    @Override
    public VectorCollection ensureCollection(CollectionSpec spec) {
      CollectionSpec.Builder accepted = spec.toBuilder();
      if (to.exists(spec.name())) {
        to.describe(spec.name())
            .spec()
            .fields()
            .forEach(
                (path, type) -> {
                  if (type != FieldType.TEXT && spec.fields().containsKey(path)) {
                    accepted.field(path, type);
                  }
                });
      }
      return super.ensureCollection(accepted.build());
    }
  }

  private static final class LowerCase extends ForwardingStore {
    LowerCase(VectorStore to) {
      super(to);
    }

    @Override
    public VectorCollection ensureCollection(CollectionSpec spec) {
      String name = spec.name().toLowerCase(Locale.ROOT);
      return to.ensureCollection(spec.toBuilder(name).build());
    }

    @Override
    public boolean exists(String name) {
      return to.exists(name.toLowerCase(Locale.ROOT));
    }
  }
}
