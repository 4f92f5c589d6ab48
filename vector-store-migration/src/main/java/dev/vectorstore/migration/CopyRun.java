package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.support.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

  private final Copy copy;
  private final CopyJob job;
  private final @Nullable Path replayed;
  private final StopSignal stop;

  /** What the collections of a run share. */
  record Shared(
      Checkpoint checkpoint,
      Rejects rejects,
      StopSignal stop,
      RateLimit rate,
      ProgressMeter meter) {}

  /** A collection with both its ends. */
  private record Opened(CopyJob.Part part, VectorCollection source, VectorCollection target) {}

  CopyRun(Copy copy, CopyJob job, @Nullable Path replayed) {
    this.copy = copy;
    this.job = job;
    this.replayed = replayed;
    this.stop = new StopSignal(copy.stopWhen);
  }

  CopyReport run() {
    boolean kept = replayed == null && copy.to.capabilities().contains(Capability.DURABLE);
    if (!kept) {
      return run(Checkpoint.unkept());
    }
    makeFolder(copy.stateDirectory);
    try (JobLock held = JobLock.take(copy.stateDirectory, job)) {
      return run(Checkpoint.open(copy.stateDirectory, job));
    }
  }

  private CopyReport run(Checkpoint checkpoint) {
    Path rejectFile = copy.rejects == null ? defaultRejects() : copy.rejects;
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
    List<Opened> opened = open();
    try (Rejects rejects = Rejects.open(rejectFile, checkpoint.rejectBytes())) {
      Shared shared =
          new Shared(
              checkpoint,
              rejects,
              stop,
              new RateLimit(copy.rate, Ticker.SYSTEM, Sleeper.SYSTEM),
              new ProgressMeter(copy.progress, "copying", Ticker.SYSTEM));
      List<CopyReport.Collection> done = new ArrayList<>();
      for (Opened part : opened) {
        if (!stop.requested()) {
          done.add(copy(part, shared));
        }
      }
      boolean complete =
          job.parts().stream().allMatch(part -> checkpoint.state(part.source()).done());
      if (complete) {
        checkpoint.delete();
      }
      return new CopyReport(
          done,
          job.leftOut(),
          rejects.length() > 0 ? rejectFile : null,
          new CopyReport.End(!complete, resumed));
    }
  }

  private Path defaultRejects() {
    String name = replayed == null ? "rejects-" : "replay-rejects-";
    return copy.stateDirectory.resolve(name + Checkpoint.shortened(job.fingerprint()) + ".jsonl");
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
    for (CopyJob.Part part : job.parts()) {
      Checkpoint.State state = checkpoint.state(part.source());
      if (!state.equals(Checkpoint.State.START) && !holds(part, state)) {
        LOG.warn("{} lacks what the interrupted copy wrote; starting over", part);
        return false;
      }
    }
    return true;
  }

  private boolean holds(CopyJob.Part part, Checkpoint.State state) {
    if (!copy.to.exists(part.target())) {
      return false;
    }
    VectorCollection target = copy.to.collection(part.target());
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
  private List<Opened> open() {
    List<Opened> opened = new ArrayList<>();
    for (CopyJob.Part part : job.parts()) {
      VectorCollection source = copy.from.collection(part.source());
      VectorCollection target = open(part, TargetSpec.of(source, part, copy.to));
      if (!target.describe().capabilities().contains(Capability.WRITE)) {
        target.upsert(List.of()); // is refused in the store's own words
      }
      opened.add(new Opened(part, source, target));
    }
    return opened;
  }

  private CopyReport.Collection copy(Opened opened, Shared shared) {
    long start = Ticker.SYSTEM.nanos();
    CopyJob.Part part = opened.part();
    Checkpoint.State state = shared.checkpoint().state(part.source());
    List<String> unread = UnreadColumns.of(opened.source().describe().spec(), part.mapping());
    if (state.done()) {
      return new CopyReport.Collection(
          part,
          state.counts(),
          new CopyReport.Notes(List.of(), unread, OptionalLong.empty()),
          Ticker.SYSTEM.secondsSince(start));
    }
    shared.meter().begin(part.source(), count(opened).orElse(0), state.counts().read());
    CollectionSpec spec = opened.target().describe().spec();
    Intake intake = new Intake(part.mapping(), spec, copy.inexactRejected);
    CollectionCopy work = new CollectionCopy(part, intake, shared);
    try (PageSource pages = pages(opened, Optional.ofNullable(state.cursor()))) {
      work.run(pages, opened.target(), replayed == null ? copy.writes : copy.writesInOrder());
    }
    boolean whole = shared.checkpoint().state(part.source()).done();
    OptionalLong rows = whole ? count(opened) : OptionalLong.empty();
    return new CopyReport.Collection(
        part,
        work.counts(),
        new CopyReport.Notes(work.asText(), unread, rows),
        Ticker.SYSTEM.secondsSince(start));
  }

  private OptionalLong count(Opened opened) {
    return replayed == null ? Sound.count(opened.source()) : OptionalLong.empty();
  }

  private PageSource pages(Opened opened, Optional<String> cursor) {
    return replayed == null
        ? new ScanPages(opened.source(), Projection.all(), copy.pageSize, cursor)
        : new LinePages(replayed, opened.part().source(), names(), copy.pageSize);
  }

  private Set<String> names() {
    return job.parts().stream().map(CopyJob.Part::source).collect(Collectors.toSet());
  }

  /** What isn't made or declared here is taken as it is there. */
  private VectorCollection open(CopyJob.Part part, CollectionSpec spec) {
    if (TargetSpec.isEnsured(part, copy.to)) {
      return copy.to.ensureCollection(spec);
    }
    VectorCollection target = copy.to.collection(spec.name());
    List<String> problems = TargetSpec.differences(target.describe().spec(), spec, part.mapping());
    if (!problems.isEmpty()) {
      throw new InvalidRequest(problems.get(0));
    }
    return target;
  }

  private static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the folder " + folder + " for checkpoints can't be made; name another one", e);
    }
  }
}
