package dev.vectorstore.supabase;

import static dev.vectorstore.Filter.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.HttpReply;
import dev.vectorstore.testservers.HttpRequestSeen;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.ScriptedHttpServer;
import dev.vectorstore.testservers.TestEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What our SQL does beyond the contract. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManagedStoreTest {
  private ManagedServer server;
  private VectorStore store;

  @BeforeAll
  void start() {
    server = ManagedServer.start();
    store = server.open(Reading.ONCE);
  }

  @AfterAll
  void stop() {
    store.close();
    server.close();
  }

  private static Payload payload(String key, Object value) {
    return Payload.builder().put(key, Value.of(value)).build();
  }

  private static List<VectorRecord> records(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            n ->
                VectorRecord.of(RecordId.of(n), Embedding.of(1, n, 2), payload("text", "fox " + n)))
        .toList();
  }

  private VectorCollection ensure(String name) {
    return store.ensureCollection(CollectionSpec.builder(name).vectors(3, Metric.COSINE).build());
  }

  @Test
  void theScriptRunAgainChangesNothing() {
    VectorCollection kept = ensure("kept");
    kept.upsert(records(20));
    String before = "select md5(string_agg(c::text, ',' order by id)) from vector_store.catalog c";
    List<String> catalog = server.database().sql(before);
    server.database().sql(Supabase.sql());
    assertThat(server.database().sql(before)).isEqualTo(catalog);
    assertThat(kept.count()).isEqualTo(20);
    assertThat(kept.search(SearchRequest.nearest(Embedding.of(1, 0, 0)))).hasSize(10);
    store.drop("kept");
  }

  @Test
  void anOlderScriptSaysHowItIsUpgraded() {
    try (ManagedServer old = ManagedServer.start();
        VectorStore client = old.open(Reading.ONCE)) {
      old.database()
          .sql(
              "create or replace function vector_store_version() returns json language sql"
                  + " immutable as $$ select to_json(0) $$");
      assertThatThrownBy(client::collections)
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessageContaining("upgraded in place")
          .hasMessageContaining("vector-store supabase sql");
      old.database().sql(Supabase.sql());
      assertThat(client.collections()).isEmpty();
    }
  }

  @Test
  void pgvectorMayBeInSupabasesSchemaOfExtensions() {
    try (ManagedServer moved =
            ManagedServer.after(
                "drop extension vector; create schema extensions;"
                    + " create extension vector with schema extensions");
        VectorStore client = moved.open(Reading.ONCE)) {
      VectorCollection made =
          client.ensureCollection(
              CollectionSpec.builder("made").vectors(3, Metric.EUCLIDEAN).build());
      made.upsert(records(30));
      assertThat(made.search(SearchRequest.nearest(Embedding.of(1, 7, 2)).limit(1)))
          .extracting(hit -> hit.id())
          .containsExactly(RecordId.of(7));
      moved.database().sql("create table t (id uuid primary key, e extensions.vector(3))");
      try (VectorStore owner = Reading.openAsOwner(moved.database())) {
        owner.unwrap(SupabaseTables.class).adopt(TableAdoption.of("t").build());
      }
      assertThat(client.collection("t").count()).isZero();
    }
  }

  @Test
  void whoInstallsItNeedsNotBeASuperuser() {
    try (ManagedServer plain =
            ManagedServer.after(
                """
                create role plain_owner;
                do $$ begin
                  if not exists (select from pg_roles where rolname = 'vector_store_owner') then
                    create role vector_store_owner nologin;
                  end if;
                end $$;
                grant vector_store_owner to plain_owner;
                grant all on schema public to plain_owner;
                do $$ begin
                  execute format('grant create on database %I to plain_owner', current_database());
                end $$;
                set session authorization plain_owner""");
        VectorStore client = plain.open(Reading.ONCE)) {
      VectorCollection made =
          client.ensureCollection(CollectionSpec.builder("made").vectors(3, Metric.COSINE).build());
      made.upsert(records(30));
      assertThat(made.search(SearchRequest.nearest(Embedding.of(1, 7, 2)).limit(5))).hasSize(5);
      plain.database().sql("drop owned by plain_owner cascade; drop role plain_owner");
    }
  }

  @Test
  void anExtensionThatIsMissingIsMade() {
    try (ManagedServer bare = ManagedServer.after("drop extension vector");
        VectorStore client = bare.open(Reading.ONCE)) {
      assertThat(client.collections()).isEmpty();
      assertThat(bare.database().sql("select count(*) from pg_extension where extname = 'vector'"))
          .containsExactly("1");
    }
  }

  @Test
  void noOtherRoleCanCallAnything() {
    ensure("secret").upsert(records(1));
    List<String> open =
        server
            .database()
            .sql(
                """
                select p.oid::regprocedure || ' by ' || r.rolname from pg_proc p
                join pg_namespace n on n.oid = p.pronamespace
                cross join pg_roles r
                where (n.nspname = 'vector_store' or p.proname like 'vector\\_store\\_%')
                  and r.rolname in ('anon', 'authenticated')
                  and p.proname not in ('id_of', 'quoted')
                  and has_function_privilege(r.oid, p.oid, 'execute')
                """);
    assertThat(open).isEmpty();
    assertThat(
            server
                .database()
                .sql(
                    "select has_schema_privilege(r, 'vector_store', 'usage') from"
                        + " unnest(array['anon', 'authenticated']) r"))
        .containsOnly("f");
    for (String role : List.of("anon", "authenticated")) {
      try (VectorStore stranger =
          Supabase.postgrest(server.address())
              .key(() -> server.postgrest().issuer().tokenFor(role))
              .callOptions(Reading.ONCE)
              .open()) {
        assertThatThrownBy(() -> stranger.collection("secret").count())
            .isInstanceOf(AccessDenied.class);
        assertThatThrownBy(() -> stranger.exists("secret")).isInstanceOf(AccessDenied.class);
        assertThatThrownBy(() -> stranger.drop("secret")).isInstanceOf(AccessDenied.class);
        assertThatThrownBy(stranger::collections).isInstanceOf(AccessDenied.class);
      }
    }
    store.drop("secret");
  }

  @Test
  void anotherRoleMayBeTheCaller() {
    try (ManagedServer other =
        ManagedServer.after(
            "create role api_of_mine; grant api_of_mine to authenticator;"
                + " set vector_store.role = 'api_of_mine';")) {
      try (VectorStore client =
          Supabase.postgrest(other.address())
              .key(() -> other.postgrest().issuer().tokenFor("api_of_mine"))
              .open()) {
        assertThat(client.collections()).isEmpty();
      }
      other.database().sql("drop owned by api_of_mine; drop role api_of_mine");
    }
  }

  @Test
  void aTableOfTheSameNameIsNotHidden() {
    server.database().sql("create table taken (id int primary key)");
    assertThatThrownBy(() -> ensure("taken"))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("vector-store supabase adopt");
    server.database().sql("drop table taken");
  }

  @Test
  void ofAThousandRecordsWithOneBadOneNothingIsWrittenAndItIsNamed() {
    VectorCollection strict = ensure("strict");
    server
        .database()
        .sql(
            "select 'alter table ' || relation || ' add constraint no_617 check (payload ->> ''text''"
                + " <> ''fox 617'')' from vector_store.catalog where name = 'strict' \\gexec");
    List<VectorRecord> records = records(1_000);
    assertThatThrownBy(() -> strict.upsert(records))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("number id 617")
        .hasMessageContaining("no_617")
        .hasMessageNotContaining("fox");
    assertThat(strict.count()).isZero();
    strict.upsert(records.stream().filter(r -> !r.id().equals(RecordId.of(617))).toList());
    assertThat(strict.count()).isEqualTo(999);
    store.drop("strict");
  }

  @Test
  void textsOfBeforeAreFoundByAFieldThatIsDeclaredLater() {
    ensure("later").upsert(records(1_200));
    VectorCollection stale = store.collection("later");
    assertThat(stale.count()).isEqualTo(1_200);
    VectorCollection searchable =
        store.ensureCollection(
            CollectionSpec.builder("later")
                .vectors(3, Metric.COSINE)
                .field("text", FieldType.TERMS)
                .build());
    assertThat(searchable.capabilities()).contains(Capability.TERMS);
    assertThat(searchable.count(field("text").matchesText("fox"))).isEqualTo(1_200);
    assertThat(searchable.count(field("text").matchesPhrase("fox 1100"))).isEqualTo(1);
    assertThatThrownBy(() -> stale.upsert(records(1)))
        .as("a client that knows nothing of the field would leave its terms out")
        .isInstanceOf(Conflict.class);
    store.drop("later");
  }

  @Test
  void largeDimensionsAreIndexedByHalfAndBeyondComparedOneByOne() {
    for (int dimension : new int[] {2_001, 4_001}) {
      Random random = new Random(dimension);
      VectorCollection wide =
          store.ensureCollection(
              CollectionSpec.builder("wide").vectors(dimension, Metric.COSINE).build());
      List<VectorRecord> records = new ArrayList<>();
      for (int n = 0; n < 100; n++) {
        float[] components = new float[dimension];
        for (int i = 0; i < dimension; i++) {
          components[i] = (float) random.nextGaussian();
        }
        records.add(VectorRecord.of(RecordId.of(n), Embedding.of(components), Payload.empty()));
      }
      wide.upsert(records);
      Embedding query = records.get(42).vector().orElseThrow();
      for (SearchRequest search :
          List.of(SearchRequest.nearest(query), SearchRequest.nearest(query).exact())) {
        assertThat(wide.search(search.limit(100))).hasSize(100);
        assertThat(wide.search(search.limit(3)).get(0).id()).isEqualTo(RecordId.of(42));
      }
      assertThat(
              server
                  .database()
                  .sql(
                      "select count(*) from pg_indexes i join vector_store.catalog c on"
                          + " i.schemaname || '.' || i.tablename = c.relation::text"
                          + " where c.name = 'wide' and i.indexdef like '%halfvec%'"))
          .containsExactly(dimension <= 4_000 ? "1" : "0");
      store.drop("wide");
    }
  }

  @Test
  void aFirstSearchTakesTwoRequests() {
    String described =
        "{\"version\": 4, \"name\": \"c\", \"vectors\": [{\"name\": \"\", \"dimension\": 3,"
            + " \"metric\": \"COSINE\"}], \"idKinds\": [\"NUMBER\"], \"fields\": [], \"labels\": {},"
            + " \"token\": \"t\", \"termsReady\": true, \"adopted\": false}";
    try (ScriptedHttpServer scripted =
            ScriptedHttpServer.start(HttpReply.json(described), HttpReply.json("[[]]"));
        VectorStore client = Supabase.postgrest(scripted.url()).callOptions(Reading.ONCE).open()) {
      assertThat(client.collection("c").search(SearchRequest.nearest(1, 0, 0))).isEmpty();
      assertThat(scripted.requests())
          .extracting(HttpRequestSeen::target)
          .containsExactly("/rpc/vector_store_describe", "/rpc/vector_store_search");
    }
  }

  @Test
  void aRequestThatIsTooLargeIsSentInHalves() {
    String described =
        "{\"version\": 4, \"name\": \"c\", \"vectors\": [{\"name\": \"\", \"dimension\": 3, \"metric\": \"COSINE\"}],"
            + " \"idKinds\": [\"NUMBER\"], \"fields\": [], \"labels\": {}, \"token\": \"t\","
            + " \"termsReady\": true, \"adopted\": false}";
    try (ScriptedHttpServer scripted =
            ScriptedHttpServer.start(
                HttpReply.json(described),
                HttpReply.of(413),
                HttpReply.json("true"),
                HttpReply.of(413),
                HttpReply.json("true"));
        VectorStore client = Supabase.postgrest(scripted.url()).callOptions(Reading.ONCE).open()) {
      client.collection("c").upsert(records(8));
      assertThat(scripted.requests().stream().skip(1).map(HttpRequestSeen::body))
          .extracting(body -> body.split("\"i\":", -1).length - 1)
          .containsExactly(8, 4, 4, 2, 2);
    }
  }

  @Test
  void aFilterOfManyValuesIsAnswered() {
    VectorCollection many = ensure("many");
    many.upsert(records(500));
    List<String> texts = IntStream.range(100, 5_000).mapToObj(n -> "fox " + n).toList();
    assertThat(many.count(field("text").in(texts))).isEqualTo(400);
    assertThat(many.count(Filter.not(field("text").in(texts)))).isEqualTo(100);
    assertThat(many.count(Filter.ids(records(500).stream().map(VectorRecord::id).toList())))
        .isEqualTo(500);
    many.deleteWhere(field("text").in(texts));
    assertThat(many.count()).isEqualTo(100);
    store.drop("many");
  }
}
