package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.PostgresDatabase;
import dev.vectorstore.testservers.PostgrestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same over a direct connection, which reads every schema. */
class PostgresOddNamesTest extends OddNamesTest {
  @Override
  VectorStore open(PostgresDatabase tables, PostgrestServer server) {
    return Postgres.at(tables.url("authenticator")).callOptions(Reading.ONCE).open();
  }

  @Override
  @Test
  void whatHttpCannotSayIsLeftToTheDirectConnection() {
    List<String> names = new ArrayList<>(UNREACHABLE);
    names.add("größe.docs");
    for (String name : names) {
      assertThat(store().collections()).contains(name);
      assertThat(store().collection(name).count()).isEqualTo(3);
    }
  }

  @Test
  void aKeyThatLeadsToAnotherSchemaMakesItsTableACollection() {
    assertThat(store().collections()).contains("sources");
  }

  @Test
  void aSchemaThatIsSaidIsListedAlone() {
    try (VectorStore rag = Postgres.at(url()).schema("rag").callOptions(Reading.ONCE).open()) {
      assertThat(rag.collections())
          .containsExactlyInAnyOrder("docs", "a.b", "shadowed", "größe \"x\"", "authors");
      assertThat(rag.collection("docs").count()).isEqualTo(3);
      assertThat(rag.collection("rag.docs").count()).isEqualTo(3);
      assertThat(rag.collection("public.my docs").count()).as("others are opened").isEqualTo(3);
    }
    try (VectorStore own = Postgres.at(url()).schema("public").callOptions(Reading.ONCE).open()) {
      assertThat(own.collections()).contains("my docs").noneMatch(OTHERS::contains);
    }
  }
}
