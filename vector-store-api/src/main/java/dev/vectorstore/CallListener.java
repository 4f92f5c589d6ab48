package dev.vectorstore;

/**
 * Hears of every call: the seam for metrics and traces. A call is told once when it starts and once
 * when it ends, both on the thread that made it, so that what the listener attaches to the thread
 * at the start (a trace context, a logging context) holds during the call and can be taken off at
 * its end. Calls inside the body of a {@link VectorCollection#bulkLoad} are calls of their own.
 *
 * <pre>{@code
 * CallListener timing = call -> end -> timer(call.operation(), end.errorType()).record(end.duration());
 * }</pre>
 *
 * <p>Implementations are called from several threads at once. What they throw is logged and
 * ignored.
 */
@FunctionalInterface
public interface CallListener {
  /** Hears nothing. */
  CallListener NONE = call -> end -> {};

  /**
   * A call starts; nothing of it is checked or sent yet.
   *
   * @param call what is called
   * @return who hears how it goes on; made anew for each call, so it can hold the call's state
   */
  Observer started(CallStart call);

  /** Hears how one call goes on, after {@link #started}. What it throws is logged and ignored. */
  @FunctionalInterface
  interface Observer {
    /**
     * The call has ended. Called once, on the thread that made the call, whatever ended it.
     *
     * @param end how it went
     */
    void ended(CallEnd end);

    /**
     * A batch of this call is about to be sent, by a thread of the store. It is called on that
     * thread, and what it returns hears the batch's end there: here a context of the calling
     * thread, kept since the start, can be handed on. Several batches can be on their way at once;
     * all of them end before the call does. {@link VectorCollection#upsertAll} has batches.
     *
     * @param batch what is sent
     * @return who hears of the batch; nobody unless overridden
     */
    default Observer batchStarted(CallStart batch) {
      return end -> {};
    }
  }
}
