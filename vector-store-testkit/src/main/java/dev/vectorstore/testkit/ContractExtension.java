package dev.vectorstore.testkit;

import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a contract test that doesn't take the contract as it is. */
final class ContractExtension implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    List<String> violations = ContractCheck.violations(context.getRequiredTestClass());
    if (!violations.isEmpty()) {
      throw new AssertionError(String.join("\n", violations));
    }
  }
}
