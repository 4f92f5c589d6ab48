package dev.vectorstore.support;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Projection;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tests hits by relevance: they match the filter, and their text has one of the terms. Where others
 * can change a text without the terms that are kept beside it, the ranking finds it by words that
 * it had.
 */
final class RankedHits<N> {
  private final Selection<N> selection;
  private final Set<String> terms;
  private final Projection wanted;
  private final boolean tested;

  RankedHits(CollectionEngine<N> engine, SearchRequest request, Selection<N> selection) {
    this.selection = selection;
    this.terms = Set.copyOf(request.terms());
    this.wanted = request.projection();
    this.tested = !engine.provesFilters();
  }

  /** What must be read of the hits of a field. */
  Projection toRead(FieldPath field) {
    Projection read = selection.toRead(wanted);
    if (!tested || read.fields().isEmpty()) {
      return read;
    }
    Set<String> keys = new LinkedHashSet<>(read.fields().get());
    keys.add(field.segments().get(0));
    Projection payload = Projection.fields(keys.toArray(String[]::new));
    return read.vectors()
        .map(names -> payload.withVectors(names.toArray(String[]::new)))
        .orElseGet(payload::withVectors);
  }

  /** Those hits of a field that are what the ranking says, with what was asked for. */
  List<SearchHit> matching(FieldPath field, List<SearchHit> answer) {
    if (!tested) {
      return selection.matching(answer, wanted);
    }
    List<SearchHit> having =
        answer.stream()
            .filter(hit -> hasTerm(PayloadPath.at(hit.record().payload().toValue(), field)))
            .toList();
    List<SearchHit> matching = selection.matching(having, wanted);
    return selection.isProven() && wanted.fields().isPresent()
        ? matching.stream()
            .map(hit -> SearchHit.of(wanted.apply(hit.record()), hit.score(), hit.scoreKind()))
            .toList()
        : matching;
  }

  private boolean hasTerm(@Nullable Value value) {
    return value instanceof Value.StringValue text
        ? TextTerms.of(text.value()).stream().anyMatch(terms::contains)
        : value instanceof Value.ListValue list
            && list.elements().stream()
                .anyMatch(element -> element instanceof Value.StringValue && hasTerm(element));
  }
}
