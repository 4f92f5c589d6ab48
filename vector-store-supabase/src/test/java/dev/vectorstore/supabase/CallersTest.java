package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.testservers.PostgresDatabase;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What whoever may call our functions, or owns a table, can't reach by them; and upgrades. */
@RequiresEngine(TestEngine.SUPABASE)
class CallersTest {
  /** The owner of an adopted table changes the type of its key to one of theirs, with a cast. */
  @ParameterizedTest
  @EnumSource
  void typesOfATableAreNotTheServersBusiness(Installation installation) {
    PostgresDatabase database = installation.prepare();
    installation.install(database, "service_role, app_owner");
    database.sql("create schema app authorization app_owner; grant usage on schema app to public");
    database.sqlAs(
        "app_owner",
        """
        create table app.docs (id bigint primary key, content text);
        """
            + FunctionCalls.adopt("docs\", \"schema\": \"app")
            + FunctionCalls.call(
                "untermed", "{\"collection\": \"app.docs\", \"limit\": 9, \"termsVersion\": 0}")
            + """
        create table app.ran (by text);
        create type app.k as (x int);
        create function app.evil(app.k) returns bigint language plpgsql as $$
          begin insert into app.ran values (current_user); return ($1).x; end $$;
        create cast (app.k as bigint) with function app.evil(app.k);
        alter table app.docs rename column id to old;
        alter table app.docs add column id app.k;
        alter table app.docs drop constraint docs_pkey;
        alter table app.docs alter column old drop not null;
        insert into app.docs (id, content) values (row(7), 'x');
        """);
    assertThat(database.sql("select distinct by from app.ran")).containsExactly("app_owner");
  }

  @ParameterizedTest
  @EnumSource
  void whoCallsTheFunctionsCantHangTheirTriggersElsewhereNorForgeAnAdoption(
      Installation installation) {
    PostgresDatabase database = installation.installed();
    assertThatThrownBy(
            () ->
                database.sqlAs(
                    "service_role",
                    """
                    create temp table p (id bytea, terms text[]);
                    create trigger x after insert on p referencing new table as fresh
                      for each statement execute function vector_store.posted('1');
                    """))
        .hasMessageContaining("permission denied for function");
    assertThatThrownBy(
            () ->
                database.sqlAs(
                    "service_role",
                    """
                    create temp table d (k bigint primary key, content text);
                    create index "1_vector_store_id" on d (content);
                    select vector_store.registered('d'::regclass, '{"collection": "forged"}', '{}');
                    """))
        .hasMessageContaining("only the owner of a table can adopt it");
    database.sqlAs(
        installation.installer(),
        "create table docs (id bigint primary key, content text); grant select, insert on docs to"
            + " service_role; revoke update on docs from service_role;"
            + FunctionCalls.adopt("docs"));
    assertThatThrownBy(
            () ->
                database.sqlAs(
                    "service_role",
                    "select vector_store.registered('docs', '{\"collection\": \"docs\", \"ranked\":"
                        + " [[\"content\"]]}', '{}')"))
        .hasMessageContaining("only the owner of a table can adopt it");
    assertThatThrownBy(
            () ->
                database.sqlAs(
                    "service_role",
                    FunctionCalls.call(
                        "untermed",
                        "{\"collection\": \"docs\", \"limit\": 9, \"termsVersion\": 2000000000}")))
        .hasMessageContaining("may not make the terms");
    database.sqlAs("service_role", "insert into docs values (1, 'red')");
    String terms = database.sql("select 'w' || id from vector_store.catalog").get(0);
    database.sqlAs("service_role", "update vector_store." + terms + " set terms = '{}'");
    assertThat(
            database.sql(
                "select terms is null from vector_store."
                    + terms.replace('w', 'a')
                    + " where id <> ''"))
        .as("who may not change a row doesn't write its terms")
        .containsExactly("t");
  }

