package dev.vectorstore.migration;

import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.WriteOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Copies one collection: pages are read ahead, cut into batches, written several at once, and
 * settled in their order, so that the checkpoint never runs ahead of an acknowledgement. Used once,
 * by one thread.
 */
final class CollectionCopy {
  /** One page is being written while the one before it is waited for. */
  private static final int PAGES_UNSETTLED = 2;

  private static final int LISTED_NUMBERS = 100;

  private final ResolvedRoute.Part part;
  private final PageSorter sorter;
  private final CopyContext context;
  private final Deque<Unsettled> unsettled = new ArrayDeque<>();
  private final List<String> asText = new ArrayList<>();
  private Checkpoint.State state;

  /**
   * A page whose batches are on their way.
   *
   * @param sorted the page's rows
   * @param batches what each batch can't move
   * @param next the cursor behind the page
   */
  private record Unsettled(
      SortedPage sorted, List<Future<List<Reject>>> batches, Optional<String> next) {
    boolean isDone() {
      return batches.stream().allMatch(Future::isDone);
    }
  }

  CollectionCopy(ResolvedRoute.Part part, PageSorter sorter, CopyContext context) {
    this.part = part;
    this.sorter = sorter;
    this.context = context;
    this.state = context.checkpoint().state(part.source());
  }

  /** Copies all pages, or those before a stop; what is in flight is always waited for. */
  void run(PageSource pages, VectorCollection target, WriteOptions options) {
    VectorStoreException failure = null;
    try (BatchWriter writer = new BatchWriter(target, options)) {
      failure = transfer(pages, writer);
      try {
        settle(0);
      } catch (VectorStoreException e) {
        failure = failure == null ? e : withSuppressed(failure, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private @Nullable VectorStoreException transfer(PageSource pages, BatchWriter writer) {
    try {
      boolean more = true;
      while (more && !context.stop().requested()) {
        Optional<SourcePage> page = pages.next();
        if (page.isPresent()) {
          send(page.get(), writer);
          settle(PAGES_UNSETTLED);
        }
        more = page.isPresent();
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (VectorStoreException e) {
      return e;
    }
  }

  private void send(SourcePage page, BatchWriter writer) throws InterruptedException {
    SortedPage sorted = sorter.sort(page);
    context.rate().acquire((int) sorted.read(), context.stop());
    List<Future<List<Reject>>> batches = new ArrayList<>();
    writer.write(sorted.items(), batches);
    unsettled.add(new Unsettled(sorted, batches, page.next()));
  }

  /**
   * Settles the pages that are done, and waits for others until so many are left. Pages behind one
   * that failed are never settled: the checkpoint would skip it.
   */
  private void settle(int left) {
    while (!unsettled.isEmpty() && (unsettled.size() > left || unsettled.element().isDone())) {
      try {
        settle(unsettled.remove());
      } catch (VectorStoreException e) {
        unsettled.clear();
        throw e;
      }
    }
  }

  private void settle(Unsettled page) {
    List<Reject> rejects = new ArrayList<>(page.sorted().rejects());
    for (Future<List<Reject>> batch : page.batches()) {
      rejects.addAll(Workers.settled(batch));
    }
    context.rejects().add(part.source(), rejects);
    listNumbers(page.sorted().asText());
    state =
        new Checkpoint.State(
            page.next().isEmpty(),
            page.next().orElse(null),
            lastId(page, rejects),
            state.counts().plus(counts(page.sorted(), rejects)));
    context.checkpoint().save(part.source(), state, context.rejects().length());
    context.meter().report(state.counts().read());
  }

  private static CopyCounts counts(SortedPage sorted, List<Reject> rejects) {
    long refused = (long) rejects.size() - sorted.rejects().size();
    long bare =
        rejects.stream()
            .skip(sorted.rejects().size())
            .filter(reject -> reject.record() != null && reject.record().vectors().isEmpty())
            .count();
    return new CopyCounts(
        sorted.read(),
        sorted.items().size() - refused,
        rejects.size(),
        sorted.withoutVector() - bare,
        sorted.asText().size());
  }

  /** An id that the target has acknowledged, by which a later run sees that it is the same. */
  private @Nullable String lastId(Unsettled page, List<Reject> rejects) {
    Set<String> refused =
        rejects.stream()
            .skip(page.sorted().rejects().size())
            .map(Reject::row)
            .collect(Collectors.toSet());
    List<MappedRecord> items = page.sorted().items();
    for (int i = items.size() - 1; i >= 0; i--) {
      RecordId id = items.get(i).mapped().id();
      if (!refused.contains(id.toString())) {
        return RecordLines.idText(id);
      }
    }
    return state.lastId();
  }

  private void listNumbers(List<String> found) {
    int room = LISTED_NUMBERS - asText.size();
    asText.addAll(found.subList(0, Math.min(room, found.size())));
  }

  private static VectorStoreException withSuppressed(
      VectorStoreException failure, VectorStoreException other) {
    failure.addSuppressed(other);
    return failure;
  }

  /** What was done, interrupted runs included. */
  CopyCounts counts() {
    return state.counts();
  }

  /** The first numbers that were kept as text: the row and where. */
  List<String> asText() {
    return asText;
  }
}
