package dev.vectorstore.testkit;

import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStores;
import java.util.List;
import java.util.function.UnaryOperator;

/** Stores that take names to mean something else. */
final class NameMutants {
  private NameMutants() {}

  static List<Mutant> all() {
    return List.of(
        asked("a name is cut as Postgres cuts it", NameMutants::cut),
        asked("a name is trimmed", String::strip),
        asked("a name that isn't portable is refused", VectorStores::requirePortableName),
        asked("an empty name is that of nothing", name -> name.isEmpty() ? "nothing" : name),
        Mutant.store(
            "C-06",
            "a name that isn't portable is made portable",
            to ->
                new ForwardingStore(to) {
                  @Override
                  public VectorCollection ensureCollection(CollectionSpec spec) {
                    String name = spec.name().replaceAll("[^A-Za-z0-9_-]", "_");
                    return to.ensureCollection(
                        VectorStores.isPortableName(name) ? spec.toBuilder(name).build() : spec);
                  }
                }),
        Mutant.store(
            "E-13",
            "a name that is missed for its case is just missing",
            to ->
                new ForwardingStore(to) {
                  @Override
                  public CollectionInfo describe(String name) {
                    try {
                      return to.describe(name);
                    } catch (NotFound failure) {
                      throw failure.withMessage(
                          "describe on " + VectorStores.shownName(name) + " (model): not there");
                    }
                  }
                }),
        Mutant.store(
            "E-09",
            "a name stands in a message as it is",
            to ->
                new ForwardingStore(to) {
                  @Override
                  public CollectionInfo describe(String name) {
                    try {
                      return to.describe(name);
                    } catch (NotFound failure) {
                      throw failure.withMessage("describe on " + name + " (model): not there");
                    }
                  }
                }));
  }

  private static String cut(String name) {
    return name.substring(0, Math.min(name.length(), 63));
  }

  /** Asks for another name than the one that it was asked for. */
  private static Mutant asked(String defect, UnaryOperator<String> taken) {
    return Mutant.store("C-06", defect, to -> new Renaming(to, taken));
  }

  private static final class Renaming extends ForwardingStore {
    private final UnaryOperator<String> taken;

    Renaming(VectorStore to, UnaryOperator<String> taken) {
      super(to);
      this.taken = taken;
    }

    @Override
    public CollectionInfo describe(String name) {
      return to.describe(taken.apply(name));
    }

    @Override
    public boolean exists(String name) {
      return to.exists(taken.apply(name));
    }

    @Override
    public boolean drop(String name) {
      return to.drop(taken.apply(name));
    }

    @Override
    public VectorCollection collection(String name) {
      return to.collection(taken.apply(name));
    }
  }
}
