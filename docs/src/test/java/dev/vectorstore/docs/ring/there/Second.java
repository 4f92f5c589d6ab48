package dev.vectorstore.docs.ring.there;

import dev.vectorstore.docs.ring.here.First;

/** Needs {@link First} in a nested class alone. */
public final class Second {
  static final class Nested {
    First[] first = {};
  }
}
