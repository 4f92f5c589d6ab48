package dev.vectorstore.supabase.rest;

import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.supabase.tables.Column;
import dev.vectorstore.supabase.tables.Condition;
import dev.vectorstore.supabase.tables.Keyset;
import dev.vectorstore.supabase.tables.PageBudget;
import dev.vectorstore.supabase.tables.RequestTooLarge;
import dev.vectorstore.supabase.tables.Row;
import dev.vectorstore.supabase.tables.RowReader;
import dev.vectorstore.supabase.tables.TableShape;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.ScanQuery;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one table, by key and page by page. Safe for threads. */
final class RestRows {
  /** Gateways and proxies refuse a URL beyond 8 KB. */
  private static final int LONGEST_CONDITION = 4_000;

  private final TableShape shape;
  private final RestClient client;
  private final PageBudget budget = new PageBudget();
  private final AtomicBoolean seen = new AtomicBoolean();

  RestRows(TableShape shape, RestClient client) {
    this.shape = shape;
    this.client = client;
  }

  /**
   * A page by keyset. Only an empty answer is the end: PostgREST cuts answers at its db-max-rows
   * without a word.
   */
  Page scan(ScanQuery<RestFilter> query, Attempt attempt) {
    while (true) {
      int rows = budget.rows(query.pageSize());
      try {
        return page(query, attempt);
      } catch (Unavailable tooSlow) {
        budget.halve(); // the next attempt asks for less, in case it was too much
        throw tooSlow;
      } catch (InvalidRequest refused) {
        if (rows == 1 || !(refused.getCause() instanceof RequestTooLarge)) {
          throw refused;
        }
        budget.halve();
      }
    }
  }

  private Page page(ScanQuery<RestFilter> query, Attempt attempt) {
    Reply reply = client.get(request(query, true), false, attempt);
    Page page = client.read(reply, body -> page(query.projection(), body));
    if (query.cursor() == null) {
      requireSight(page.next().isPresent(), attempt);
    }
    return page;
  }

  /**
   * Rows that row-level security hides look as if they weren't there, and PostgREST doesn't say
   * whether it is on. So who may miss rows, and sees none of a table, is told.
   *
   * @param any whether the answer has rows; else the table is asked for any, unless one was seen
   */
  void requireSight(boolean any, Attempt attempt) {
    seen.compareAndSet(false, any);
    if (seen.get()) {
      return;
    }
    ApiKey.Kind kind = client.keyKind(attempt);
    if (!kind.mayMissRows() || seesAny(attempt)) {
      return;
    }
    throw new AccessDenied(
        "0 rows of the table are seen "
            + kind.said()
            + ": it is empty, or row-level security hides them all; use the service_role key or a"
            + " secret one ("
            + RestErrors.KEY
            + "), or add a policy for reading");
  }

  private boolean seesAny(Attempt attempt) {
    Query request = select(Projection.ids()).with("limit", "1");
    boolean any = hasRow(request, attempt);
    seen.compareAndSet(false, any);
    return any;
  }

  String request(ScanQuery<RestFilter> query, boolean withValues) {
    List<Condition> conditions = new ArrayList<>();
    if (query.filter() != null) {
      conditions.add(query.filter().rows().requireExact());
    }
    if (query.cursor() != null) {
      conditions.add(Keyset.after(shape.key(), cursor(query.cursor())));
    }
    Query request = select(query.projection()).with("order", shape.order());
    restrict(request, conditions, withValues);
    return request.with("limit", Integer.toString(budget.rows(query.pageSize()))).toString();
  }

  private List<String> cursor(String cursor) {
    return shape
        .key()
        .parse(cursor)
        .orElseThrow(
            () ->
                new InvalidRequest(
                    "the cursor isn't a key of the table; start the scan without a cursor"));
  }

  private Page page(Projection projection, InputStream body) throws IOException {
    RowReader reader = new RowReader(shape, projection, body);
    List<VectorRecord> records = new ArrayList<>();
    List<RecordIssue> issues = new ArrayList<>();
    List<String> last = null;
    int count = 0;
    for (Row row = reader.next(); row != null; row = reader.next()) {
      last = row.key();
      count++;
      issues.addAll(row.issues());
      if (row.record() != null) {
        records.add(row.record());
      }
      if (reader.bytes() >= PageBudget.BYTES) {
        break; // the rest is asked for again behind this row
      }
    }
    budget.read(count, reader.bytes());
    return new Page(records, Optional.ofNullable(last).map(shape.key()::array), issues);
  }

