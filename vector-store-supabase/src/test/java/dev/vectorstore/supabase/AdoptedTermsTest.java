package dev.vectorstore.supabase;

import static dev.vectorstore.Filter.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The terms of adopted texts: made on demand, kept by our writes, unknown after those of others.
 */
@RequiresEngine(TestEngine.SUPABASE)
class AdoptedTermsTest extends TablesToAdopt {
  @Test
  void termsAreThereOnceTheyAreMadeAndUntilSomebodyElseWrites() {
    server.sql("create table texts (id bigint primary key, content text, n int, e vector(3))");
    server.sql("insert into texts select n, 'a red fox ' || n, n from generate_series(1, 1200) n");
    tables.adopt(TableAdoption.of("texts").build());
    Filter fox = field("content").matchesText("fox red");
    assertThat(store.describe("texts").capabilities()).doesNotContain(Capability.TERMS);
    assertThatThrownBy(() -> store.collection("texts").count(fox))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("makeTerms");

    assertThatThrownBy(() -> tables.makeTerms("texts", Duration.ofMillis(1)))
        .isInstanceOf(dev.vectorstore.VectorStoreException.Unavailable.class);
    tables.makeTerms("texts", Duration.ofMinutes(2));
    VectorCollection texts = store.collection("texts");
    assertThat(texts.capabilities()).contains(Capability.TERMS, Capability.PHRASE);
    assertThat(texts.count(fox)).isEqualTo(1_200);
    assertThat(texts.count(field("content").matchesPhrase("fox 77"))).isEqualTo(1);

    texts.upsert(
        List.of(VectorRecord.of(RecordId.of(1), AdoptionTest.payload("content", "a cat"))));
    texts.patchPayload(
        List.of(RecordId.of(2)), AdoptionTest.payload("content", "a dog"), List.of());
    texts.patchPayload(List.of(RecordId.of(3)), AdoptionTest.payload("n", 0), List.of());
    texts.delete(List.of(RecordId.of(4)));
    server.sql("delete from texts where id = 5; update texts set n = 1 where id = 6");
    assertThat(store.collection("texts").count(fox)).isEqualTo(1_196);
    assertThat(store.collection("texts").count(field("content").matchesText("dog"))).isEqualTo(1);

    server.sql("update texts set content = 'a wolf' where id = 7");
    assertThatThrownBy(() -> texts.count(fox))
        .as("their own words are no longer known")
        .isInstanceOf(UnsupportedFeature.class);
    assertThat(store.describe("texts").capabilities()).doesNotContain(Capability.TERMS);
    tables.makeTerms("texts", Duration.ofMinutes(2));
    assertThat(store.collection("texts").count(field("content").matchesText("wolf"))).isEqualTo(1);
    tables.release("texts");
    server.sql("insert into texts values (9999, 'after'); drop table texts");
  }

  @Test
  void aTextFieldOfAnEmptyTableHasItsTermsFromTheStart() {
    server.sql("create table free (id bigint primary key, metadata jsonb, e vector(3))");
    tables.adopt(TableAdoption.of("free").build());
    VectorCollection free =
        store.ensureCollection(
            store.describe("free").spec().toBuilder()
                .field(FieldPath.of("metadata", "body"), FieldType.TERMS)
                .build());
    assertThat(free.capabilities()).contains(Capability.TERMS);
    free.upsert(VectorRecord.of(RecordId.of(1), metadata(Map.of("body", "a red fox"))));
    Filter fox = field("metadata", "body").matchesText("fox");
    assertThat(free.count(fox)).isEqualTo(1);
    server.sql("insert into free values (2, '{\"body\": \"a fox of others\"}')");
    assertThatThrownBy(() -> free.count(fox)).isInstanceOf(UnsupportedFeature.class);
    tables.makeTerms("free", Duration.ofMinutes(1));
    assertThat(store.collection("free").count(fox)).isEqualTo(2);
    tables.release("free");
    server.sql("drop table free");
  }

  private static Payload metadata(Map<String, Object> metadata) {
    return AdoptionTest.payload("metadata", metadata);
  }

  @Test
  void aTextColumnThatIsAddedHasNoTermsUntilTheyAreMade() {
    server.sql("create table grows (id bigint primary key, content text)");
    server.sql("insert into grows values (1, 'a fox')");
    tables.adopt(TableAdoption.of("grows").build());
    tables.makeTerms("grows", Duration.ofMinutes(1));
    VectorCollection before = store.collection("grows");
    assertThat(before.count(field("content").matchesText("fox"))).isEqualTo(1);
    server.sql("alter table grows add column summary text default 'a red fox'");
    tables.adopt(TableAdoption.of("grows").build());
    Filter red = field("summary").matchesText("red");
    assertThatThrownBy(() -> store.collection("grows").count(red))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("makeTerms");
    assertThatThrownBy(before::count)
        .as("a collection that was read before the column was there")
        .isInstanceOf(Conflict.class);
    tables.makeTerms("grows", Duration.ofMinutes(1));
    assertThat(store.collection("grows").count(red)).isEqualTo(1);
    tables.release("grows");
    server.sql("drop table grows");
  }

