package dev.vectorstore.supabase;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.IdKind;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An installation of version 2, whose collections had one vector a record, upgraded in place. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VectorsUpgradeTest {
  /** What a client of version 2 called. */
  private static final String DATA =
      """
      select vector_store_ensure(json_build_object('name', name, 'dimension', dimension, 'metric', metric,
        'termsVersion', 1, 'idKinds', array['NUMBER'], 'fields', array[]::text[], 'labels', json_build_object('of', 'v2')))
      from (values ('dots', 2, 'DOT'), ('wide', 2500, 'COSINE'), ('bare', null, null), ('less', 3, 'COSINE')) v(name, dimension, metric);
      select vector_store_write(json_build_object('operations', json_build_array(json_build_object(
        'collection', 'dots', 'token', vector_store.token(vector_store.find('dots')), 'upsert', (
          select json_agg(json_build_object('i', '00' || encode(int8send(n), 'hex'), 'p', json_build_object('n', n),
            'v', case when n % 2 = 0 then '[1,' || n || ']' end))
          from generate_series(1, 20) n)))));
      create table pages (id bigint primary key, content text, title vector(3), embedding vector(2));
      insert into pages values (1, 'a', '[1,2,3]', '[1,0]'), (2, 'b', null, '[0,1]');
      select vector_store_adopt('{"table": "pages", "schema": "public", "usualSchema": "public", "collection": "pages",
        "termsVersion": 1}');
      """;

  private ManagedServer server;
  private VectorStore store;

  @BeforeAll
  void upgrade() throws IOException {
    try (InputStream script =
        Objects.requireNonNull(
            VectorsUpgradeTest.class.getResourceAsStream("/vector-store-2.sql"))) {
      server = ManagedServer.after(new String(script.readAllBytes(), UTF_8) + DATA);
    }
    store = server.open(Reading.ONCE);
  }

  @AfterAll
  void stop() {
    store.close();
    server.close();
  }

  private List<String> state() {
    List<String> state =
        new ArrayList<>(
            server.database().sql("select c::text from vector_store.catalog c order by id"));
    state.addAll(
        server
            .database()
            .sql(
                "select p.oid::regprocedure from pg_proc p where p.pronamespace ="
                    + " 'vector_store'::regnamespace order by 1"));
    return state;
  }

  @Test
  void theOnlyVectorIsThePlainOneAndNothingIsLost() {
    assertThat(store.describe("dots").spec())
        .isEqualTo(
            CollectionSpec.builder("dots")
                .vectors(2, Metric.DOT)
                .idKinds(IdKind.NUMBER)
                .label("of", "v2")
                .build());
    assertThat(store.describe("wide").spec().vectors())
        .isEqualTo(Map.of(VectorSpec.PLAIN, VectorSpec.of(2_500, Metric.COSINE)));
    assertThat(store.describe("bare").spec().vectors()).isEmpty();
    VectorCollection dots = store.collection("dots");
    List<VectorRecord> records = Reading.all(dots).records();
    assertThat(records).hasSize(20);
    assertThat(records.get(3))
        .isEqualTo(VectorRecord.of(RecordId.of(4), Embedding.of(1, 4), Payload.of(Map.of("n", 4))));
    assertThat(records.get(4).vectors()).isEmpty();
    assertThat(dots.search(SearchRequest.nearest(0, 1).limit(100)))
        .hasSize(10)
        .first()
        .matches(hit -> hit.id().equals(RecordId.of(20)));
  }

  @Test
  void theScriptRunAgainChangesNothing() {
    List<String> once = state();
    server.database().sql(Supabase.sql());
    assertThat(state()).isEqualTo(once);
  }

  @Test
  void aVectorIsAddedToACollectionOfBefore() {
    CollectionSpec more =
        store.describe("bare").spec().toBuilder().vector("title", 2, Metric.COSINE).build();
    VectorCollection bare = store.ensureCollection(more);
    bare.upsert(VectorRecord.of(RecordId.of(1), Embedding.of(1, 0), Payload.empty()));
    assertThat(bare.search(SearchRequest.nearest(1, 0))).hasSize(1);
  }

  @Test
  void theVectorOfACollectionOfBeforeIsDropped() {
    assertThat(store.dropVector("less", VectorSpec.PLAIN)).isTrue();
    assertThat(store.describe("less").spec().vectors()).isEmpty();
  }

  @Test
  void anAdoptedTableHasTheVectorThatItHadAndMoreOnceItIsAdoptedAgain() {
    VectorCollection before = store.collection("pages");
    assertThat(before.describe().spec().vectors())
        .isEqualTo(Map.of(VectorSpec.PLAIN, VectorSpec.of(2, Metric.COSINE)));
    List<VectorRecord> records = Reading.all(before).records();
    assertThat(records.get(0).vector()).contains(Embedding.of(1, 0));
    before.upsert(records);
    assertThat(server.database().sql("select title from pages where id = 1"))
        .as("a column that isn't of the collection stays")
        .containsExactly("[1,2,3]");

    store.unwrap(SupabaseTables.class).adopt(TableAdoption.of("pages").build());
    VectorCollection after = store.collection("pages");
    assertThat(after.describe().spec().vectors())
        .isEqualTo(
            Map.of(
                VectorSpec.PLAIN,
                VectorSpec.of(2, Metric.COSINE),
                "title",
                VectorSpec.of(3, Metric.COSINE)));
    assertThat(before.search(SearchRequest.nearest(1, 0))).hasSize(2);
    assertThat(after.search(SearchRequest.nearest(1, 2, 3).using("title"))).hasSize(1);
  }
}
