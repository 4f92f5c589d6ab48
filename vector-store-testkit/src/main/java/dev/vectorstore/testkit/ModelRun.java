package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Runs the same steps on an engine and on the model, and makes a failure short. */
final class ModelRun {
  private static final int STEPS = 60;
  private static final int MOST_REPLAYS = 80;

  private ModelRun() {}

  /** The seeds to try; {@code -Dkit.seed=N} tries one alone, to see a failure again. */
  static List<Long> seeds() {
    Long seed = Long.getLong("kit.seed");
    return seed != null ? List.of(seed) : LongStream.rangeClosed(1, 6).boxed().toList();
  }

  /** Fails with the seed and the shortest failing prefix, without the steps that don't matter. */
  static void check(Workspace space, long seed) {
    List<ModelStep> steps = ModelStep.random(seed, STEPS, space.store().capabilities());
    Optional<Failure> first = run(space, steps);
    if (first.isPresent()) {
      List<ModelStep> prefix = steps.subList(0, first.get().step() + 1);
      List<ModelStep> shortest = shrink(space, prefix);
      String story = shortest.stream().map(ModelStep::text).collect(Collectors.joining("\n  "));
      throw new AssertionError(
          "seed "
              + seed
              + ": the shortest failing prefix has "
              + prefix.size()
              + " steps, of which these are enough:\n  "
              + story
              + "\n"
              + first.get().error().getMessage(),
          first.get().error());
    }
  }

  /** Leaves out each step but the last that the failure doesn't need. */
  private static List<ModelStep> shrink(Workspace space, List<ModelStep> prefix) {
    List<ModelStep> steps = new ArrayList<>(prefix);
    int replays = 0;
    for (int i = steps.size() - 2; i >= 0 && replays < MOST_REPLAYS; i--, replays++) {
      ModelStep left = steps.remove(i);
      if (run(space, steps).isEmpty()) {
        steps.add(i, left);
      }
    }
    return steps;
  }

  private record Failure(int step, Throwable error) {}

  private static Optional<Failure> run(Workspace space, List<ModelStep> steps) {
    VectorCollection engine = space.create();
    try (VectorStore store = ModelStore.open()) {
      VectorCollection model = store.ensureCollection(engine.describe().spec());
      for (int i = 0; i < steps.size(); i++) {
        try {
          steps.get(i).check().accept(engine, model);
        } catch (AssertionError | VectorStoreException failure) {
          return Optional.of(new Failure(i, failure));
        }
      }
    }
    return Optional.empty();
  }

  /** Random filters select on the collection what they mean. */
  static void selects(
      String what,
      VectorCollection collection,
      Collection<VectorRecord> records,
      RandomFilters filters,
      int rounds) {
    for (int i = 0; i < rounds; i++) {
      Filter filter = filters.filter();
      List<RecordId> expected =
          records.stream().filter(filter::test).map(VectorRecord::id).sorted().toList();
      assertThat(ModelStep.scanned(collection, filter))
          .as("%s: scan of %s", what, filter)
          .isEqualTo(expected);
      assertThat(collection.count(filter))
          .as("%s: count of %s", what, filter)
          .isEqualTo(expected.size());
    }
  }
}