  /** The rows that are there. */
  List<VectorRecord> fetch(List<RecordId> ids, Projection projection, Attempt attempt) {
    Map<RecordId, Condition> wanted = new LinkedHashMap<>();
    for (RecordId id : ids) {
      shape.key().texts(id).ifPresent(texts -> wanted.put(id, Keyset.is(shape.key(), texts)));
    }
    List<VectorRecord> records = new ArrayList<>();
    while (!wanted.isEmpty()) {
      Map<RecordId, Condition> chunk = chunk(wanted);
      List<VectorRecord> found = fetchChunk(chunk, projection, attempt);
      found.forEach(record -> chunk.remove(record.id()));
      records.addAll(found);
      // What a cut answer left out is asked for again.
      wanted.putAll(chunk);
    }
    requireSight(!records.isEmpty(), attempt);
    return records;
  }

  /** Takes as many as a URL holds. */
  private static Map<RecordId, Condition> chunk(Map<RecordId, Condition> wanted) {
    Map<RecordId, Condition> chunk = new LinkedHashMap<>();
    int length = 0;
    var rest = wanted.entrySet().iterator();
    while (rest.hasNext() && length < LONGEST_CONDITION) {
      Map.Entry<RecordId, Condition> next = rest.next();
      length += Query.encode(next.getValue().text(true)).length() + 3;
      chunk.put(next.getKey(), next.getValue());
      rest.remove();
    }
    return chunk;
  }

  /** One answer; ids that aren't there are taken out of the chunk. */
  private List<VectorRecord> fetchChunk(
      Map<RecordId, Condition> chunk, Projection projection, Attempt attempt) {
    Query request = select(projection);
    restrict(request, List.of(Condition.or(List.copyOf(chunk.values()))), true);
    Reply reply = client.get(request.toString(), true, attempt);
    Set<RecordId> asked = new HashSet<>(chunk.keySet());
    List<VectorRecord> records = new ArrayList<>();
    int count = client.read(reply, body -> addRows(body, projection, asked, records));
    if (reply.total().isEmpty() || reply.total().getAsLong() <= count || records.isEmpty()) {
      chunk.clear();
    }
    return records;
  }

  private int addRows(
      InputStream body, Projection projection, Set<RecordId> asked, List<VectorRecord> records)
      throws IOException {
    RowReader reader = new RowReader(shape, projection, body);
    int count = 0;
    for (Row row = reader.next(); row != null; row = reader.next()) {
      count++;
      VectorRecord record = row.requireRecord();
      if (asked.contains(record.id())) {
        records.add(record);
      }
    }
    return count;
  }

  long count(@Nullable Condition condition, Attempt attempt) {
    Query request = select(Projection.ids());
    restrict(request, condition == null ? List.of() : List.of(condition), true);
    Reply reply = client.get(request.with("limit", "1").toString(), true, attempt);
    client.read(reply, body -> body.readAllBytes().length);
    long count =
        reply
            .total()
            .orElseThrow(
                () -> new MalformedResponse("the server doesn't say how many rows it has"));
    requireSight(count > 0, attempt);
    return count;
  }

  /** Whether any row has something in a column. */
  boolean hasAny(Column column, Attempt attempt) {
    Query request = select(Projection.ids());
    restrict(request, List.of(Condition.isNotNull(column)), true);
    return hasRow(request.with("limit", "1"), attempt);
  }

  private boolean hasRow(Query request, Attempt attempt) {
    Reply reply = client.get(request.toString(), false, attempt);
    return client.read(reply, body -> new RowReader(shape, Projection.ids(), body).next() != null);
  }

  private Query select(Projection projection) {
    return Query.table(shape.table().name()).with("select", shape.select(projection));
  }

  private static void restrict(Query request, List<Condition> conditions, boolean withValues) {
    if (!conditions.isEmpty()) {
      // One element of the tree may itself be a connective, so there is always one around.
      String all = new Condition.Group("", conditions).text(withValues);
      request.with("and", all);
    }
  }
}
