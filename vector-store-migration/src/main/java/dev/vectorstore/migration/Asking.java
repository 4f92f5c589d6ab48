package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Puts queries to one of the two stores, and holds its answers against the right ones. */
final class Asking {
  private static final int LARGEST_PAGE = 1_000;

  private final VectorCollection collection;
  private final SourceRows rows;
  private final UnaryOperator<SearchRequest> names;

  /**
   * How one query was answered.
   *
   * @param ordered the answer that should be the right one; empty for a text alone
   * @param byText the records that the text found, where that was asked for by itself
   */
  record Judged(Optional<Answer> ordered, Optional<Answer> byText) {
    /** An answer is no better than the ranking that it is made of. */
    double overlap() {
      return Stream.of(ordered, byText)
          .flatMap(Optional::stream)
          .mapToDouble(Answer::overlap)
          .min()
          .orElse(1);
    }
  }

  /**
   * Questions to one of the stores.
   *
   * @param names turns a request by the target's names of vectors into one by the collection's
   */
  Asking(VectorCollection collection, SourceRows rows, UnaryOperator<SearchRequest> names) {
    this.names = names;
    this.collection = collection;
    this.rows = rows;
  }

  /** Whether the collection can be asked; the leg is what it finds by text, if it can. */
  boolean can(Probe probe, Optional<TextLeg> leg) {
    return switch (probe.kind()) {
      case VECTOR, FILTERED -> has(Capability.VECTOR_SEARCH);
      case HYBRID -> has(Capability.VECTOR_SEARCH) && leg.isPresent();
      case TEXT -> leg.isPresent();
      case COUNT -> true;
    };
  }

  private boolean has(Capability capability) {
    return collection.capabilities().contains(capability);
  }

  /** Asks a query that isn't a count. */
  Judged ask(Probe probe, Optional<TextLeg> leg) {
    if (leg.isEmpty()) {
      return new Judged(Optional.of(ordered(probe, probe.right())), Optional.empty());
    }
    TextLeg text = leg.get();
    if (probe.kind() == Probe.Kind.TEXT) {
      return new Judged(
          Optional.empty(), Optional.of(Answer.ofText(found(probe, text), text, rows)));
    }
    if (!text.ranked()) {
      return new Judged(
          Optional.of(ordered(probe, HybridAnswer.of(probe, text))), Optional.empty());
    }
    List<SearchHit> ranking = collection.search(text.request());
    Answer byText = Answer.ofText(ranking.stream().map(SearchHit::id).toList(), text, rows);
    List<SearchHit> sound =
        ranking.stream().filter(hit -> !byText.wrong().contains(hit.id())).toList();
    return new Judged(
        Optional.of(ordered(probe, HybridAnswer.of(probe, sound))), Optional.of(byText));
  }

  private Answer ordered(Probe probe, RightAnswer right) {
    return Answer.of(collection.search(names.apply(probe.request())), right, rows);
  }

  /** By a search where texts are ranked; else by a scan, which is all that finds them. */
  private List<RecordId> found(Probe probe, TextLeg text) {
    if (text.ranked()) {
      return collection.search(text.request()).stream().map(SearchHit::id).toList();
    }
    ScanRequest scan =
        ScanRequest.all()
            .filter(text.request().textFilter(collection.describe().spec()))
            .projection(Projection.ids())
            .pageSize(Math.min(probe.k(), LARGEST_PAGE));
    try (Stream<VectorRecord> records = collection.stream(scan)) {
      return records.limit(probe.k()).map(VectorRecord::id).toList();
    }
  }
}
