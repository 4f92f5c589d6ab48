package dev.vectorstore.support;

import dev.vectorstore.VectorStoreException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
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

  /**
   * Reads what may be read twice. Meanwhile it is looked whether the collection is still as it was
   * opened, if that is due: what the look tells is true of a time after the read began. Where it
   * isn't, the read is done again, or for the first time if it failed.
   */
  <T> T read(Call call, Function<CollectionEngine<?>, T> body) {
    CollectionEngine<?> known = engine(call);
    Supplier<? extends CollectionEngine<?>> look = call.aside(known::look);
    T answer;
    try {
      answer = body.apply(known);
    } catch (VectorStoreException failure) {
      CollectionEngine<?> now = now(known, look);
      if (now == known) {
        throw failure;
      }
      return body.apply(now);
    }
    CollectionEngine<?> now = now(known, look);
    return now == known ? answer : body.apply(now);
  }

  /** The engine for a write: what isn't known for a while is looked at before. */
  CollectionEngine<?> forWrite(Call call) {
    CollectionEngine<?> known = engine(call);
    return now(known, call.aside(known::look));
  }

  /** The engine of the collection as it is now, where filters rest on that. */
  CollectionEngine<?> renewed(Call call) {
    CollectionEngine<?> known = engine(call);
    return known.provesFilters() ? known : now(known, () -> call.attempt(known::renewed));
  }

  private CollectionEngine<?> now(
      CollectionEngine<?> known, Supplier<? extends CollectionEngine<?>> look) {
    CollectionEngine<?> now = look.get();
    if (now != known) {
      engine.compareAndSet(known, now);
    }
    return now;
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
