package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.supabase.tables.IdHex;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several who write ranked texts at once. */
@RequiresEngine(TestEngine.SUPABASE)
class RankedWritersTest {
  private ManagedServer server;
  private VectorStore store;
  private VectorCollection collection;

  @BeforeEach
  void start() {
    server = ManagedServer.start();
    store = Postgres.at(server.database().url("postgres")).callOptions(Reading.ONCE).open();
    collection =
        store.ensureCollection(
            CollectionSpec.builder("written").field("text", FieldType.TEXT).build());
  }

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  private static VectorRecord record(int id, String text) {
    return VectorRecord.of(RecordId.of(id), Payload.of(Map.of("text", text)));
  }

  /** There is nothing that the two have in common: no count of texts, no length of all. */
  @Test
  void aWriterWaitsForNoneOfOtherIds() throws SQLException {
    collection.upsert(List.of(record(1, "fox"), record(2, "fox fox")));
    try (Connection other = DriverManager.getConnection(server.database().jdbcUrl())) {
      other.setAutoCommit(false);
      write(other, 1, "a fox and a cat");
      write(other, 3, "a fox");
      collection.upsert(record(2, "fox"), record(4, "fox fox fox"));
      collection.delete(List.of(RecordId.of(2)));
      assertThat(collection.search(SearchRequest.text("fox")))
          .extracting(hit -> hit.id())
          .containsExactly(RecordId.of(4), RecordId.of(1));
      other.commit();
    }
    assertThat(collection.search(SearchRequest.text("fox")))
        .extracting(hit -> hit.id())
        .containsExactly(RecordId.of(4), RecordId.of(3), RecordId.of(1));
  }

  private void write(Connection other, int id, String text) throws SQLException {
    String request =
        "{\"operations\": [{\"collection\": \"written\", \"token\": \""
            + server
                .database()
                .sql("select vector_store.token(c) from vector_store.collection c")
                .get(0)
            + "\", \"upsert\": [{\"i\": \""
            + IdHex.of(RecordId.of(id))
            + "\", \"p\": {}, \"t\": [\"0: "
            + text
            + " \"]}]}]}";
    try (PreparedStatement statement =
        other.prepareStatement("select vector_store_write(?::json)")) {
      statement.setString(1, request);
      statement.execute();
    }
  }

  /** One attempt each: a deadlock would be an error. */
  @Test
  void batchesOfTheSameIdsInAnyOrderLeaveWhatTheTermsSay() throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(4);
    List<Future<?>> running = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      Random random = new Random(writer);
      running.add(writers.submit(() -> write(random)));
    }
    for (Future<?> each : running) {
      each.get();
    }
    writers.shutdown();
    server.database().sql("create table before as select * from vector_store.r1");
    server.database().sql("update vector_store.c1 set terms = null");
    server
        .database()
        .sql(
            "update vector_store.c1 set terms = array['0: ' || (payload ->> 'text') || ' ']"
                + " where payload ? 'text'");
    String sum =
        "select count(*), sum(lengths[1]), sum((select sum(f * (h % 1000003)) from unnest(hashes, frequencies) u(h, f)))";
    assertThat(server.database().sql(sum + " from vector_store.r1"))
        .as("the postings made anew are those that were there")
        .isEqualTo(server.database().sql(sum + " from before"));
    assertThat(server.database().sql("select count(*) from vector_store.r1"))
        .isEqualTo(server.database().sql("select count(*) from vector_store.c1"));
  }

  private void write(Random random) {
    for (int count = 0; count < 25; count++) {
      int turn = count;
      List<Integer> ids = new ArrayList<>(IntStream.range(0, 60).boxed().toList());
      Collections.shuffle(ids, random);
      List<Integer> some = ids.subList(0, 30);
      switch (random.nextInt(4)) {
        case 0 -> collection.delete(some.stream().map(RecordId::of).toList());
        case 1 ->
            collection.patchPayload(
                some.stream().map(RecordId::of).toList(),
                Payload.of(Map.of("text", "fox of " + turn)),
                List.of());
        default ->
            collection.upsert(
                some.stream().map(id -> record(id, "fox ".repeat(1 + id % 3) + turn)).toList());
      }
    }
  }
}
