package dev.vectorstore.qdrant;

import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.RankedQuery;
import dev.vectorstore.support.ScanQuery;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.Match;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.SearchParams;
import io.qdrant.client.grpc.Points.VectorInput;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Searches of one collection as requests. Immutable. */
final class Queries {
  private final Layout layout;

  Queries(Layout layout) {
    this.layout = layout;
  }

  /**
   * A request and what makes records of its answer.
   *
   * @param request the request, without a time limit
   * @param decoder of its points
   */
  record Search(QueryPoints request, Decoder decoder) {
    /** Whether a server within these limits answers it at once. */
    boolean fits(ServerLimits limits) {
      return limits.page((int) request.getLimit()) == request.getLimit();
    }
  }

  Search nearest(NearestQuery<Filter> query) {
    layout.vectors().requireSearchable(query.using());
    layout.vectors().requireUnchanged(Set.of(query.using()));
    Metric metric = layout.spec().vector(query.using()).metric();
    Decoder decoder = Decoder.ofNearest(layout, query.projection(), metric);
    Embedding vector = metric == Metric.COSINE ? query.vector().normalized() : query.vector();
    QueryPoints.Builder request =
        request(decoder, query.filter(), query.limit())
            .setQuery(
                Query.newBuilder()
                    .setNearest(VectorInput.newBuilder().setDense(DenseVectors.of(vector))));
    if (!query.using().equals(VectorSpec.PLAIN)) {
      request.setUsing(query.using());
    }
    SearchParams.Builder params = SearchParams.newBuilder();
    layout.requests().quantization().ifPresent(params::setQuantization);
    query.effort().ifPresent(effort -> params.setHnswEf(layout.limits().effort(effort)));
    if (query.exact()) {
      params.setExact(true);
    }
    return new Search(request.setParams(params).build(), decoder);
  }

  /** Another term can have a term's dimension, so the terms are asked for as well. */
  Search ranked(RankedQuery<Filter> query) {
    TextSlot slot = Objects.requireNonNull(layout.slot(query.field()));
    Decoder decoder = Decoder.ofRanked(layout, query.projection());
    QueryPoints.Builder request =
        request(decoder, withTerms(query.filter(), slot, query), query.limit())
            .setUsing(slot.key())
            .setQuery(
                Query.newBuilder()
                    .setNearest(
                        VectorInput.newBuilder().setSparse(RankedTerms.query(query.terms()))));
    return new Search(request.build(), decoder);
  }

  private static Filter withTerms(
      @Nullable Filter filter, TextSlot slot, RankedQuery<Filter> query) {
    Match any = Match.newBuilder().setTextAny(String.join(" ", query.terms())).build();
    Filter.Builder both = filter == null ? Filter.newBuilder() : filter.toBuilder();
    return both.addMust(
            Condition.newBuilder()
                .setField(FieldCondition.newBuilder().setKey(slot.path()).setMatch(any)))
        .build();
  }

  /** A query without a vector is a scan from the start, on several shards too. */
  Search scan(ScanQuery<Filter> query) {
    Decoder decoder = new Decoder(layout, query.projection());
    return new Search(request(decoder, query.filter(), query.pageSize()).build(), decoder);
  }

  private QueryPoints.Builder request(Decoder decoder, @Nullable Filter filter, int limit) {
    QueryPoints.Builder request =
        QueryPoints.newBuilder()
            .setCollectionName(layout.spec().name())
            .setLimit(limit)
            .setWithPayload(decoder.payload())
            .setWithVectors(decoder.vectors());
    if (filter != null) {
      request.setFilter(filter);
    }
    layout.requests().consistency().ifPresent(request::setReadConsistency);
    return request;
  }
}
