package dev.vectorstore.supabase;

import static dev.vectorstore.Filter.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.TextTerms;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Collections whose terms were made by other rules than ours (T-10). */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TermsVersionTest {
  private static final Filter WORD = field("content").matchesText("搜索");

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

  @Test
  void theVersionIsKeptInTheCatalog() {
    store.ensureCollection(spec("kept"));
    assertThat(version("kept")).isEqualTo(TextTerms.version());
    store.drop("kept");
  }

  @Test
  void termsOfBeforeAreMissingUntilTheyAreMadeAnew() {
    makeOld("managed");
    VectorCollection old = store.collection("managed");
    assertThat(old.capabilities()).doesNotContain(Capability.TERMS, Capability.PHRASE);
    assertThatThrownBy(() -> old.count(WORD))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("makeTerms");
    assertThat(old.count(field("n").eq(1))).isEqualTo(1);
    old.upsert(record(3, "向量搜索 of the time between"));

    VectorCollection anew = store.ensureCollection(spec("managed"));
    assertThat(version("managed")).isEqualTo(TextTerms.version());
    assertThat(anew.capabilities()).contains(Capability.TERMS, Capability.PHRASE);
    assertThat(anew.count(WORD)).isEqualTo(2);
    assertThat(anew.count(field("content").matchesPhrase("量搜索"))).isEqualTo(2);
    assertThatThrownBy(() -> old.upsert(record(4, "by a handle of before")))
        .isInstanceOf(Conflict.class);
    store.drop("managed");
  }

  @Test
  void theyAreMadeAnewByMakeTermsToo() {
    makeOld("made");
    store.unwrap(SupabaseTables.class).makeTerms("made", Duration.ofMinutes(1));
    assertThat(store.collection("made").count(WORD)).isEqualTo(1);
    store.drop("made");
  }

  @Test
  void anAdoptedTableGetsItsTermsAnew() {
    server.database().sql("create table pages (id bigint primary key, content text, n int)");
    server.database().sql("insert into pages values (1, '向量搜索', 1), (2, 'other text', 2)");
    VectorStore owner = Reading.openAsOwner(server.database());
    SupabaseTables tables = owner.unwrap(SupabaseTables.class);
    tables.adopt(TableAdoption.of("pages").build());
    VectorCollection before = store.collection("pages");
    tables.makeTerms("pages", Duration.ofMinutes(1));
    assertThat(version("pages")).isEqualTo(TextTerms.version());
    assertThat(before.count(field("n").eq(1))).as("nothing changed for it").isEqualTo(1);

    outdate("pages");
    String beside =
        server
            .database()
            .sql("select 'a' || id from vector_store.catalog where name = 'pages'")
            .get(0);
    server
        .database()
        .sql("update vector_store." + beside + " set terms = array['0: 向量搜索 '] where id <> ''");
    assertThat(store.collection("pages").capabilities()).doesNotContain(Capability.TERMS);
    tables.makeTerms("pages", Duration.ofMinutes(1));
    assertThat(store.collection("pages").count(WORD)).isEqualTo(1);
    tables.release("pages");
    owner.close();
  }

  @Test
  void termsOfANewerVersionAreLeftAlone() {
    store.ensureCollection(spec("newer"));
    set("newer", TextTerms.version() + 1);
    assertThatThrownBy(() -> store.collection("newer").count())
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("update this one");
    assertThatThrownBy(() -> store.ensureCollection(spec("newer"))).isInstanceOf(Conflict.class);
    store.drop("newer");
  }

  /** As the version before left it: its terms, without a version. */
  private void makeOld(String name) {
    VectorCollection collection = store.ensureCollection(spec(name));
    collection.upsert(record(1, "向量搜索"));
    collection.upsert(record(2, "other text"));
    server
        .database()
        .sql(
            "select format('update %s set terms = array[''0: 向量搜索 ''] where payload ->> ''n'' ="
                + " ''1''', relation) from vector_store.catalog where name = '"
                + name
                + "' \\gexec");
    outdate(name);
  }

  private void outdate(String name) {
    set(name, 1);
  }

  private void set(String name, int version) {
    server
        .database()
        .sql(
            "update vector_store.catalog set terms_version = "
                + version
                + " where name = '"
                + name
                + "'");
  }

  private int version(String name) {
    return Integer.parseInt(
        server
            .database()
            .sql("select terms_version from vector_store.catalog where name = '" + name + "'")
            .get(0));
  }

  private static CollectionSpec spec(String name) {
    return CollectionSpec.builder(name)
        .field("content", FieldType.TERMS)
        .field("n", FieldType.NUMBER)
        .build();
  }

  private static VectorRecord record(long n, String text) {
    return VectorRecord.of(RecordId.of(n), Payload.of(Map.of("content", text, "n", n)));
  }
}
