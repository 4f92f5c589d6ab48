package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Expected refusals. Each says what the implementer has to look at. */
final class Expect {
  private Expect() {}

  /**
   * Expects that a call fails with this type.
   *
   * @param advice what to check in the engine when it doesn't
   */
  static <E extends VectorStoreException> E failure(
      Class<E> type, String advice, ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).as(advice).isInstanceOf(type);
    return type.cast(thrown);
  }

  /** Expects that a call is refused as a bad request. */
  static InvalidRequest invalid(String advice, ThrowingCallable call) {
    return failure(InvalidRequest.class, advice, call);
  }

  /** Expects that a call is refused because a capability isn't declared. */
  static UnsupportedFeature unsupported(ThrowingCallable call) {
    return failure(
        UnsupportedFeature.class,
        "a capability that isn't declared: refuse the operation with UnsupportedFeature",
        call);
  }
}
