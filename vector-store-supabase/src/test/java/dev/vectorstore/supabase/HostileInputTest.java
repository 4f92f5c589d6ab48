package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.supabase.managed.ServerFunction;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Names, keys, values and filters that try to break out into SQL, JSON and URLs. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileInputTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** As many as {@code -Dlong=true} takes ten minutes for. */
  private static final int REQUESTS = Boolean.getBoolean("long") ? 100_000 : 600;

  private static final long SEED = Long.getLong("kit.seed", 20_261_123);
  private static final List<String> TOKENS =
      List.of(
          "'",
          "''",
          "\"",
          "\\",
          "\\'",
          "$$",
          "$1",
          "$q$",
          "%",
          "%s",
          "%I",
          "%L",
          "%1$s",
          "_",
          ";",
          "--",
          "/*",
          "*/",
          "::",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          "{}",
          ",",
          ".",
          "*",
          "?",
          "&",
          "=",
          "#",
          "\n",
          "\t",
          "\u0001",
          "E'",
          "\\u0027",
          "null",
          "true",
          " or 1=1",
          "; drop table x",
          "drop schema vector_store cascade",
          "select pg_sleep(9)",
          "'::jsonb) or (true",
          "0: fox ",
          ": ",
          "🚀",
          "ß",
          "a",
          "x.y",
          "t.payload",
          "@>",
          "strict $",
          "$bound",
          "<script>",
          "-1",
          "../",
          "%27",
          "%00",
          "\u2028",
          "id",
          "collection",
          "where",
          "payload",
          "__vs2");

  private final Random random = new Random(SEED);
  private ManagedServer server;
  private VectorStore store;
  private VectorCollection hostile;
  private String untouched;

  @BeforeAll
  void start() {
    server = ManagedServer.start();
    store = open(server);
    hostile =
        store.ensureCollection(
            CollectionSpec.builder("hostile")
                .vectors(2, Metric.COSINE)
                .field("it's \"odd\" %s", FieldType.TERMS)
                .label("'; drop table x; --", "$$ %L")
                .build());
    VectorCollection canary =
        store.ensureCollection(CollectionSpec.builder("canary").vectors(2, Metric.DOT).build());
    canary.upsert(
        IntStream.range(0, 50)
            .mapToObj(
                n ->
                    VectorRecord.of(
                        RecordId.of(n), Embedding.of(1, n), Payload.builder().put("n", n).build()))
            .toList());
    untouched = canary();
  }

  VectorStore open(ManagedServer managed) {
    return managed.open(Reading.ONCE);
  }

  @AfterAll
  void stop() {
    store.close();
    server.close();
  }

  /** All that a break-out could have changed. */
  private String canary() {
    String table =
        server
            .database()
            .sql("select relation from vector_store.catalog where name = 'canary'")
            .get(0);
    return server
        .database()
        .sql(
            "select md5(string_agg(c::text, ',' order by id)) from "
                + table
                + " c union all select md5(string_agg(relname, ',' order by relname)) from pg_class"
                + " where relnamespace in ('public'::regnamespace, 'vector_store'::regnamespace)"
                + " union all select md5(string_agg(rolname, ',' order by rolname)) from pg_roles"
                + " union all select md5(string_agg(oid || prosrc, ',' order by oid)) from pg_proc")
        .toString();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int parts = 1 + random.nextInt(4);
    for (int i = 0; i < parts; i++) {
      text.append(TOKENS.get(random.nextInt(TOKENS.size())));
    }
    return text.toString();
  }

  private static Payload payload(String key, Value value) {
    return Payload.builder().put(key, value).build();
  }

  @Test
  void textsAreWhatTheyAreAndNothingElse() {
    List<VectorRecord> records = new ArrayList<>();
    Set<String> ids = new TreeSet<>(TOKENS);
    while (ids.size() < 300) {
      ids.add(text());
    }
    for (String id : ids) {
      Value value = random.nextBoolean() ? Value.of(text()) : Value.of(List.of(text(), text()));
      Payload payload =
          payload(text(), value).toBuilder().put("it's \"odd\" %s", Value.of(text())).build();
      records.add(VectorRecord.of(RecordId.of(id), Embedding.of(1, random.nextFloat()), payload));
    }
    hostile.upsert(records);
    assertThat(hostile.fetch(records.stream().map(VectorRecord::id).toList(), all()))
        .extracting(VectorRecord::payload)
        .containsExactlyElementsOf(records.stream().map(VectorRecord::payload).toList());
    for (VectorRecord record : records) {
      for (Filter filter : filters(record)) {
        agrees(filter, records);
      }
    }
    for (VectorRecord record : records.subList(0, 100)) {
      hostile.patchPayload(
          List.of(record.id()), payload(text(), Value.of(text())), List.of(text()));
      hostile.deleteWhere(Filter.and(Filter.ids(List.of(record.id())), Filter.not(none(record))));
    }
    assertThat(hostile.count()).isEqualTo(200);
    hostile.deleteAll();
    assertThat(canary()).as("seed %d", SEED).isEqualTo(untouched);
  }

  private static dev.vectorstore.Projection all() {
    return dev.vectorstore.Projection.all();
  }

  private static Filter none(VectorRecord record) {
    return FieldPath.of("no such key", record.id().toString()).exists();
  }

  private List<Filter> filters(VectorRecord record) {
    List<Filter> filters = new ArrayList<>();
    for (String key : record.payload().keys()) {
      FieldPath path = FieldPath.of(key);
      Value value = record.payload().get(key).orElseThrow();
      Value scalar = value instanceof Value.ListValue list ? list.elements().get(0) : value;
      filters.add(path.eq(scalar));
      filters.add(Filter.not(path.in(List.of(scalar, text(), text()))));
      filters.add(path.containsJson(value));
      filters.addAll(List.of(path.gt(text()), Filter.not(path.lte(text()))));
      filters.addAll(List.of(path.contains(text()), Filter.not(path.containsText(text()))));
      filters.add(FieldPath.of(key, text()).exists());
    }
    String term = text();
    if (!TextTerms.of(term).isEmpty()) {
      filters.add(FieldPath.of("it's \"odd\" %s").matchesText(term));
      filters.add(FieldPath.of("it's \"odd\" %s").matchesPhrase(term));
    }
    filters.add(Filter.ids(List.of(record.id(), RecordId.of(text()))));
    return filters;
  }

  private void agrees(Filter filter, List<VectorRecord> records) {
    List<RecordId> expected =
        records.stream().filter(filter::test).map(VectorRecord::id).sorted().toList();
    assertThat(hostile.count(filter)).as("seed %d, %s", SEED, filter).isEqualTo(expected.size());
    if (expected.size() < 20 && random.nextInt(4) == 0) {
      assertThat(hostile.search(SearchRequest.nearest(Embedding.of(1, 1)).filter(filter).limit(20)))
          .as("seed %d, %s", SEED, filter)
          .extracting(SearchHit::id)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void cursorsAndNamesAreChecked() {
    assertThatThrownBy(() -> hostile.scan(ScanRequest.all().from("'; drop table x; --")))
        .isInstanceOf(InvalidRequest.class);
    SupabaseTables tables = store.unwrap(SupabaseTables.class);
    for (int i = 0; i < 50; i++) {
      String name = text();
      assertThatThrownBy(() -> tables.adopt(TableAdoption.of("t").vectorColumn(name).build()))
          .isInstanceOf(dev.vectorstore.VectorStoreException.class);
    }
    assertThat(canary()).isEqualTo(untouched);
  }

  /** Whoever has the service key may also call the functions without this library. */
  @Test
  void requestsThatNoClientMakesChangeNothingElse() throws Exception {
    List<String> requests =
        List.of(
            "{\"collection\": \"hostile\", \"limit\": 5, \"bytes\": 1000, \"filter\": F}",
            "{\"collection\": \"hostile\", \"filter\": F, \"ids\": [T, T], \"fields\": [T]}",
            "{\"collection\": \"hostile\", \"queries\": [{\"vector\": \"[1,2]\", \"limit\": 3,"
                + " \"filter\": F, \"fields\": [T]}, {\"vector\": T, \"limit\": T}]}",
            "{\"operations\": [{\"collection\": \"hostile\", \"where\": F}]}",
            "{\"operations\": [{\"collection\": \"hostile\", \"upsert\": [{\"i\": \"0041\","
                + " \"p\": {T: T}, \"t\": [T, T]}, {\"i\": T, \"p\": T, \"v\": T}]}]}",
            "{\"collection\": \"hostile\", \"ids\": [\"0041\"], \"set\": {T: T}, \"remove\": [T],"
                + " \"termFields\": [T], \"terms\": [T]}",
            "{\"collection\": T, \"token\": T, \"table\": T, \"name\": T, \"dimension\": 2,"
                + " \"metric\": T, \"fields\": [{\"path\": [T], \"type\": T}], \"labels\": {T: T},"
                + " \"idKinds\": [T], \"vectorColumn\": T}");
    List<ServerFunction> functions = new ArrayList<>(List.of(ServerFunction.values()));
    functions.removeAll(List.of(ServerFunction.ENSURE, ServerFunction.DROP)); // which would
    int refused = 0;
    for (int i = 0; i < REQUESTS; i++) {
      ServerFunction function = functions.get(random.nextInt(functions.size()));
      String request = requests.get(random.nextInt(requests.size()));
      if (post(function, fill(request)) != 200) {
        refused++;
      }
    }
    assertThat(refused).as("most of it is nonsense").isGreaterThan(100);
    assertThat(canary()).as("seed %d", SEED).isEqualTo(untouched);
    hostile.deleteAll();
  }

  private String fill(String request) {
    String filled = request;
    while (filled.contains("F}") || filled.contains("F,")) {
      filled = filled.replaceFirst("F(?=[},])", java.util.regex.Matcher.quoteReplacement(filter()));
    }
    StringBuilder made = new StringBuilder();
    for (int i = 0; i < filled.length(); i++) {
      char c = filled.charAt(i);
      made.append(c == 'T' ? new Value.StringValue(text()).toString() : String.valueOf(c));
    }
    return made.toString();
  }

  private String filter() {
    return switch (random.nextInt(10)) {
      case 0 -> "[\"eq\", [T], T]";
      case 1 -> "[\"and\", [\"exists\", [T, T]], [\"in\", [T], [T, T]]]";
      case 2 -> "[\"not\", [\"text\", T, [T]]]";
      case 3 -> "[\"number\", [T], T, T]";
      case 4 -> "[\"instant\", [T], T, T]";
      case 5 -> "[\"phrase\", T, [T, T]]";
      case 6 -> "[T, T, T]";
      case 7 -> "[\"string\", [T], T, T]";
      case 8 -> "[\"part\", [T], T, T, T]";
      default -> "[\"or\", [\"ids\", [T]], [\"contains\", [T], {T: T}], []]";
    };
  }

  private int post(ServerFunction function, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address() + "/rpc/" + function.sqlName()))
            .header("Authorization", "Bearer " + server.serviceKey())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }
}
