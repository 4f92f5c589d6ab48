package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Projection;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.support.RankedFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a copy would read, checks it as the copy would, and writes nothing. */
final class CopyPlanner {
  private static final int LISTED = 20;

  private final CopyJob job;
  private final CopySettings settings;
  private final VectorStore to;
  private final ProgressMeter meter;
  private final StopSignal stop;

  CopyPlanner(CopyJob job, CopySettings settings) {
    this.job = job;
    this.settings = settings;
    this.to = job.route().to();
    this.meter = settings.hooks().meter("checking");
    this.stop = settings.hooks().stopSignal();
  }

  CopyPlan plan() {
    List<CopyPlan.Collection> collections = new ArrayList<>();
    for (ResolvedRoute.Part part : job.route().parts()) {
      if (!stop.requested()) {
        collections.add(plan(part));
      }
    }
    return new CopyPlan(collections, job.route().leftOut(), stop.requested());
  }

  private CopyPlan.Collection plan(ResolvedRoute.Part part) {
    VectorCollection source = job.route().from().collection(part.source());
    CollectionSpec spec = TargetSpec.of(source, part, to);
    List<String> problems = new ArrayList<>();
    part.mapping()
        .lost(source.describe())
        .forEach(column -> problems.add("the column or vector " + column + " can't be moved"));
    boolean exists = to.exists(part.target());
    problems.addAll(exists ? ofExisting(part, spec) : ofMissing(part, spec));
    CopyCounts counts = read(source, part, spec, problems);
    return new CopyPlan.Collection(part.source(), spec, exists, counts, problems);
  }

  /** What stands in the way of a copy to a collection that is there. */
  private List<String> ofExisting(ResolvedRoute.Part part, CollectionSpec wanted) {
    CollectionInfo there = to.describe(part.target());
    List<String> problems = new ArrayList<>();
    TargetSpec.unwritable(there).ifPresent(problems::add);
    problems.addAll(
        TargetSpec.isEnsured(part, to)
            ? TargetSpec.conflicts(there.spec(), wanted)
            : TargetSpec.differences(there.spec(), wanted, part.mapping()));
    return problems;
  }

  /** What stands in the way of making the collection. */
  private List<String> ofMissing(ResolvedRoute.Part part, CollectionSpec wanted) {
    if (!to.capabilities().contains(Capability.MANAGE)) {
      return List.of(
          "the target can't make the collection " + VectorStores.shownName(part.target()));
    }
    if (to.capabilities().contains(Capability.RANKED_TEXT)) {
      return List.of();
    }
    return RankedFields.of(wanted).stream()
        .map(field -> "the target can't rank " + field + "; map it to TERMS")
        .toList();
  }

  private CopyCounts read(
      VectorCollection source,
      ResolvedRoute.Part part,
      CollectionSpec spec,
      List<String> problems) {
    meter.begin(part.source(), source.count(), 0);
    CopyCounts counts = CopyCounts.NONE;
    PageSorter sorter = PageSorter.checking(part.mapping(), spec, job.inexactRejected());
    try (PageSource pages =
        new ScanPages(source, Projection.all(), settings.pageSize(), Optional.empty())) {
      for (Optional<SourcePage> page = pages.next();
          page.isPresent() && !stop.requested();
          page = pages.next()) {
        SortedPage sorted = sorter.sort(page.get());
        counts = counts.plus(counts(sorted));
        list(sorted.rejects(), problems);
        meter.report(counts.read());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return counts;
  }

  private static CopyCounts counts(SortedPage sorted) {
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
