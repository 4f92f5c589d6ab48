package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** A contract test that tampers with the contract fails as a whole, before a test is run. */
final class ContractExtensionTest {
  @Test
  void aTamperingClassRunsNoTestAndFails() {
    var results =
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(Tampering.class)).execute();
    Events tests = results.testEvents();
    assertThat(tests.started().count()).isZero();
    assertThat(results.containerEvents().failed().count()).isEqualTo(1);
  }

  static final class Tampering implements VectorStoreContract {
    @Override
    public EngineUnderTest engine() {
      return EngineUnderTest.inProcess();
    }

    @Override
    public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
      throw new UnsupportedOperationException("no test gets here");
    }

    @Override
    public void closeCanBeRepeated() {}
  }
}
