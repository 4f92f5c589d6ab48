package dev.vectorstore.support;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The engine's side of a collection, opened at the first use and shared by all views of it. */
final class Opened {
  private final StoreEngine store;
  private final String name;
  private final AtomicReference<@Nullable CollectionEngine<?>> engine = new AtomicReference<>();

  Opened(StoreEngine store, String name) {
    this.store = store;
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Reads the description unless it was read; two threads may both read it, one is kept. */
  CollectionEngine<?> engine(Call call) {
    CollectionEngine<?> opened = engine.get();
    if (opened != null) {
      return opened;
    }
    CollectionEngine<?> described =
        call.attempt(
            attempt -> OtherCase.named(store, name, attempt, () -> store.open(name, attempt)));
    engine.compareAndSet(null, described);
    return Objects.requireNonNull(engine.get());
  }
}
