package dev.vectorstore.testkit;

import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The engine compared with a model, at random: section Model of docs/CONTRACT.md. */
public interface ModelContract extends EngineContract {
  @Test
  @Rule("M-01")
  default void randomOperationsAnswerAsTheModelDoes() {
    try (Workspace space = Workspace.of(this)) {
      for (long seed : ModelRun.seeds()) {
        ModelRun.check(space, seed);
      }
    }
  }

  @Test
  @Rule("M-02")
  default void randomFiltersSelectWhatTheyMean() {
    try (Workspace space = Workspace.of(this)) {
      for (long seed : ModelRun.seeds()) {
        Random random = new Random(seed);
        RandomPayloads payloads = new RandomPayloads(random);
        VectorCollection collection = space.create();
        Map<Object, VectorRecord> records = new LinkedHashMap<>();
        for (int i = 0; i < 120; i++) {
          VectorRecord record = payloads.record(4);
          records.put(record.id(), record);
        }
        collection.upsert(records.values());
        RandomFilters filters = new RandomFilters(random, collection.capabilities());
        ModelRun.selects("seed " + seed, collection, records.values(), filters, 60);
      }
    }
  }
}
