package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.PostgresDatabase;
import dev.vectorstore.testservers.PostgresServer;
import dev.vectorstore.testservers.PostgrestServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables whose names are no collection's, and tables of other schemas, without our SQL. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OddNamesTest {
  static final String SCHEMAS = "public, rag, my schema, a, a.b, größe, vector_store";

  /** Names in the schema public. */
  static final List<String> OWN =
      List.of(
          "my docs",
          "2024-docs",
          "_private_docs",
          "Document",
          "größe 文書 \uD83D\uDE80",
          "q\"u'o%t/e+#?&=;\\x",
          "percent%20",
          "(x)",
          "*",
          " lead ",
          "c1\u0085",
          "select",
          "rpc",
          "a.b",
          "rag.shadowed",
          "x".repeat(63));

  /** Names that don't travel by HTTP. */
  static final List<String> UNREACHABLE =
      List.of(".", "..", "tab\tx", "line\nx", "escape\u001b[31m", "return\r");

  /** Names of other schemas, as they are opened. */
  static final List<String> OTHERS =
      List.of("rag.docs", "rag.a.b", "my schema.my docs", "a.b.c", "rag.größe \"x\"");

  private PostgresDatabase database;
  private PostgrestServer postgrest;
  private VectorStore store;

  @BeforeAll
  void makeTables() {
    database =
        PostgresServer.shared().createDatabase(getClass().getSimpleName().toLowerCase(Locale.ROOT));
    database.sql(ManagedServer.ROLES);
    database.sql(
        """
        create function pg_temp.fill(schema text, name text, rows int) returns void
        language plpgsql as $$ begin
          execute format('create schema if not exists %I; grant usage on schema %1$I to public', schema);
          execute format('create table %I.%I (id int primary key, content text, v vector(2));
            insert into %1$I.%2$I select n, ''row '' || n, case n when 1 then ''[1,0]'' else ''[0,1]'' end::vector
            from generate_series(1, %3$s) n; grant all on %1$I.%2$I to public', schema, name, rows);
        end $$;
        """
            + fill("public", OWN, 3)
            + fill("public", UNREACHABLE, 3)
            + fill("rag", List.of("docs", "a.b", "größe \"x\""), 3)
            + fill("rag", List.of("shadowed"), 1)
            + fill("my schema", List.of("my docs"), 3)
            + fill("a", List.of("b.c"), 3)
            + fill("a.b", List.of("c"), 1)
            + fill("größe", List.of("docs"), 3)
            + fill("vector_store", List.of("ours"), 3)
            + fill("closed", List.of("docs"), 3)
            + """
            revoke usage on schema closed from public;
            create table public.sources (id int primary key);
            create table rag.authors (id int primary key);
            grant select on public.sources, rag.authors to public;
            alter table rag.docs add source int references public.sources, add author int references rag.authors;
            create function "match_my docs"(query_embedding vector(2), match_count int)
              returns table (id int, similarity float) language sql stable as
              'select id, 1 - (v <=> query_embedding) from "my docs" order by v <=> query_embedding limit match_count';
            create function rag.match_docs(query_embedding vector(2), match_count int)
              returns table (id int, similarity float) language sql stable as
              'select id, 1 - (v <=> query_embedding) from rag.docs order by v <=> query_embedding limit match_count';
            """);
    postgrest =
        PostgrestServer.builder(database.url("authenticator")).schemas(SCHEMAS).maxRows(2).start();
    store = open(database, postgrest);
  }

  private static String fill(String schema, List<String> names, int rows) {
    StringBuilder sql = new StringBuilder();
    for (String name : names) {
      sql.append("select pg_temp.fill(")
          .append(literal(schema))
          .append(", ")
          .append(literal(name))
          .append(", " + rows + ");\n");
    }
    return sql.toString();
  }

  private static String literal(String text) {
    return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  VectorStore open(PostgresDatabase tables, PostgrestServer server) {
    return Supabase.postgrest(server.url().substring("postgrest:".length()))
        .key(() -> server.issuer().tokenFor("service_role"))
        .callOptions(Reading.ONCE)
        .open();
  }

  VectorStore store() {
    return store;
  }

  String url() {
    return database.url("authenticator");
  }

  @AfterAll
  void stop() {
    store.close();
    postgrest.close();
  }

  static Stream<String> names() {
    return Stream.of(OWN, OTHERS, List.of("public.my docs", "public.a.b")).flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyReadTakesTheName(String name) {
    assertThat(store.exists(name)).isTrue();
    assertThat(store.describe(name).name()).isEqualTo(name);
    assertThat(store.describe(name).spec().dimension()).hasValue(2);
    VectorCollection collection = store.collection(name);
    assertThat(collection.count()).isEqualTo(3);
    assertThat(collection.count(Filter.field("content").eq("row 2"))).isEqualTo(1);
    assertThat(Reading.all(collection).records()).hasSize(3);
    assertThat(collection.fetch(List.of(RecordId.of(1)), Projection.all()))
        .singleElement()
        .satisfies(record -> assertThat(record.vector()).contains(Embedding.of(1, 0)));
    assertThat(collection.scan(ScanRequest.all().pageSize(1)).records()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("names")
  void nothingIsMadeOrDroppedUnderTheName(String name) {
    CollectionSpec spec = CollectionSpec.builder(name).vectors(2, Metric.COSINE).build();
    boolean portable = name.equals("Document") || name.matches("[a-z]+|x{63}");
    assertThatThrownBy(() -> store.ensureCollection(spec))
        .isInstanceOf(portable ? UnsupportedFeature.class : InvalidRequest.class);
    assertThatThrownBy(() -> store.drop(name)).isInstanceOf(UnsupportedFeature.class);
    assertThat(store.collection(name).count()).isEqualTo(3);
  }

  @Test
  void theyAreListedByTheNamesByWhichTheyAreOpened() {
    assertThat(store.collections())
        .isSorted()
        .doesNotHaveDuplicates()
        .containsAll(OWN)
        .containsAll(OTHERS)
        .contains("rag.authors")
        .doesNotContain("vector_store.ours", "closed.docs", "rag.shadowed.shadowed", "a.b.c.c");
    assertThat(store.collections()).allMatch(name -> store.exists(name));
  }

  @Test
  void aSearchIsThatOfTheTable() {
    for (String name : List.of("my docs", "rag.docs")) {
      assertThat(store.describe(name).capabilities()).contains(Capability.VECTOR_SEARCH);
      assertThat(store.collection(name).search(SearchRequest.nearest(Embedding.of(1, 0)).limit(1)))
          .as(name)
          .extracting(SearchHit::id)
          .containsExactly(RecordId.of(1));
    }
  }

  @Test
  void aTableOfTheOwnSchemaComesBeforeOneOfAnother() {
    assertThat(store.collection("rag.shadowed").count()).isEqualTo(3);
    assertThat(store.collection("a.b.c").count()).as("of the shortest schema").isEqualTo(3);
    assertThat(store.collection("public.rag.shadowed").count()).isEqualTo(3);
  }

  /** Postgres cuts the name in a statement, and would answer with the table of 63 characters. */
  @Test
  void aNameThatPostgresWouldCutIsNotThere() {
    for (String name : List.of("x".repeat(64), "rag." + "x".repeat(63), "ü".repeat(32) + "x")) {
      assertThat(store.exists(name)).as(name).isFalse();
      assertThatThrownBy(() -> store.describe(name)).as(name).isInstanceOf(NotFound.class);
    }
  }

  @Test
  void whatIsNotThereIsNotThere() {
    for (String name :
        List.of(
            "MY DOCS",
            "my docs ",
            "rag.",
            ".docs",
            "rag..docs",
            "closed.docs",
            "rag.absent",
            "vector_store.ours",
            "pg_catalog.pg_class",
            "information_schema.tables",
            "rag.Docs")) {
      assertThat(store.exists(name)).as(name).isFalse();
      assertThatThrownBy(() -> store.describe(name)).as(name).isInstanceOf(NotFound.class);
    }
  }

  /** A header of Java's client holds no such name, and a path no such table. */
  @Test
  void whatHttpCannotSayIsLeftToTheDirectConnection() {
    List<String> names = new ArrayList<>(UNREACHABLE);
    names.add("größe.docs");
    for (String name : names) {
      assertThat(store.collections()).doesNotContain(name);
      assertThat(store.exists(name)).as(name).isFalse();
      assertThatThrownBy(() -> store.describe(name)).as(name).isInstanceOf(NotFound.class);
    }
  }
}