  /** With an empty search path, types of pg_temp come first. */
  @ParameterizedTest
  @EnumSource
  void typesThatACallerMakesForItsSessionAreNotUsed(Installation installation) {
    PostgresDatabase database = installation.prepare();
    installation.install(database, "service_role, app_owner");
    database.sql("create schema app authorization app_owner; grant usage on schema app to public");
    database.sqlAs(
        "app_owner",
        """
        create table app.docs (id text primary key, content text, n float8);
        create table app.ran (what text, by text);
        create function app.called(what pg_catalog.text) returns boolean language plpgsql as $$
          begin insert into app.ran values (what, current_user); return true; end $$;
        create function app.save(r pg_catalog.json) returns pg_catalog.json language sql security definer
          set search_path = '' as $$ select public.vector_store_write($1) $$;
        create function app.patch(r pg_catalog.json) returns pg_catalog.json language sql security definer
          set search_path = '' as $$ select public.vector_store_patch($1) $$;
        create function app.count(r pg_catalog.json) returns pg_catalog.json language sql security definer
          set search_path = '' as $$ select public.vector_store_count($1) $$;
        grant insert on app.ran to public;
        """
            + FunctionCalls.adopt("docs\", \"schema\": \"app"));
    for (String type : List.of("json", "jsonb", "text", "bytea", "date")) {
      database.sqlAs(
          "attacker",
          ("create function pg_temp.f(pg_catalog.TYPE) returns boolean language sql as $$ select"
                      + " app.called('TYPE') $$; create domain pg_temp.TYPE as pg_catalog.TYPE check"
                      + " (pg_temp.f(value));")
                  .replace("TYPE", type)
              + "select app.save('{\"operations\": [{\"collection\": \"app.docs\", \"upsert\": [{\"i\":"
              + " \"0261\", \"p\": {\"content\": \"x\", \"n\": 1}, \"t\": [\"1: x \"]}]}]}');"
              + "select app.patch('{\"collection\": \"app.docs\", \"ids\": [\"0261\"], \"set\": {\"n\": 2},"
              + " \"remove\": [], \"termFields\": [], \"terms\": []}');"
              + "select app.count('{\"collection\": \"app.docs\", \"filter\": [\"or\", [\"part\","
              + " [\"content\"], \"x\", \"\", \"\"], [\"instant\", [\"content\"], \"GT\", \"5\"],"
              + " [\"number\", [\"n\"], \"GT\", 5], [\"in\", [\"n\"], [1, \"a\"]]]}');"
              + "select app.save('{\"operations\": [{\"collection\": \"app.docs\", \"where\": [\"eq\","
              + " [\"content\"], \"x\"]}]}');");
    }
    assertThat(database.sql("select what, by from app.ran where by <> 'attacker'")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void functionsOfTheUsersOwnStay(Installation installation) {
    PostgresDatabase database = installation.prepare();
    database.sqlAs(
        installation.installer(),
        "create function public.vector_store_mine() returns int language sql as 'select 1';"
            + " create function public.vector_store_search(text) returns int language sql as 'select"
            + " 2'");
    installation.install(database);
    installation.install(database);
    assertThat(database.sql("select vector_store_mine(), vector_store_search('x'::text)"))
        .containsExactly("1|2");
  }

  @ParameterizedTest
  @EnumSource
  void anInstallationOfBeforeIsUpgradedByItsInstaller(Installation installation) {
    PostgresDatabase database = installation.prepare();
    database.sqlAs(
        installation.installer(),
        ManagedServer.olderScript()
            + "; select vector_store_ensure('{\"name\": \"old\", \"vectors\": [], \"idKinds\":"
            + " [\"TEXT\"], \"fields\": [], \"labels\": {}, \"termsVersion\": 2}') is not null");
    installation.install(database);
    assertThat(
            database.sqlAs(
                "service_role", FunctionCalls.call("count", "{\"collection\": \"old\"}")))
        .containsExactly("0");
    assertThat(
            database.sql(
                "select distinct relowner::regrole from pg_class where relnamespace ="
                    + " 'vector_store'::regnamespace"))
        .containsExactly("vector_store_owner");
  }

  @ParameterizedTest
  @EnumSource
  void aRoleThatIsNoCallerAnyMoreHasNoRightsLeft(Installation installation) {
    PostgresDatabase database = installation.prepare();
    installation.install(database, "service_role, app_owner");
    database.sqlAs(
        installation.installer(),
        "create table kept (id bigint primary key, content text); grant all on kept to app_owner;"
            + FunctionCalls.adopt("kept"));
    installation.install(database, "service_role");
    assertThat(
            database.sql(
                "select c.relname from pg_class c where c.relnamespace = 'vector_store'::regnamespace"
                    + " and has_table_privilege('app_owner', c.oid, 'select') union all select"
                    + " p.proname from pg_proc p where p.pronamespace = 'vector_store'::regnamespace"
                    + " and p.proname not in ('id_of', 'quoted', 'mark', 'watched_table') and"
                    + " has_function_privilege('app_owner', p.oid, 'execute')"))
        .isEmpty();
  }
}
