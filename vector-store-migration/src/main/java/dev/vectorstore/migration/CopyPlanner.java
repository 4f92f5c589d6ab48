package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Projection;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.support.DeclaredFields;
import dev.vectorstore.support.DeclaredVectors;
import dev.vectorstore.support.RankedFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    return new CopyPlan(collections, stop.requested());
  }

  private CopyPlan.Collection plan(CopyJob.Part part) {
    VectorCollection source = copy.from.collection(part.source());
    CollectionSpec spec = TargetSpec.of(source, part, copy.to);
    List<String> problems = new ArrayList<>();
    UnreadColumns.of(source.describe().spec(), part.mapping())
        .forEach(column -> problems.add("the column " + column + " can't be moved"));
    boolean exists = copy.to.exists(part.target());
    if (exists) {
      compare(copy.to.describe(part.target()), spec, problems);
    } else if (!copy.to.capabilities().contains(Capability.MANAGE)) {
      problems.add("the target can't make the collection " + part.target());
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

  private static void compare(CollectionInfo info, CollectionSpec wanted, List<String> problems) {
    CollectionSpec there = info.spec();
    if (!info.capabilities().contains(Capability.WRITE)) {
      problems.add("the target's collection " + there.name() + " can't be written");
    }
    try {
      DeclaredVectors.missing(there, wanted);
    } catch (Conflict e) {
      problems.add(
          "the target's collection %s is there with %s, and the source has %s; copy to another"
              .formatted(there.name(), DeclaredVectors.list(there), DeclaredVectors.list(wanted)));
    }
    wanted
        .fields()
        .forEach((field, type) -> compare(field, there.fields().get(field), type, problems));
  }

  private static void compare(
      FieldPath field, @Nullable FieldType there, FieldType wanted, List<String> problems) {
    try {
      DeclaredFields.typeOf(field, there, wanted);
    } catch (Conflict e) {
      problems.add(Reasons.of(e));
    }
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
