package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo.UnreadColumn;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.support.Ticker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a {@link Copy}: takes the lock, finds the checkpoint, copies part by part. */
final class CopyRun {
  private static final Logger LOG = LoggerFactory.getLogger(CopyRun.class);

  private final CopyJob job;
  private final CopySettings settings;
  private final @Nullable Path replayed;
  private final StopSignal stop;
  private final VectorStore from;
  private final VectorStore to;

  /** A collection of the source, and that of the target, which is there now. */
  private record Endpoints(
      ResolvedRoute.Part part, VectorCollection source, VectorCollection target) {}

  CopyRun(CopyJob job, CopySettings settings, @Nullable Path replayed) {
    this.job = job;
    this.settings = settings;
    this.replayed = replayed;
    this.stop = settings.hooks().stopSignal();
    this.from = job.route().from();
    this.to = job.route().to();
  }

  CopyReport run() {
    boolean kept = replayed == null && to.capabilities().contains(Capability.DURABLE);
    if (!kept) {
      return run(Checkpoint.unkept());
    }
    settings.files().makeFolder();
    Path folder = settings.files().folder();
    try (JobLock held = JobLock.take(folder, job)) {
      return run(Checkpoint.open(folder, job));
    }
  }

  private CopyReport run(Checkpoint checkpoint) {
    Path rejectFile = settings.files().rejects(job, replayed != null);
    if (replayed != null && Rejects.same(rejectFile, replayed)) {
      throw new InvalidRequest(
          "the rejects of this replay would replace "
              + replayed
              + ", which is replayed; name another file for them");
    }
    boolean resumed = resumable(checkpoint, rejectFile);
    if (!resumed) {
      checkpoint.restart();
    }
    List<Endpoints> collections = open();
    try (Rejects rejects = Rejects.open(rejectFile, checkpoint.rejectBytes())) {
      CopyContext context =
          new CopyContext(
              checkpoint,
              rejects,
              stop,
              new RateLimit(settings.rate(), Ticker.SYSTEM, Sleeper.SYSTEM),
              settings.hooks().meter("copying"));
      List<CopyReport.Collection> done = new ArrayList<>();
      for (Endpoints collection : collections) {
        if (!stop.requested()) {
          done.add(copy(collection, context));
        }
      }
      boolean complete =
          job.route().parts().stream().allMatch(part -> checkpoint.state(part.source()).done());
      if (complete) {
        checkpoint.delete();
      }
      return new CopyReport(
          done,
          job.route().leftOut(),
          rejects.length() > 0 ? rejectFile : null,
          new CopyReport.End(!complete, resumed));
    }
  }

  /** A target that was made anew since has nothing of what the checkpoint says. */
  private boolean resumable(Checkpoint checkpoint, Path rejectFile) {
    if (!checkpoint.resumes()) {
      return false;
    }
    if (!Rejects.holds(rejectFile, checkpoint.rejectBytes())) {
      LOG.warn("{} isn't what the interrupted copy left; starting over", rejectFile);
      return false;
    }
    for (ResolvedRoute.Part part : job.route().parts()) {
      Checkpoint.State state = checkpoint.state(part.source());
      if (!state.equals(Checkpoint.State.START) && !holds(part, state)) {
        LOG.warn("{} lacks what the interrupted copy wrote; starting over", part);
        return false;
      }
    }
    return true;
  }

  private boolean holds(ResolvedRoute.Part part, Checkpoint.State state) {
    if (!to.exists(part.target())) {
      return false;
    }
    VectorCollection target = to.collection(part.target());
    if (target.count() < state.counts().written()) {
      return false;
    }
    if (state.lastId() == null) {
      return true;
    }
    RecordId last = RecordLines.readId(state.lastId());
    return !target.fetch(List.of(last), Projection.ids()).isEmpty();
  }

  /** Opens and makes all collections, so that what stands in the way is told before any copying. */
  private List<Endpoints> open() {
    List<Endpoints> opened = new ArrayList<>();
    for (ResolvedRoute.Part part : job.route().parts()) {
      VectorCollection source = from.collection(part.source());
      VectorCollection target = open(part, TargetSpec.of(source, part, to));
      TargetSpec.unwritable(target.describe())
          .ifPresent(
              why -> {
                throw new UnsupportedFeature(why);
              });
      opened.add(new Endpoints(part, source, target));
    }
    return opened;
  }

  private CopyReport.Collection copy(Endpoints collection, CopyContext context) {
    long start = Ticker.SYSTEM.nanos();
    ResolvedRoute.Part part = collection.part();
    Checkpoint.State state = context.checkpoint().state(part.source());
    List<UnreadColumn> unread = part.mapping().lost(collection.source().describe());
    if (state.done()) {
      return new CopyReport.Collection(
          part,
          state.counts(),
          new CopyReport.Notes(List.of(), unread, OptionalLong.empty()),
          Ticker.SYSTEM.secondsSince(start));
    }
    context.meter().begin(part.source(), count(collection).orElse(0), state.counts().read());
    CollectionSpec spec = collection.target().describe().spec();
    PageSorter sorter = PageSorter.mapping(part.mapping(), spec, job.inexactRejected());
    CollectionCopy work = new CollectionCopy(part, sorter, context);
    try (PageSource pages = pages(collection, Optional.ofNullable(state.cursor()))) {
      work.run(
          pages,
          collection.target(),
          replayed == null ? settings.writes() : settings.writesInOrder());
    }
    boolean whole = context.checkpoint().state(part.source()).done();
    OptionalLong rows = whole ? count(collection) : OptionalLong.empty();
    return new CopyReport.Collection(
        part,
        work.counts(),
        new CopyReport.Notes(work.asText(), unread, rows),
        Ticker.SYSTEM.secondsSince(start));
  }

  private OptionalLong count(Endpoints collection) {
    return replayed == null ? SourceReads.count(collection.source()) : OptionalLong.empty();
  }

  private PageSource pages(Endpoints collection, Optional<String> cursor) {
    return replayed == null
        ? new ScanPages(collection.source(), Projection.all(), settings.pageSize(), cursor)
        : new LinePages(replayed, collection.part().source(), names(), settings.pageSize());
  }

  private Set<String> names() {
    return job.route().parts().stream().map(ResolvedRoute.Part::source).collect(Collectors.toSet());
  }

  /** What isn't made or declared here is taken as it is there. */
  private VectorCollection open(ResolvedRoute.Part part, CollectionSpec spec) {
    if (TargetSpec.isEnsured(part, to)) {
      return to.ensureCollection(spec);
    }
    VectorCollection target = to.collection(spec.name());
    List<String> problems = TargetSpec.differences(target.describe().spec(), spec, part.mapping());
    if (!problems.isEmpty()) {
      throw new InvalidRequest(problems.get(0));
    }
    return target;
  }
}
