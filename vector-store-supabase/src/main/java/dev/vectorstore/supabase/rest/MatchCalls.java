package dev.vectorstore.supabase.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.vectorstore.Embedding;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.supabase.tables.Found;
import dev.vectorstore.supabase.tables.JsonText;
import dev.vectorstore.supabase.tables.MatchFunction;
import dev.vectorstore.supabase.tables.Row;
import dev.vectorstore.supabase.tables.RowReader;
import dev.vectorstore.supabase.tables.TableShape;
import dev.vectorstore.supabase.tables.VectorText;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.PayloadJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Searches by the function that the store has for it. Safe for threads. */
final class MatchCalls {
  private static final Logger LOG = LoggerFactory.getLogger(MatchCalls.class);

  /** Below every similarity, so that a function that asks for a threshold keeps every row. */
  private static final int NO_THRESHOLD = -2;

  /** So many rows show by which vector a function searches. */
  private static final int PROBED = 10;

  private final TableShape shape;
  private final MatchFunction function;
  private final RestClient client;
  private final RestRows pages;
  private final MatchedVector matched;
  private final AtomicBoolean warned = new AtomicBoolean();

  MatchCalls(TableShape shape, MatchFunction function, RestClient client, RestRows pages) {
    this.shape = shape;
    this.function = function;
    this.client = client;
    this.pages = pages;
    matched = new MatchedVector(shape, function.name(), pages);
  }

  /** What the function answers, in its own words: rows without a similarity aren't hits. */
  List<SearchHit> nearest(NearestQuery<RestFilter> query, Attempt attempt) {
    matched.require(query, probing -> similarities(query.vector(), probing), attempt);
    Map<RecordId, SearchHit> best = new LinkedHashMap<>();
    for (MatchFilter filter : calls(query)) {
      hits(query, filter, attempt).forEach(hit -> best.putIfAbsent(hit.id(), hit));
    }
    List<SearchHit> hits =
        best.values().stream()
            .sorted(
                Comparator.comparingDouble(SearchHit::score)
                    .reversed()
                    .thenComparing(SearchHit::id))
            .limit(query.limit())
            .collect(Collectors.toList());
    pages.requireSight(!hits.isEmpty(), attempt);
    return completed(hits, query.projection(), attempt);
  }

  private List<SearchHit> hits(
      NearestQuery<RestFilter> query, MatchFilter filter, Attempt attempt) {
    return Found.enough(
        query.limit(),
        asked -> {
          Reply reply = client.call(function.name(), arguments(query, filter, asked), attempt);
          return client.read(reply, body -> found(body, query.projection(), asked, reply));
        });
  }

  /** Those of the rows nearest to a query, whatever the search's filter is. */
  private Map<RecordId, Double> similarities(Embedding vector, Attempt attempt) {
    NearestQuery<RestFilter> any =
        new NearestQuery<>(
            VectorSpec.PLAIN, vector, null, PROBED, false, OptionalInt.empty(), Projection.ids());
    Reply reply = client.call(function.name(), arguments(any, MatchFilter.ALL, PROBED), attempt);
    Map<RecordId, Double> similarities = new LinkedHashMap<>();
    client
        .read(reply, body -> found(body, any.projection(), PROBED, reply))
        .hits()
        .forEach(hit -> similarities.put(hit.id(), hit.score()));
    return similarities;
  }

  private static List<MatchFilter> calls(NearestQuery<RestFilter> query) {
    return query.filter() == null
        ? List.of(MatchFilter.ALL)
        : query.filter().calls().requireExact();
  }

  private byte[] arguments(NearestQuery<RestFilter> query, MatchFilter filter, int limit) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator out = PayloadJson.factory().createGenerator(bytes)) {
      out.writeStartObject();
      out.writeStringField(MatchFunction.EMBEDDING, VectorText.write(query.vector()));
      out.writeNumberField(MatchFunction.COUNT, limit);
      if (function.takes(MatchFunction.THRESHOLD)) {
        out.writeNumberField(MatchFunction.THRESHOLD, NO_THRESHOLD);
      }
      if (function.takes(MatchFunction.FILTER)) {
        out.writeFieldName(MatchFunction.FILTER);
        JsonText.write(out, filter.filter());
      }
      if (filter.source() != null
          ? function.takes(MatchFunction.SOURCE_FILTER)
          : function.requires(MatchFunction.SOURCE_FILTER)) {
        out.writeStringField(MatchFunction.SOURCE_FILTER, filter.source());
      }
      out.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private Found found(InputStream body, Projection projection, int limit, Reply reply)
      throws IOException {
    RowReader reader = new RowReader(shape, projection, body);
    List<SearchHit> hits = new ArrayList<>();
    int count = 0;
    int leftOut = 0;
    for (Row row = reader.next(); row != null; row = reader.next()) {
      count++;
      if (!reader.sawSimilarity()) {
        throw new MalformedResponse(
            "the function "
                + function.name()
                + " returns no column "
                + RowReader.SIMILARITY
                + ", so its rows can't be scored; add it as 1 - (embedding <=> query_embedding)");
      }
      if (row.similarity().isPresent() && row.record() == null) {
        leftOut++;
      } else if (row.similarity().isPresent()) {
        double score = Math.max(-1, Math.min(1, row.similarity().getAsDouble()));
        hits.add(SearchHit.of(row.requireRecord(), score, ScoreKind.METRIC));
      }
    }
    if (reply.total().orElse(count) > count && warned.compareAndSet(false, true)) {
      LOG.warn(
          "PostgREST cut the answer of {} to {} rows of {}: searches for more aren't full; raise"
              + " its db-max-rows",
          function.name(),
          count,
          limit);
    }
    return new Found(hits, count, leftOut);
  }

  /** The function returns the columns that it likes; what was asked for by name is read besides. */
  private List<SearchHit> completed(List<SearchHit> hits, Projection projection, Attempt attempt) {
    boolean vectors = !shape.vectors(projection).isEmpty();
    if (hits.isEmpty() || (!vectors && hits.stream().allMatch(hit -> has(hit, projection)))) {
      return hits;
    }
    List<RecordId> ids = hits.stream().map(SearchHit::id).collect(Collectors.toList());
    Map<RecordId, VectorRecord> records = new LinkedHashMap<>();
    pages.fetch(ids, projection, attempt).forEach(record -> records.put(record.id(), record));
    List<SearchHit> completed = new ArrayList<>();
    for (SearchHit hit : hits) {
      VectorRecord record = records.get(hit.id());
      if (record != null) { // else deleted since
        completed.add(SearchHit.of(record, hit.score(), hit.scoreKind()));
      }
    }
    return completed;
  }

  private boolean has(SearchHit hit, Projection projection) {
    Set<String> keys = hit.record().payload().keys();
    return projection.fields().orElse(Set.of()).stream()
        .allMatch(f -> keys.contains(f) || shape.table().payloadColumn(f) == null);
  }

  /** The request, for reading. */
  String explain(NearestQuery<RestFilter> query) {
    List<String> calls = new ArrayList<>();
    for (MatchFilter filter : calls(query)) {
      calls.add(
          "POST /rpc/"
              + function.name()
              + " query_embedding=?, match_count="
              + query.limit()
              + (filter.filter().entries().isEmpty() ? "" : ", filter=?")
              + (filter.source() == null ? "" : ", source_filter=?"));
    }
    return String.join("\n", calls);
  }
}
