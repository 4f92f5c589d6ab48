package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A database whose texts are in a language's order: filters mean code points all the same. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CollationTest {
  private static final String DATABASE = "in_english";
  private static final List<String> WORDS =
      List.of(
          "", "10", "9", "B", "Z", "a", "ab", "co-op", "coop", "z", "É", "é", "ı", "\uffff", "🚀");

  private ManagedServer server;
  private VectorStore store;

  @BeforeAll
  void makeTheDatabase() {
    server = ManagedServer.start();
    String name = server.database().name();
    String address = server.database().url("postgres");
    server
        .database()
        .sql(
            "create database in_english template template0 encoding 'UTF8' locale 'C.UTF-8'"
                + " locale_provider icu icu_locale 'en-US';\n"
                + "\\connect in_english\n"
                + ManagedServer.ROLES
                + Supabase.sql()
                + "create table words (id bigint primary key, v vector(2), word text);");
    store =
        Postgres.at(address.substring(0, address.length() - name.length()) + DATABASE)
            .callOptions(Reading.ONCE)
            .open();
  }

  @AfterAll
  void dropTheDatabase() {
    store.close();
    server.database().sql("drop database in_english");
    server.close();
  }

  @Test
  void theDatabaseOrdersOtherwise() {
    assertThat(
            server
                .database()
                .sql("\\connect in_english\nselect 'B' < 'a', U&'\\FFFF' < U&'\\+01F680'"))
        .containsExactly("f|f");
  }

  @Test
  void textsOfACollectionCompareByCodePoint() {
    VectorCollection collection =
        store.ensureCollection(CollectionSpec.builder("managed").vectors(2, Metric.COSINE).build());
    List<VectorRecord> records = new ArrayList<>();
    for (String word : WORDS) {
      records.add(VectorRecord.of(RecordId.of(records.size()), Payload.of(Map.of("word", word))));
    }
    collection.upsert(records);
    agrees(collection, records);
  }

  @Test
  void textsOfATableCompareByCodePoint() {
    StringBuilder insert = new StringBuilder("\\connect in_english\n");
    for (int i = 0; i < WORDS.size(); i++) {
      insert.append(
          "insert into words values (%d, '[1,%d]', '%s');\n".formatted(i, i, WORDS.get(i)));
    }
    server.database().sql(insert.toString());
    VectorCollection table = store.collection("words");
    agrees(table, Reading.all(table).records());
  }

  private static void agrees(VectorCollection collection, List<VectorRecord> records) {
    FieldPath word = FieldPath.of("word");
    assertThat(records).hasSize(WORDS.size());
    for (String bound : WORDS) {
      List<Filter> filters = new ArrayList<>(List.of(word.gt(bound), word.lte(bound)));
      if (!bound.isEmpty()) {
        filters.addAll(List.of(word.contains(bound), word.containsText(bound)));
      }
      for (Filter filter : filters) {
        assertThat(Reading.all(collection, ScanRequest.all().filter(filter)).ids())
            .as("%s", filter)
            .containsExactlyInAnyOrderElementsOf(
                records.stream().filter(filter::test).map(r -> r.id().toString()).toList());
      }
    }
  }
}
