package dev.vectorstore.docs.ring.here;

/** Needs the ring, which doesn't need it. */
final class Straight {
  First first = new First();
}
