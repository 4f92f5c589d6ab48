package dev.vectorstore;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The engines on the class or module path. */
final class Providers {
  private final List<VectorStoreProvider> found = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();

  private Providers() {}

  /**
   * By the class loader of this library first: threads of the common pool have one that doesn't see
   * the jars inside a jar of Spring Boot. By that of the thread too: in application servers and
   * plugins it can see engines that the library's doesn't.
   */
  static Providers find() {
    Providers providers = new Providers();
    Stream.of(Providers.class.getClassLoader(), Thread.currentThread().getContextClassLoader())
        .filter(Objects::nonNull)
        .distinct()
        .forEach(loader -> providers.add(ServiceLoader.load(VectorStoreProvider.class, loader)));
    return providers;
  }

  /** One engine that can't be loaded doesn't hide the others. */
  private void add(ServiceLoader<VectorStoreProvider> loader) {
    Iterator<VectorStoreProvider> providers = loader.iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return;
        }
        found.add(providers.next());
      } catch (ServiceConfigurationError unloadable) {
        broken.add(String.valueOf(unloadable.getMessage()));
      }
    }
  }

  Optional<VectorStoreProvider> of(String scheme) {
    return found.stream().filter(provider -> provider.schemes().contains(scheme)).findFirst();
  }

  /** What there is, for messages. */
  @Override
  public String toString() {
    TreeSet<String> known = new TreeSet<>();
    found.forEach(provider -> known.addAll(provider.schemes()));
    return "known are "
        + known
        + (broken.isEmpty() ? "" : "; not loaded: " + String.join("; ", broken));
  }
}
