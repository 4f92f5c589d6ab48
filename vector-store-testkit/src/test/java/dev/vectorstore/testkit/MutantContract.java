package dev.vectorstore.testkit;

import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The contract on a wrong store. Run by {@link MutantsTest} alone: its tests must fail. */
final class MutantContract implements VectorStoreContract {
  /** What to open; JUnit makes this class's objects. */
  static final AtomicReference<Supplier<VectorStore>> STORE =
      new AtomicReference<>(ModelStore::open);

  @Override
  public EngineUnderTest engine() {
    return EngineUnderTest.inProcess();
  }

  @Override
  public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
    return STORE.get().get();
  }
}
