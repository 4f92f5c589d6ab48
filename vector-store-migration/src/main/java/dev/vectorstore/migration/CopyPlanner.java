package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Projection;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStores;
import dev.vectorstore.support.RankedFields;
import dev.vectorstore.support.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a copy would read, checks it as the copy would, and writes nothing. */
final class CopyPlanner {
  private static final int LISTED = 20;

  private final Copy copy;
  private final ProgressMeter meter;
  private final StopSignal stop;

  CopyPlanner(Copy copy) {
    this.copy = copy;
    this.meter = new ProgressMeter(copy.progress, "checking", Ticker.SYSTEM);
    this.stop = new StopSignal(copy.stopWhen);
  }

  CopyPlan plan(CopyJob job) {
    List<CopyPlan.Collection> collections = new ArrayList<>();
    for (CopyJob.Part part : job.parts()) {
      if (!stop.requested()) {
        collections.add(plan(part));
      }
    }
    return new CopyPlan(collections, job.leftOut(), stop.requested());
  }

  private CopyPlan.Collection plan(CopyJob.Part part) {
    VectorCollection source = copy.from.collection(part.source());
    CollectionSpec spec = TargetSpec.of(source, part, copy.to);
    List<String> problems = new ArrayList<>();
    UnreadColumns.of(source.describe().spec(), part.mapping())
        .forEach(column -> problems.add("the column " + column + " can't be moved"));
    boolean exists = copy.to.exists(part.target());
    if (exists) {
      CollectionInfo there = copy.to.describe(part.target());
      if (!there.capabilities().contains(Capability.WRITE)) {
        problems.add(
            "the target's collection "
                + VectorStores.shownName(there.name())
                + " can't be written");
      }
      problems.addAll(
          TargetSpec.isEnsured(part, copy.to)
              ? TargetSpec.conflicts(there.spec(), spec)
              : TargetSpec.differences(there.spec(), spec, part.mapping()));
    } else if (!copy.to.capabilities().contains(Capability.MANAGE)) {
      problems.add("the target can't make the collection " + VectorStores.shownName(part.target()));
    } else if (!copy.to.capabilities().contains(Capability.RANKED_TEXT)) {
      RankedFields.of(spec)
          .forEach(field -> problems.add("the target can't rank " + field + "; map it to TERMS"));
    }
    meter.begin(part.source(), source.count(), 0);
    CopyCounts counts = CopyCounts.NONE;
    Intake intake = new Intake(part.mapping(), spec, copy.inexactRejected);
    try (PageSource pages =
        new ScanPages(source, Projection.all(), copy.pageSize, Optional.empty())) {
      for (Optional<SourcePage> page = pages.next();
          page.isPresent() && !stop.requested();
          page = pages.next()) {
        Intake.Sorted sorted = intake.sort(page.get());
        counts = counts.plus(counts(sorted));
        list(sorted.rejects(), problems);
        meter.report(counts.read());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new CopyPlan.Collection(part.source(), spec, exists, counts, problems);
  }

  private static CopyCounts counts(Intake.Sorted sorted) {
    return new CopyCounts(
        sorted.read(), 0, sorted.rejects().size(), sorted.withoutVector(), sorted.asText().size());
  }

  private static void list(List<Reject> rejects, List<String> problems) {
    for (Reject reject : rejects) {
      if (problems.size() < LISTED) {
        problems.add(reject.row() + " can't be moved: " + reject.reason());
      }
    }
  }
}