  private VectorCollection made(String name, String table) {
    server.sql("create table " + name + " " + table);
    tables.adopt(TableAdoption.of(name).build());
    tables.makeTerms(name, Duration.ofMinutes(1));
    return store.collection(name);
  }

  /** What is found is what is stored, or it is said that some terms are still to be made. */
  private void finds(VectorCollection rows, String word) {
    Filter filter = field("content").matchesText(word);
    long stored = Reading.all(rows).records().stream().filter(filter::test).count();
    VectorCollection now = store.collection(rows.name());
    if (now.capabilities().contains(Capability.TERMS)) {
      assertThat(now.count(filter)).as(word).isEqualTo(stored);
    } else {
      assertThatThrownBy(() -> now.count(filter)).isInstanceOf(UnsupportedFeature.class);
      store.unwrap(SupabaseTables.class).makeTerms(rows.name(), Duration.ofMinutes(1));
      assertThat(store.collection(rows.name()).count(filter)).as(word).isEqualTo(stored);
    }
  }

  @Test
  void termsAreThoseOfTheTextThatADefaultMakes() {
    VectorCollection rows =
        made("by_default", "(id bigint primary key, content text default 'unknown author', n int)");
    rows.upsert(VectorRecord.of(RecordId.of(1), AdoptionTest.payload("n", 1)));
    finds(rows, "unknown");
    finds(rows, "author");
    tables.release("by_default");
    server.sql("drop table by_default");
  }

  @Test
  void termsAreThoseOfTheTextThatATriggerMakes() {
    VectorCollection rows =
        made(
            "by_trigger",
            "(id bigint primary key, content text, n int); create function noted() returns trigger"
                + " language plpgsql as $$ begin new.content := new.content || ' normalized';"
                + " return new; end $$; create trigger noted before insert or update on by_trigger"
                + " for each row execute function noted()");
    rows.upsert(VectorRecord.of(RecordId.of(1), AdoptionTest.payload("content", "hello world")));
    finds(rows, "hello");
    finds(rows, "normalized");
    rows.patchPayload(
        List.of(RecordId.of(1)), AdoptionTest.payload("content", "other text"), List.of());
    finds(rows, "normalized");
    finds(rows, "other");
    rows.patchPayload(List.of(RecordId.of(1)), AdoptionTest.payload("n", 5), List.of());
    finds(rows, "normalized");
    tables.release("by_trigger");
    server.sql("drop table by_trigger; drop function noted()");
  }

  @Test
  void termsFollowWhatATriggerDoesToOtherRows() {
    VectorCollection rows =
        made(
            "of_others",
            "(id bigint primary key, content text, n int); create function latest() returns trigger"
                + " language plpgsql as $$ begin if new.id <> 0 then update of_others set content ="
                + " 'latest ' || new.content where id = 0; end if; return null; end $$; create"
                + " trigger latest after insert on of_others for each row execute function"
                + " latest(); insert into of_others values (0, 'nothing yet', 0)");
    rows.upsert(VectorRecord.of(RecordId.of(1), AdoptionTest.payload("content", "breaking news")));
    finds(rows, "nothing");
    finds(rows, "latest");
    finds(rows, "breaking");
    rows.delete(List.of(RecordId.of(0)));
    finds(rows, "breaking");
    tables.release("of_others");
    server.sql("drop table of_others; drop function latest()");
  }

  @Test
  void termsAreThoseOfAGeneratedColumn() {
    VectorCollection rows =
        made(
            "generated",
            "(id bigint primary key, title text, content text generated always as (upper(title))"
                + " stored, n int)");
    rows.upsert(VectorRecord.of(RecordId.of(1), AdoptionTest.payload("title", "generated words")));
    finds(rows, "generated");
    rows.patchPayload(
        List.of(RecordId.of(1)), AdoptionTest.payload("title", "changed words"), List.of());
    finds(rows, "generated");
    finds(rows, "changed");
    tables.release("generated");
    server.sql("drop table generated");
  }

  @Test
  void termsOfAPartitionedTableFollowWhoeverWritesToAPartition() {
    VectorCollection rows =
        made(
            "parts",
            "(id bigint primary key, content text) partition by range (id); create table parts_1"
                + " partition of parts for values from (0) to (100); create table parts_2 partition"
                + " of parts for values from (100) to (200)");
    rows.upsert(VectorRecord.of(RecordId.of(1), AdoptionTest.payload("content", "ours")));
    finds(rows, "ours");
    server.sql(
        "insert into parts_2 values (150, 'theirs'); update parts_1 set content = 'changed'");
    finds(rows, "ours");
    finds(rows, "theirs");
    tables.release("parts");
    server.sql("drop table parts");
  }

