package dev.vectorstore.support;

import dev.vectorstore.CallEnd;
import dev.vectorstore.CallListener;
import dev.vectorstore.CallStart;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A listener that keeps what it hears. */
final class HeardCalls implements CallListener {
  /** A call or a batch of one. */
  static final class Heard implements Observer {
    final CallStart start;
    final Thread startedOn = Thread.currentThread();
    final List<Heard> batches = new CopyOnWriteArrayList<>();
    final List<CallEnd> ends = new CopyOnWriteArrayList<>();
    @Nullable Thread endedOn;

    Heard(CallStart start) {
      this.start = start;
    }

    CallEnd end() {
      if (ends.size() != 1) {
        throw new AssertionError(start + " ended " + ends.size() + " times");
      }
      return ends.get(0);
    }

    @Override
    public Observer batchStarted(CallStart batch) {
      Heard heard = new Heard(batch);
      batches.add(heard);
      return heard;
    }

    @Override
    public void ended(CallEnd end) {
      endedOn = Thread.currentThread();
      ends.add(end);
    }

    @Override
    public String toString() {
      return start + " " + ends + " " + batches;
    }
  }

  final List<Heard> calls = new CopyOnWriteArrayList<>();

  @Override
  public Observer started(CallStart call) {
    Heard heard = new Heard(call);
    calls.add(heard);
    return heard;
  }

  Heard only() {
    List<Heard> all = new ArrayList<>(calls);
    if (all.size() != 1) {
      throw new AssertionError("not one call: " + all);
    }
    return all.get(0);
  }

  List<String> operations() {
    return calls.stream().map(call -> call.start.operation()).toList();
  }
}
