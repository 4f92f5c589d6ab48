package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    boolean resumed = resumable(checkpoint, rejectFile);
    if (!resumed) {
      checkpoint.restart();
    }
    try (Rejects rejects = Rejects.open(rejectFile, checkpoint.rejectBytes())) {
      Shared shared =
          new Shared(
              checkpoint,
              rejects,
              stop,
              new RateLimit(copy.rate, Ticker.SYSTEM, Sleeper.SYSTEM),
              new ProgressMeter(copy.progress, "copying", Ticker.SYSTEM));
      List<CopyReport.Collection> done = new ArrayList<>();
      for (CopyJob.Part part : job.parts()) {
        if (!stop.requested()) {
          done.add(copy(part, shared));
        }
      }
      boolean complete =
          job.parts().stream().allMatch(part -> checkpoint.state(part.source()).done());
      if (complete) {
        checkpoint.delete();
      }
      return new CopyReport(done, rejects.length() > 0 ? rejectFile : null, !complete, resumed);
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

  private CopyReport.Collection copy(CopyJob.Part part, Shared shared) {
    long start = Ticker.SYSTEM.nanos();
    Checkpoint.State state = shared.checkpoint().state(part.source());
    List<String> asText = List.of();
    CopyCounts counts = state.counts();
    if (!state.done()) {
      VectorCollection source = copy.from.collection(part.source());
      CollectionSpec spec = TargetSpec.of(source, part);
      VectorCollection target = open(copy.to, spec);
      shared.meter().begin(part.source(), replayed == null ? source.count() : 0, counts.read());
      Intake intake = new Intake(part.mapping(), target.describe().spec(), copy.inexactRejected);
      CollectionCopy work = new CollectionCopy(part, intake, shared);
      try (PageSource pages = pages(source, part, Optional.ofNullable(state.cursor()))) {
        work.run(pages, target, replayed == null ? copy.writes : copy.writesInOrder());
      }
      counts = work.counts();
      asText = work.asText();
    }
    return new CopyReport.Collection(part, counts, asText, Ticker.SYSTEM.secondsSince(start));
  }

  private PageSource pages(VectorCollection source, CopyJob.Part part, Optional<String> cursor) {
    return replayed == null
        ? new ScanPages(source, Projection.all(), copy.pageSize, cursor)
        : new LinePages(replayed, part.source(), job.parts().size() == 1, copy.pageSize);
  }

  private static VectorCollection open(VectorStore to, CollectionSpec spec) {
    if (to.capabilities().contains(Capability.MANAGE)) {
      return to.ensureCollection(spec);
    }
    VectorCollection target = to.collection(spec.name());
    if (!target.describe().spec().dimension().equals(spec.dimension())) {
      throw new InvalidRequest(
          "the target's collection "
              + spec.name()
              + " doesn't have the source's dimension; copy to another collection");
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
