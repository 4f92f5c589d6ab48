package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CallOptions;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.JvmRun;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory that the client lacks is never told as a fault of the server. */
@RequiresEngine(TestEngine.SUPABASE)
class OutOfMemoryTest {
  /** What is run in a heap that can't hold the record; it works on afterwards. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      try (VectorStore store = Supabase.postgrest(arguments[0]).key(() -> arguments[1]).open()) {
        fetch("rest", store);
      }
      try (VectorStore store = Postgres.at(arguments[2]).open()) {
        fetch("direct", store);
      }
    }

    private static void fetch(String name, VectorStore store) {
      try {
        store.collection("huge").fetch(List.of(RecordId.of(1)), Projection.all());
        System.out.println(name + " was told nothing");
      } catch (OutOfMemoryError own) {
        System.out.println(name + " was told of memory");
      } catch (VectorStoreException told) {
        System.out.println(name + " was told " + told);
      }
      int small = store.collection("huge").fetch(List.of(RecordId.of(2)), Projection.all()).size();
      System.out.println(name + " goes on with " + small);
    }
  }

  @Test
  void theClientsOwnOutOfMemoryErrorIsThrownAsItIs() {
    try (ExistingSupabaseStore server = ExistingSupabaseStore.create(3)) {
      server.sql(
          "create table huge (id int primary key, body text, embedding vector(3));"
              + " insert into huge values (1, repeat('x', 100000000), '[1,2,3]'),"
              + " (2, 'small', '[1,2,3]'); grant select on huge to service_role");
      server.postgrest().reloadSchema();
      JvmRun run =
          JvmRun.of(
              List.of("-Xmx64m"),
              Program.class,
              Reading.address(server),
              server.serviceKey(),
              server.database().url("postgres"));
      assertThat(run.output())
          .contains(
              "rest was told of memory",
              "rest goes on with 1",
              "direct was told of memory",
              "direct goes on with 1");
    }
  }

  /** As they do when one of them runs out of memory, and nobody is told by the JDK's client. */
  @Test
  void aClientWhoseThreadsEndedIsMadeAnew() throws InterruptedException {
    try (ExistingSupabaseStore server = ExistingSupabaseStore.create(3);
        VectorStore store =
            Supabase.postgrest(Reading.address(server)).key(server::serviceKey).open()) {
      server.sql(
          "create table small (id int primary key, embedding vector(3));"
              + " insert into small values (1, '[1,2,3]'); grant select on small to service_role");
      server.postgrest().reloadSchema();
      VectorCollection small = store.collection("small");
      assertThat(small.count()).isEqualTo(1);
      List<Thread> selectors =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().endsWith("SelectorManager"))
              .filter(thread -> thread.getThreadGroup().getName().equals("vector-store-supabase"))
              .toList();
      assertThat(selectors).isNotEmpty();
      for (Thread selector : selectors) {
        selector.interrupt();
        selector.join(10_000);
        assertThat(selector.isAlive()).isFalse();
      }
      CallOptions once = CallOptions.builder().retry(RetryPolicy.none()).build();
      assertThat(small.with(once).count()).isEqualTo(1);
    }
  }
}
