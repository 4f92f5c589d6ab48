package dev.vectorstore;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The entries of an object, which nobody can change: what is known to be so isn't copied. */
final class Entries extends AbstractMap<String, Value> {
  private final Map<String, Value> entries;

  private Entries(Map<String, Value> entries) {
    this.entries = entries;
  }

  /** Entries in their order, copied unless they can't change. */
  static Entries of(Map<String, Value> map) {
    return map instanceof Entries entries ? entries : new Entries(new LinkedHashMap<>(map));
  }

  /** The entries of a map that its owner gives away. */
  static Entries owned(Map<String, Value> map) {
    return new Entries(map);
  }

  @Override
  public @Nullable Value get(@Nullable Object key) {
    return entries.get(key);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return entries.containsKey(key);
  }

  @Override
  public void forEach(BiConsumer<? super String, ? super Value> action) {
    entries.forEach(action);
  }

  @Override
  public Set<Entry<String, Value>> entrySet() {
    return Collections.unmodifiableMap(entries).entrySet();
  }
}
