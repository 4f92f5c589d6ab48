package dev.vectorstore.testkit;

import dev.vectorstore.Capability;
import org.opentest4j.TestAbortedException;

/**
 * Ends a test whose rules don't bind the engine, since it doesn't declare a capability that they
 * need. JUnit reports such a test as aborted, with this reason, and the table of rules names the
 * capability: a test that returned instead would count as passed.
 */
final class DoesNotBind extends TestAbortedException {
  private static final long serialVersionUID = 1L;

  private final Capability needed;

  private DoesNotBind(Capability needed, String seen) {
    super("The test doesn't bind: it needs " + needed + ", which isn't declared" + seen + ".");
    this.needed = needed;
  }

  /** Where there is nothing that the engine could refuse, or another test shows that it does. */
  static DoesNotBind without(Capability needed) {
    return new DoesNotBind(needed, "");
  }

  /** Where the test has shown that what needs the capability is refused. */
  static DoesNotBind refused(Capability needed) {
    return new DoesNotBind(needed, "; what needs it was refused, as it must be");
  }

  /** The capability that isn't declared. */
  Capability needed() {
    return needed;
  }
}
