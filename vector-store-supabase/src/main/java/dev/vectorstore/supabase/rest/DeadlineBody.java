package dev.vectorstore.supabase.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response as a stream whose reads end at the attempt's deadline: the JDK's own
 * streams wait for ever on a server that stalls. It asks for one buffer at a time, so a slow reader
 * holds little. Read by one thread; closing it early drops the connection.
 */
final class DeadlineBody extends InputStream implements HttpResponse.BodySubscriber<InputStream> {
  private static final Item END = new Item(true, List.of(), null);

  private final Deadline deadline;
  private final Runnable whenEnded;
  private final LinkedBlockingQueue<Item> items = new LinkedBlockingQueue<>();
  private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();
  private final CompletableFuture<InputStream> begun = new CompletableFuture<>();
  private final Deque<ByteBuffer> current = new ArrayDeque<>();
  private boolean ended;

  /**
   * A body.
   *
   * @param deadline of the attempt
   * @param whenEnded called once or more when nothing more is read
   */
  DeadlineBody(Deadline deadline, Runnable whenEnded) {
    this.deadline = deadline;
    this.whenEnded = whenEnded;
  }

  /** Lets the reader fail, from any thread. */
  void abort() {
    Flow.Subscription connected = subscription.get();
    if (connected != null) {
      connected.cancel();
    }
    add(new Item(false, List.of(), new IOException("the store was closed")));
  }

  private void add(Item item) {
    items.add(item);
    begun.complete(this);
  }

  /** Complete with the first of the body, so that the reader of a short one is woken once. */
  @Override
  public CompletionStage<InputStream> getBody() {
    return begun;
  }

  @Override
  public void onSubscribe(Flow.Subscription connected) {
    if (subscription.compareAndSet(null, connected)) {
      connected.request(1);
    } else {
      connected.cancel();
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    add(new Item(false, new ArrayList<>(buffers), null));
  }

  @Override
  public void onError(Throwable fault) {
    add(new Item(false, List.of(), fault));
  }

  @Override
  public void onComplete() {
    add(END);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    ByteBuffer buffer = nextBuffer();
    if (buffer == null) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(bytes, offset, count);
    return count;
  }

  private @Nullable ByteBuffer nextBuffer() throws IOException {
    while (true) {
      ByteBuffer first = current.peek();
      if (first != null && first.hasRemaining()) {
        return first;
      }
      if (first != null) {
        current.remove();
      } else if (!receive()) {
        return null;
      }
    }
  }

  /** Waits for the next buffers; false at the end. */
  private boolean receive() throws IOException {
    if (ended) {
      return false;
    }
    Item item = poll();
    if (item == null) {
      close();
      throw new HttpTimeoutException("the response's body didn't end within the deadline");
    }
    if (item.fault() != null) {
      end();
      throw new IOException("the response's body broke off", item.fault());
    }
    if (item.end()) {
      end();
      return false;
    }
    current.addAll(item.buffers());
    Flow.Subscription connected = subscription.get();
    if (connected != null) {
      connected.request(1);
    }
    return true;
  }

  private @Nullable Item poll() throws IOException {
    try {
      return deadline.await(nanos -> items.poll(nanos, TimeUnit.NANOSECONDS));
    } catch (InterruptedException interrupted) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the response's body was read");
    }
  }

  @Override
  public void close() {
    Flow.Subscription connected = subscription.get();
    if (connected != null && !ended) {
      connected.cancel();
    }
    end();
    current.clear();
  }

  private void end() {
    ended = true;
    whenEnded.run();
  }

  private record Item(boolean end, List<ByteBuffer> buffers, @Nullable Throwable fault) {}
}
