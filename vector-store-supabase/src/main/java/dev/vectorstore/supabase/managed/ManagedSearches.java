package dev.vectorstore.supabase.managed;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.vectorstore.Projection;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorStoreException.MalformedResponse;
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

/**
 * Searches of a collection that our SQL manages. What one call of the search function asks for is
 * answered from one state of the collection. Safe for threads.
 */
final class ManagedSearches {
  /** The most searches of one call. */
  private static final int QUERIES = 64;

  private final Functions functions;
  private final ManagedRequests requests;
  private final ManagedRows rows;

  ManagedSearches(Functions functions, ManagedRequests requests, ManagedRows rows) {
    this.functions = functions;
    this.requests = requests;
    this.rows = rows;
  }

  /** One search of a call. */
  private interface Part {
    void write(JsonGenerator out) throws IOException;
  }

  /** The searches of one call, and what is read of their answers. */
  private final class Question {
    private final List<Part> parts = new ArrayList<>();
    private final List<ManagedRows.Asked> asked = new ArrayList<>();
    private final Set<String> vectors = new LinkedHashSet<>();

    Question nearest(NearestQuery<FilterJson> query) {
      vectors.add(query.using());
      return add(out -> requests.query(out, query), ScoreKind.METRIC, query.projection());
    }

    Question ranked(RankedQuery<FilterJson> query) {
      return add(out -> requests.query(out, query), ScoreKind.RANKED_TEXT, query.projection());
    }

    Question lacking(NearestQuery<FilterJson> query, ScanQuery<FilterJson> lacking) {
      return add(
          out -> requests.lacking(out, query, lacking), ScoreKind.NONE, lacking.projection());
    }

    private Question add(Part part, ScoreKind kind, Projection projection) {
      List<String> names = requests.vectors(projection);
      vectors.addAll(names);
      parts.add(part);
      asked.add(new ManagedRows.Asked(kind, names));
      return this;
    }

    List<List<SearchHit>> ask(Attempt attempt) {
      List<List<SearchHit>> answers =
          functions.call(
              ServerFunction.SEARCH, this::write, in -> rows.answers(in, asked), attempt);
      if (answers.size() != asked.size()) {
        throw new MalformedResponse("the search function didn't answer each query");
      }
      return answers;
    }

    private void write(JsonGenerator out) throws IOException {
      requests.begin(out, vectors);
      out.writeArrayFieldStart("queries");
      for (Part part : parts) {
        part.write(out);
      }
      out.writeEndArray();
      out.writeEndObject();
    }
  }

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
