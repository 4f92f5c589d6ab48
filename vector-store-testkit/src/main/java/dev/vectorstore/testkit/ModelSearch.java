package dev.vectorstore.testkit;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A search of the model: every record is looked at. */
final class ModelSearch {
  private final ModelStore store;
  private final ModelData data;
  private final SearchRequest request;
  private final Filter filter;
  private final Projection projection;

  /** Checks the request against the collection. */
  ModelSearch(ModelStore store, ModelData data, SearchRequest request) {
    this.store = store;
    this.data = data;
    this.request = request;
    filter = request.filter();
    request.vector().ifPresent(vector -> store.require(Capability.VECTOR_SEARCH));
    if (request.isExact()) {
      store.require(Capability.EXACT);
    }
    if (request.text().isPresent()) {
      store.require(Capability.TERMS);
      if (request.vector().isEmpty() && !ranks()) {
        throw new UnsupportedFeature("no field of the collection is ranked; declare one");
      }
    }
    data.spec().check(request);
    projection = data.spec().named(request.projection());
    store.requireAnswerable(filter, data.spec());
  }

  private boolean ranks() {
    return store.info(data).capabilities().contains(Capability.RANKED_TEXT);
  }

  List<SearchHit> hits() {
    int limit = request.limit();
    if (request.fusion().isPresent()) {
      return request.fusion().get().fuse(nearest(2 * limit), textLeg(2 * limit), limit);
    }
    return request.vector().isPresent() ? nearest(limit) : ranked(limit);
  }

  String explain() {
    return data.spec().name();
  }

  private String using() {
    return request.using().orElse(VectorSpec.PLAIN);
  }

  private Stream<VectorRecord> selected() {
    return data.records().values().stream().filter(record -> store.test(filter, record));
  }

  private List<SearchHit> nearest(int limit) {
    Metric metric = data.spec().vector(using()).metric();
    Embedding query = request.vector().orElseThrow();
    double least = request.minScore().orElse(Double.NEGATIVE_INFINITY);
    return selected()
        .flatMap(record -> hit(record, metric, query).stream())
        .filter(hit -> hit.score() >= least)
        .sorted(RankedSamples.ORDER)
        .limit(limit)
        .toList();
  }

  private Optional<SearchHit> hit(VectorRecord record, Metric metric, Embedding query) {
    String using = using();
    CollectionSpec spec = data.spec();
    String name = spec.vectors().containsKey(using) ? using : spec.defaultVector().orElseThrow();
    return record
        .vector(name)
        .map(
            vector ->
                SearchHit.of(
                    projection.apply(record), metric.score(query, vector), ScoreKind.METRIC));
  }

  /** Where texts aren't ranked: nearest first, those without a vector last by id. */
  private List<SearchHit> textLeg(int limit) {
    if (ranks()) {
      return ranked(limit);
    }
    Metric metric = data.spec().vector(using()).metric();
    Embedding query = request.vector().orElseThrow();
    return matches()
        .map(
            record ->
                hit(record, metric, query)
                    .orElseGet(
                        () ->
                            SearchHit.of(
                                projection.apply(record),
                                Double.NEGATIVE_INFINITY,
                                ScoreKind.METRIC)))
        .sorted(RankedSamples.ORDER)
        .limit(limit)
        .toList();
  }

  private List<SearchHit> ranked(int limit) {
    ModelRanking ranking = new ModelRanking(data, request.terms());
    return selected()
        .map(
            record ->
                SearchHit.of(
                    projection.apply(record), ranking.score(record), ScoreKind.RANKED_TEXT))
        .filter(hit -> hit.score() > 0)
        .sorted(RankedSamples.ORDER)
        .limit(limit)
        .toList();
  }

  /** The records that have all terms in one of the declared text fields. */
  private Stream<VectorRecord> matches() {
    if (request.terms().isEmpty()) {
      return Stream.of();
    }
    String text = String.join(" ", request.terms());
    List<Filter> fields =
        data.spec().fields().entrySet().stream()
            .filter(field -> field.getValue().isText())
            .map(field -> field.getKey().matchesText(text))
            .toList();
    return selected()
        .filter(record -> fields.stream().anyMatch(field -> store.test(field, record)));
  }
}
