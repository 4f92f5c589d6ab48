package dev.vectorstore.supabase.managed;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.vectorstore.Projection;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.supabase.tables.Found;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Legs;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.RankedLegs;
import dev.vectorstore.support.RankedQuery;
import dev.vectorstore.support.ScanQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Searches of a collection that our SQL manages. What one call of the search function asks for is
 * answered from one state of the collection. Safe for threads.
 */
final class ManagedSearches {
  private static final Logger LOG = LoggerFactory.getLogger(ManagedSearches.class);

  /** The most searches of one call. */
  private static final int QUERIES = 64;

  private final Functions functions;
  private final ManagedRequests requests;
  private final ManagedRows rows;
  private final AtomicBoolean told = new AtomicBoolean();

  ManagedSearches(Functions functions, ManagedRequests requests, ManagedRows rows) {
    this.functions = functions;
    this.requests = requests;
    this.rows = rows;
  }

  /** One search of a call. */
  private interface Part {
    void write(JsonGenerator out, int limit) throws IOException;
  }

  /** The searches of one call, and what is read of their answers. */
  private final class Question {
    private final List<Part> parts = new ArrayList<>();
    private final List<ManagedRows.Asked> asked = new ArrayList<>();
    private final Set<String> vectors = new LinkedHashSet<>();

    Question nearest(NearestQuery<FilterJson> query) {
      vectors.add(query.using());
      return add(
          (out, limit) -> requests.query(out, query, limit),
          new Shown(ScoreKind.METRIC, query.projection(), query.limit()));
    }

    Question ranked(RankedQuery<FilterJson> query) {
      return add(
          (out, limit) -> requests.query(out, query, limit),
          new Shown(ScoreKind.RANKED_TEXT, query.projection(), query.limit()));
    }

    Question lacking(NearestQuery<FilterJson> query, ScanQuery<FilterJson> lacking) {
      return add(
          (out, limit) -> requests.lacking(out, query, lacking, limit),
          new Shown(ScoreKind.NONE, lacking.projection(), lacking.pageSize()));
    }

    private Question add(Part part, Shown shown) {
      List<String> names = requests.vectors(shown.projection());
      vectors.addAll(names);
      parts.add(part);
      asked.add(new ManagedRows.Asked(shown.kind(), names, shown.limit()));
      return this;
    }

    /** Rows of others that can't be records are left out, and more is asked for in their place. */
    List<List<SearchHit>> ask(Attempt attempt) {
      int more = 0;
      while (true) {
        List<Found> answers = call(more, attempt);
        int leftOut = answers.stream().mapToInt(Found::leftOut).max().orElse(0);
        boolean lacks = false;
        for (int i = 0; i < answers.size(); i++) {
          int limit = asked.get(i).limit();
          lacks |= answers.get(i).lacks(limit, limit + more);
        }
        if (leftOut > 0 && !told.getAndSet(true)) {
          LOG.warn(
              "{} rows near a query can't be records, and are left out; a scan lists them",
              leftOut);
        }
        if (!lacks) {
          return cut(answers);
        }
        more = 2 * (more + leftOut);
      }
    }

    private List<List<SearchHit>> cut(List<Found> answers) {
      List<List<SearchHit>> hits = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        List<SearchHit> all = answers.get(i).hits();
        hits.add(all.subList(0, Math.min(all.size(), asked.get(i).limit())));
      }
      return hits;
    }

    private List<Found> call(int more, Attempt attempt) {
      List<Found> answers =
          functions.call(
              ServerFunction.SEARCH,
              out -> write(out, more),
              in -> rows.answers(in, asked),
              attempt);
      if (answers.size() != asked.size()) {
        throw new MalformedResponse("the search function didn't answer each query");
      }
      return answers;
    }

    private void write(JsonGenerator out, int more) throws IOException {
      requests.begin(out, vectors);
      out.writeArrayFieldStart("queries");
      for (int i = 0; i < parts.size(); i++) {
        parts.get(i).write(out, asked.get(i).limit() + more);
      }
      out.writeEndArray();
      out.writeEndObject();
    }
  }

  /** What is shown of a search. */
  private record Shown(ScoreKind kind, Projection projection, int limit) {}

  List<SearchHit> nearest(NearestQuery<FilterJson> query, Attempt attempt) {
    return new Question().nearest(query).ask(attempt).get(0);
  }

  List<List<SearchHit>> nearestBatch(List<NearestQuery<FilterJson>> queries, Attempt attempt) {
    List<List<SearchHit>> answers = new ArrayList<>(queries.size());
    for (int from = 0; from < queries.size(); from += QUERIES) {
      Question question = new Question();
      queries.subList(from, Math.min(from + QUERIES, queries.size())).forEach(question::nearest);
      answers.addAll(question.ask(attempt));
    }
    return answers;
  }

  List<List<SearchHit>> ranked(List<RankedQuery<FilterJson>> queries, Attempt attempt) {
    Question question = new Question();
    queries.forEach(question::ranked);
    return question.ask(attempt);
  }

  RankedLegs rankedLegs(
      NearestQuery<FilterJson> nearest, List<RankedQuery<FilterJson>> fields, Attempt attempt) {
    Question question = new Question().nearest(nearest);
    fields.forEach(question::ranked);
    List<List<SearchHit>> answers = question.ask(attempt);
    return new RankedLegs(answers.get(0), answers.subList(1, answers.size()));
  }

  Legs legs(
      NearestQuery<FilterJson> nearest,
      NearestQuery<FilterJson> matching,
      ScanQuery<FilterJson> lacking,
      Attempt attempt) {
    List<List<SearchHit>> answers =
        new Question().nearest(nearest).nearest(matching).lacking(nearest, lacking).ask(attempt);
    return new Legs(
        answers.get(0), answers.get(1), answers.get(2).stream().map(SearchHit::record).toList());
  }

  String explain(NearestQuery<FilterJson> query) {
    return "select "
        + ServerFunction.SEARCH.sqlName()
        + "(...): the "
        + query.limit()
        + " nearest"
        + (query.using().isEmpty() ? "" : " by " + query.using())
        + (query.exact() ? ", without an index" : "")
        + FilterJson.outline(query.filter());
  }

  String explain(RankedQuery<FilterJson> query) {
    return "select "
        + ServerFunction.SEARCH.sqlName()
        + "(...): the "
        + query.limit()
        + " most relevant by "
        + query.field()
        + FilterJson.outline(query.filter());
  }
}
