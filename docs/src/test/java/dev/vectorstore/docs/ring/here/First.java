package dev.vectorstore.docs.ring.here;

import dev.vectorstore.docs.ring.there.Second;

/** Needs {@link Second}, which needs it: what the rules against rings must see. */
public final class First {
  Third third = new Third();
  Second second = new Second();
}