  @Test
  void termsFollowAKeyThatATriggerMakes() {
    server.sql(
        "create table lowered (id text primary key, content text); create function lowered()"
            + " returns trigger language plpgsql as $$ begin new.id := lower(new.id); return new; end"
            + " $$; create trigger lowered before insert on lowered for each row execute function"
            + " lowered()");
    tables.adopt(TableAdoption.of("lowered").build());
    VectorCollection rows = store.collection("lowered");
    rows.upsert(VectorRecord.of(RecordId.of("ABC"), AdoptionTest.payload("content", "a fox")));
    finds(rows, "fox");
    tables.release("lowered");
    server.sql("drop table lowered; drop function lowered()");
  }

  @Test
  void termsFollowAColumnOfAnyType() {
    made(
        "typed",
        "(id bigint primary key, content text); create domain words as text; create type mood as"
            + " enum ('glad', 'sad'); alter table typed add column d words, add column m mood");
    tables.adopt(TableAdoption.of("typed").build());
    store.ensureCollection(
        store.describe("typed").spec().toBuilder()
            .field("d", FieldType.TERMS)
            .field("m", FieldType.TERMS)
            .build());
    VectorCollection rows = store.collection("typed");
    rows.upsert(
        VectorRecord.of(RecordId.of(1), AdoptionTest.payload("d", "old words", "m", "glad")));
    server.sql("update typed set d = 'new words', m = 'sad'");
    for (String field : List.of("d", "m")) {
      for (String word : List.of("old", "new", "glad", "sad")) {
        Filter filter = field(field).matchesText(word);
        VectorCollection now = store.collection("typed");
        if (!now.capabilities().contains(Capability.TERMS)) {
          store.unwrap(SupabaseTables.class).makeTerms("typed", Duration.ofMinutes(1));
        }
        long stored = Reading.all(now).records().stream().filter(filter::test).count();
        assertThat(store.collection("typed").count(filter)).as(word).isEqualTo(stored);
      }
    }
    tables.release("typed");
    server.sql("drop table typed; drop domain words; drop type mood");
  }

  @Test
  void termsAreUnknownOncePartitionsCameOrTriggersAreOff() {
    VectorCollection rows =
        made(
            "grown",
            "(id bigint primary key, content text) partition by range (id); create table grown_1"
                + " partition of grown for values from (0) to (100)");
    rows.upsert(VectorRecord.of(RecordId.of(1), AdoptionTest.payload("content", "ours")));
    assertThat(store.collection("grown").capabilities()).contains(Capability.TERMS);
    server.sql(
        "create table grown_2 (like grown including all); insert into grown_2 values (150, 'theirs');"
            + " alter table grown attach partition grown_2 for values from (100) to (200)");
    finds(rows, "theirs");
    server.sql("alter table grown disable trigger vector_store_added");
    assertThat(store.collection("grown").capabilities()).doesNotContain(Capability.TERMS);
    server.sql("alter table grown enable trigger vector_store_added");
    tables.release("grown");
    server.sql("drop table grown");
  }

  @Test
  void aKeyThatFindsOtherLettersEqualIsRefused() {
    server.sql(
        "create collation sees_no_case (provider = icu, locale = 'und-u-ks-level2', deterministic ="
            + " false); create table by_letters (id text collate sees_no_case primary key, content"
            + " text)");
    assertThatThrownBy(() -> tables.adopt(TableAdoption.of("by_letters").build()))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("collation");
    server.sql("drop table by_letters; drop collation sees_no_case");
  }

  /** A trigger of the table's that names what it needs as its owner does. */
  @Test
  void aTriggerFindsWhatItNamesOverEitherTransport() {
    server.sql(
        "create table counted (id bigint primary key, content text); create table counts (n int);"
            + " insert into counts values (0); grant all on counts to service_role; create function"
            + " bare() returns trigger language plpgsql as $$ begin update counts set n = n + 1;"
            + " return new; end $$; create trigger bare after insert on counted for each row execute"
            + " function bare()");
    tables.adopt(TableAdoption.of("counted").build());
    store
        .collection("counted")
        .upsert(VectorRecord.of(RecordId.of(1), AdoptionTest.payload("content", "a")));
    owner
        .collection("counted")
        .upsert(VectorRecord.of(RecordId.of(2), AdoptionTest.payload("content", "b")));
    assertThat(server.sql("select n from counts")).containsExactly("2");
    tables.release("counted");
    server.sql("drop table counted, counts; drop function bare()");
  }
}
