package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Writes that the server refuses within our functions, over both transports. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedWritesTest {
  private ExistingSupabaseStore server;
  private VectorStore rest;
  private VectorStore direct;

  @BeforeAll
  void start() {
    server = ExistingSupabaseStore.create(3);
    server.sql(Supabase.sql());
    server.sql(
        """
        create table noted (id bigint primary key, state text, body text);
        create index on noted (body);
        grant all on noted to service_role;
        create function raise_state() returns trigger language plpgsql as $$
        begin
          case new.state
            when 'schema' then perform no_such_schema.f();
            when 'type' then perform 'x'::no_such_type;
            when 'function' then perform no_such_function();
            when null then null;
            else
              if length(new.state) = 5 then
                raise exception using errcode = new.state, message = 'a secret of a row';
              end if;
          end case;
          return new;
        end
        $$;
        create trigger raise_state before insert on noted for each row execute function raise_state();
        """);
    server.postgrest().restart();
    rest = Reading.open(server);
    direct = Reading.openDirect(server);
    direct.unwrap(SupabaseTables.class).adopt(TableAdoption.of("noted").build());
  }

  @AfterAll
  void stop() {
    rest.close();
    direct.close();
    server.close();
  }

  private static void write(VectorStore store, Map<String, ?> payload) {
    VectorCollection noted = store.collection("noted");
    noted.upsert(VectorRecord.of(RecordId.of(1), Payload.of(payload)));
  }

  @ParameterizedTest
  @CsvSource({
    "25006, UnsupportedFeature, connect to the primary",
    "54000, InvalidRequest, shorten it",
    "54001, InvalidRequest, shorten it",
    "22003, InvalidRequest, doesn't fit",
    "23514, InvalidRequest, trigger or constraint",
    "44000, InvalidRequest, constraint or trigger",
    "P0001, InvalidRequest, trigger or constraint",
    "schema, UnsupportedFeature, lacks a schema",
    "type, UnsupportedFeature, lacks a schema",
    "function, UnsupportedFeature, a trigger of its table",
    "42703, Conflict, adopt an adopted table again",
    "42P01, NotFound, a trigger of its table",
    "40P01, Unavailable, nothing was written",
    "55P03, Unavailable, nothing was written",
    "53300, Throttled, no connection left",
    "53100, Unavailable, nothing was written",
    "57014, Unavailable, nothing was written",
    "0A000, UnsupportedFeature, with the table",
    "XX000, OutcomeUnknown, failed during the write",
    "58030, OutcomeUnknown, failed during the write",
  })
  void aStateMeansTheSameOverBothTransports(String state, String type, String says) {
    for (VectorStore store : List.of(rest, direct)) {
      VectorStoreException error =
          catchThrowableOfType(
              VectorStoreException.class, () -> write(store, Map.of("state", state)));
      assertThat(error.getClass().getSimpleName()).as("%s: %s", store, error).isEqualTo(type);
      assertThat(error).hasMessageContaining(says).hasMessageNotContaining("secret");
    }
  }

  @Test
  void aServerThatIsOnlyReadSendsToThePrimary() {
    server.sql(
        "alter database " + server.database().name() + " set default_transaction_read_only = on");
    try (VectorStore reading = Reading.openDirect(server)) {
      assertThatThrownBy(() -> write(reading, Map.of("state", "")))
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessageContaining("connect to the primary");
    } finally {
      server.sql(
          "set default_transaction_read_only = off; alter database "
              + server.database().name()
              + " reset default_transaction_read_only");
    }
  }

  @Test
  void aValueThatIsTooLongForAnIndexIsABadRequest() {
    StringBuilder random = new StringBuilder();
    new Random(1).ints(20_000, '!', '~').forEach(c -> random.append((char) c));
    for (VectorStore store : List.of(rest, direct)) {
      assertThatThrownBy(() -> write(store, Map.of("state", "", "body", random.toString())))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("54000")
          .hasMessageContaining("an index of the table");
    }
  }
}
