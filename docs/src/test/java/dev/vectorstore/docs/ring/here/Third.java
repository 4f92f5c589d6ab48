package dev.vectorstore.docs.ring.here;

import dev.vectorstore.docs.ring.there.Second;

/** Makes the ring of {@link First} and {@link Second} larger. */
final class Third {
  Second second = new Second();
}
