package dev.vectorstore.supabase;

import static dev.vectorstore.Filter.field;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.PostgrestServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The same over a direct connection, and where another schema than public is the store's own. */
class PostgresAdoptedNamesTest extends AdoptedNamesTest {
  @Override
  VectorStore open(ManagedServer managed, PostgrestServer api) {
    return Postgres.at(managed.database().url("postgres")).callOptions(Reading.ONCE).open();
  }

  @Test
  void theStoresOwnSchemaNeedNotBeSaid() {
    String url = server().database().url("postgres") + "?schema=rag";
    server().database().sql("create table rag.own (id int primary key, content text, v vector(2))");
    try (VectorStore store = Postgres.at(url).callOptions(Reading.ONCE).open()) {
      SupabaseTables tables = store.unwrap(SupabaseTables.class);
      assertThat(store.collections()).contains("own");
      tables.adopt(TableAdoption.of("own").build());
      assertThat(store.collections()).contains("rag.own").doesNotContain("own");
      store
          .collection("own")
          .upsert(VectorRecord.of(RecordId.of(1), AdoptionTest.payload("content", "a fox")));
      tables.makeTerms("own", Duration.ofMinutes(1));
      assertThat(store.collection("own").count(field("content").matchesText("fox"))).isEqualTo(1);
      assertThat(store.collection("rag.own").count()).isEqualTo(1);
      assertThat(tables.release("own")).isTrue();
      assertThat(store.collections()).contains("own").doesNotContain("rag.own");
    } finally {
      server().database().sql("drop table rag.own");
    }
  }
}
