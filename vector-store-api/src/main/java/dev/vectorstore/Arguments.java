package dev.vectorstore;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** What must be true of arguments, told by their names. */
final class Arguments {
  private Arguments() {}

  /** A copy; a null in it is told by its place. */
  static <T> List<T> copy(Collection<? extends T> elements, String name) {
    Objects.requireNonNull(elements, name);
    int index = 0;
    for (Iterator<? extends T> rest = elements.iterator(); rest.hasNext(); index++) {
      if (rest.next() == null) {
        throw new NullPointerException(name + "[" + index + "]");
      }
    }
    return List.copyOf(elements);
  }
}
