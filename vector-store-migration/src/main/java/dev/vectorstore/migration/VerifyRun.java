package dev.vectorstore.migration;

import dev.vectorstore.Filter;
import dev.vectorstore.Projection;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.support.Ticker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Verifies one collection. Used once, by one thread. */
final class VerifyRun {
  private final ResolvedRoute.Part part;
  private final VerifySettings settings;
  private final StopSignal stop;
  private final VectorCollection source;
  private final VectorCollection target;
  private final List<Probe> probes = new ArrayList<>();
  private final Set<ParityQuery> asked = Collections.newSetFromMap(new IdentityHashMap<>());
  private int unasked;

  VerifyRun(Route route, ResolvedRoute.Part part, VerifySettings settings, StopSignal stop) {
    this.part = part;
    this.settings = settings;
    this.stop = stop;
    this.source = route.from().collection(part.source());
    this.target = route.to().collection(part.target());
  }

  /** Finds both collections, so that one that is missing is told before anything is read. */
  void open() {
    source.describe();
    target.describe();
  }

  VerifyReport.Collection run() throws InterruptedException {
    long start = Ticker.SYSTEM.nanos();
    OptionalLong counted = SourceReads.count(source);
    long countTo = target.count();
    addProbes(settings.queries());
    addProbes(
        new Sampler(
                source,
                target.describe().spec(),
                part.mapping(),
                settings.sample(),
                settings.seed())
            .queries(stop));
    Comparison comparison = compare(counted.orElse(0));
    // A source that has no time to count gave its rows all the same.
    long countFrom = counted.orElse(comparison.rows());
    if (comparison.rows() != countFrom && !stop.requested()) {
      comparison.differsFromCount(countFrom);
    }
    if (countTo > comparison.found()) {
      comparison.findExtra(stop);
    }
    ParitySummary ofTarget = new ParitySummary();
    ParitySummary ofSource = new ParitySummary();
    search(ofTarget, ofSource);
    return new VerifyReport.Collection(
        part,
        new VerifyReport.Counts(
            countFrom, countTo, sources(comparison), part.mapping().lost(source.describe())),
        comparison.result(),
        new VerifyReport.Searches(
            ofTarget, ofSource, conditions(comparison.withVector() > 0, ofTarget.queries())),
        Ticker.SYSTEM.secondsSince(start));
  }

  private VerifyReport.Conditions conditions(boolean searchable, int answered) {
    return new VerifyReport.Conditions(
        settings.k(),
        unasked,
        TextMeaning.ofTarget(target).filter(TextMeaning::ranked).isPresent(),
        settings.sample() > 0 && searchable && answered == 0);
  }

  private void addProbes(List<ParityQuery> queries) {
    Probe.Meanings meanings =
        new Probe.Meanings(
            TextMeaning.ofTarget(target), TextMeaning.ofSource(source, part.mapping()));
    for (ParityQuery query : queries) {
      Optional<Probe> probe = Probe.of(query, settings.k(), target.describe().spec(), meanings);
      probe.ifPresentOrElse(probes::add, () -> unasked++);
    }
  }

  /** One pass over the source: records are compared, and shown to all queries. */
  private Comparison compare(long rows) throws InterruptedException {
    Comparison comparison = new Comparison(source, target, part.mapping());
    ProgressMeter meter = settings.hooks().meter("verifying");
    meter.begin(part.source(), rows, 0);
    try (PageSource pages = new ScanPages(source, Projection.all(), 1000, Optional.empty())) {
      for (Optional<SourcePage> page = pages.next();
          page.isPresent() && !stop.requested();
          page = pages.next()) {
        comparison.compare(page.get()).forEach(this::show);
        meter.report(comparison.rows());
      }
    }
    return comparison;
  }

  private void show(VectorRecord row) {
    RowVectors vectors = new RowVectors(row);
    RowTerms terms = new RowTerms(row);
    probes.forEach(probe -> probe.offer(row, vectors, terms));
  }

  private void search(ParitySummary ofTarget, ParitySummary ofSource) {
    Parity parity = new Parity(source, target, part.mapping());
    for (Probe probe : probes) {
      if (stop.requested()) {
        return;
      }
      Optional<Parity.Outcome> outcome = parity.ofTarget(probe);
      outcome.ifPresentOrElse(o -> ofTarget.add(probe, o), () -> unasked++);
      outcome.ifPresent(o -> asked.add(probe.query()));
      parity.ofSource(probe).ifPresent(o -> ofSource.add(probe, o));
    }
  }

  /** The queries that the target answered, right or wrong. */
  Set<ParityQuery> asked() {
    return asked;
  }

  private Map<String, List<Long>> sources(Comparison comparison) {
    Map<String, List<Long>> sources = new LinkedHashMap<>();
    comparison
        .bySource()
        .forEach(
            (id, rows) ->
                sources.put(id, List.of(rows, target.count(Filter.field("source_id").eq(id)))));
    return sources;
  }
}
