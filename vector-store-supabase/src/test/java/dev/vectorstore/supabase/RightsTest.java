package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.testservers.PostgresDatabase;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What others can do by our functions: what they could do without them, and nothing else. */
@RequiresEngine(TestEngine.SUPABASE)
class RightsTest {
  @ParameterizedTest
  @EnumSource
  void theOwnerOfTheFunctionsCanDoNothingElse(Installation installation) {
    PostgresDatabase database = installation.installed();
    assertThat(
            database.sql(
                "select rolsuper or rolcanlogin or rolcreaterole or rolcreatedb or rolbypassrls or"
                    + " rolreplication from pg_roles where rolname = 'vector_store_owner'"))
        .containsExactly("f");
    assertThat(
            database.sql(
                "select count(*) from pg_proc where prosecdef and proowner <>"
                    + " 'vector_store_owner'::regrole and (proname like 'vector\\_store%' or"
                    + " pronamespace = 'vector_store'::regnamespace)"))
        .as("functions that run with the rights of anybody else")
        .containsExactly("0");
    assertThat(
            database.sql(
                "select n.nspname from pg_namespace n where n.nspowner ="
                    + " 'vector_store_owner'::regrole"))
        .containsExactly("vector_store");
  }

  @ParameterizedTest
  @EnumSource
  void everyNameInAFunctionIsParsedOrLookedUpInTheCatalogAlone(Installation installation) {
    PostgresDatabase database = installation.installed();
    assertThat(
            database.sql(
                """
                select p.oid::regprocedure from pg_proc p join pg_language l on l.oid = p.prolang
                where (p.pronamespace = 'vector_store'::regnamespace or p.proname like 'vector\\_store\\_%')
                  and case l.lanname when 'sql' then p.prosqlbody is null
                    else not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false) end
                order by 1
                """))
        .as("functions whose names are looked up in the caller's path, each with schemas in it")
        .map(name -> name.replaceAll("\\(.*|^[a-z_]+\\.", ""))
        .containsExactlyInAnyOrder(
            "micros",
            "instant_holds",
            "has_part",
            "is_given_back",
            "number_value",
            "floats_value",
            "seen",
            "seen_within",
            "value_compares",
            "json_value",
            "upsert_adopted",
            "write_adopted",
            "patch_adopted",
            "vector_store_write",
            "vector_store_terms");
    assertThat(
            database.sql(
                """
                select p.oid::regprocedure || ' by ' || r.rolname
                from pg_proc p cross join pg_roles r
                where (p.pronamespace = 'vector_store'::regnamespace or p.proname like 'vector\\_store\\_%')
                  and r.rolname in ('anon', 'authenticated', 'attacker', 'app_owner')
                  and p.proname not in ('id_of', 'quoted', 'mark', 'watched_table') and has_function_privilege(r.oid, p.oid, 'execute')
                """))
        .isEmpty();
    assertThat(
            database.sql(
                "select r.rolname from pg_roles r where r.rolname in ('anon', 'attacker',"
                    + " 'service_role') and has_schema_privilege(r.oid, 'vector_store', 'create')"))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whoMayCallThemMayNotAdoptWhatItMayNotRead(Installation installation) {
    PostgresDatabase database = installation.installed();
    database.sqlAs(
        installation.installer(),
        "create schema private; create table private.secrets (id bigint primary key, password"
            + " text); insert into private.secrets values (1, 'hunter2'); create table hidden (id"
            + " bigint primary key, password text); insert into hidden values (1, 'topsecret');"
            + " revoke all on hidden from service_role");
    for (String table :
        List.of(
            "secrets\", \"schema\": \"private",
            "hidden",
            "pg_authid\", \"schema\": \"pg_catalog")) {
      assertThatThrownBy(() -> database.sqlAs("service_role", FunctionCalls.adopt(table)))
          .hasMessageContaining("vector_store: ");
    }
    assertThatThrownBy(
            () ->
                database.sqlAs(
                    "service_role", FunctionCalls.adopt("catalog\", \"schema\": \"vector_store")))
        .hasMessageContaining("no such table");
    // Adopted by its owner, it stays closed to whoever has no rights on it.
    database.sqlAs(installation.installer(), FunctionCalls.adopt("hidden"));
    for (String attempt :
        List.of(
            FunctionCalls.call(
                "scan",
                "{\"collection\": \"hidden\", \"limit\": 9, \"bytes\": 9, \"vectors\": []}"),
            FunctionCalls.call(
                "fetch",
                "{\"collection\": \"hidden\", \"ids\": [\"000000000000000001\"], \"vectors\": []}"),
            FunctionCalls.call("count", "{\"collection\": \"hidden\"}"),
            FunctionCalls.call(
                "patch",
                "{\"collection\": \"hidden\", \"ids\": [\"000000000000000001\"], \"set\": {}, \"remove\": [\"password\"], \"termFields\": [], \"terms\": []}"),
            FunctionCalls.call(
                "write", "{\"operations\": [{\"collection\": \"hidden\", \"all\": true}]}"),
            FunctionCalls.call(
                "untermed", "{\"collection\": \"hidden\", \"limit\": 9, \"termsVersion\": 0}"),
            "select vector_store.read_managed('scan', '{\"collection\": \"hidden\", \"limit\": 9}')",
            "select vector_store.write_managed('{\"collection\": \"hidden\", \"all\": true}')",
            "update vector_store.catalog set columns = '[]'",
            "select vector_store.forget('hidden'::regclass)",
            FunctionCalls.call("release", "{\"collection\": \"hidden\"}"))) {
      assertThatThrownBy(() -> database.sqlAs("service_role", attempt)).as(attempt).isNotNull();
    }
    assertThat(
            database.sql(
                "select password from hidden union all select password from private.secrets"))
        .containsExactly("topsecret", "hunter2");
  }

  @ParameterizedTest
  @EnumSource
  void theWordsOfATableAreForThoseWhoMayReadIt(Installation installation) {
    PostgresDatabase database = installation.installed();
    database.sqlAs(
        installation.installer(),
        "create table diary (id bigint primary key, content text); revoke all on diary from"
            + " service_role; "
            + FunctionCalls.adopt("diary")
            + FunctionCalls.call(
                "write",
                "{\"operations\": [{\"collection\": \"diary\", \"upsert\": [{\"i\":"
                    + " \"000000000000000001\", \"p\": {\"content\": \"dear\"}, \"t\": [\"1: dear \"]}]}]}"));
    String terms = database.sql("select 't' || id from vector_store.catalog").get(0);
    String words = "select terms from vector_store." + terms + " where id <> ''";
    assertThat(database.sqlAs(installation.installer(), words)).containsExactly("{\"1: dear \"}");
    assertThat(database.sqlAs("service_role", words)).isEmpty();
    assertThatThrownBy(
            () ->
                database.sqlAs(
                    "service_role",
                    "update vector_store."
                        + terms.replace('t', 'w')
                        + " set terms = null; select 1/(select count(*) from vector_store."
                        + terms
                        + ")"))
        .hasMessageContaining("division by zero");
    database.sql("grant select on diary to service_role");
    assertThat(database.sqlAs("service_role", words)).hasSize(1);
    database.sqlAs(
        "service_role", "update vector_store." + terms.replace('t', 'w') + " set terms = null");
    assertThat(database.sqlAs("service_role", words))
        .as("who may read only changes none")
        .containsExactly("{\"1: dear \"}");
  }

  @ParameterizedTest
  @EnumSource
  void aTriggerOfATableHasTheRightsOfWhoeverWrites(Installation installation) {
    PostgresDatabase database = installation.prepare();
    installation.install(database, "service_role, app_owner");
    database.sql("create schema app authorization app_owner; grant usage on schema app to public");
    database.sqlAs(
        "app_owner",
        """
        create table app.pages (id bigint primary key, content text, by text, path text);
        create function app.note() returns trigger language plpgsql as $$
          begin new.by := current_user; new.path := current_setting('search_path'); return new; end $$;
        create trigger note before insert or update on app.pages for each row execute function app.note();
        grant all on app.pages to service_role;
        """
            + FunctionCalls.adopt("pages\", \"schema\": \"app"));
    database.sqlAs(
        "service_role",
        "set search_path = app, public;"
            + FunctionCalls.call(
                "write",
                "{\"operations\": [{\"collection\": \"app.pages\", \"upsert\": [{\"i\":"
                    + " \"000000000000000001\", \"p\": {\"content\": \"x\"}, \"t\": [\"1: x \"]}]}]}"));
    assertThat(database.sql("select by, path from app.pages"))
        .as("who runs it, and with which search path")
        .containsExactly("service_role|app, public");
    database.sqlAs(
        "service_role",
        FunctionCalls.call(
            "patch",
            "{\"collection\": \"app.pages\", \"ids\": [\"000000000000000001\"], \"set\":"
                + " {\"content\": \"z\"}, \"remove\": [], \"termFields\": [\"1\"], \"terms\": [\"1: z \"]}"));
    assertThat(database.sql("select content, by from app.pages")).containsExactly("z|service_role");
  }

  /** Somebody who may create in public, where pgvector is and what callers have in their path. */
  @ParameterizedTest
  @EnumSource
  void nothingThatOthersCreateIsCalled(Installation installation) {
    PostgresDatabase database = installation.installed();
    database.sql(
        "grant create on schema public to attacker; create table called (what text, by text);"
            + " grant insert, select on called to public");
    int traps = Shadows.plant(database);
    assertThat(traps).isGreaterThan(500);
    database.sqlAs(
        installation.installer(),
        "create table pages (id bigint primary key, key text unique, content text default 'none', m"
            + " jsonb, n numeric, f real, v "
            + (installation == Installation.SUPABASE ? "extensions." : "public.")
            + "vector(2)); create table keyed (a text, b int, content text, primary key (a, b)); "
            + FunctionCalls.adopt("pages")
            + FunctionCalls.adopt("keyed"));
    for (String role : List.of("service_role", installation.installer())) {
      database.sqlAs(role, Shadows.EVERY_CALL);
      database.sqlAs(role, "set search_path = public, pg_catalog;" + Shadows.PLAIN_CALLS);
    }
    assertThat(database.sql("select distinct what, by from called")).isEmpty();
    assertThat(database.sql("select rolsuper from pg_roles where rolname = 'attacker'"))
        .containsExactly("f");
  }

  @ParameterizedTest
  @EnumSource
  void whatASchemaOfOurNameIsIsAskedFirst(Installation installation) {
    PostgresDatabase others = installation.prepare();
    others.sql("create schema vector_store authorization attacker");
    assertThatThrownBy(() -> installation.install(others))
        .hasMessageContaining("a schema vector_store that belongs to the role attacker");

    PostgresDatabase own = installation.prepare();
    own.sqlAs(
        installation.installer(),
        "create schema vector_store; create table vector_store.mine (x int)");
    assertThatThrownBy(() -> installation.install(own)).hasMessageContaining("isn't ours");
    own.sqlAs(installation.installer(), "create table vector_store.catalog (mine int)");
    assertThatThrownBy(() -> installation.install(own)).hasMessageContaining("of another shape");

    PostgresDatabase planted = installation.installed();
    planted.sql("grant create on schema vector_store to attacker");
    planted.sqlAs(
        "attacker",
        "create function vector_store.fail(text, text, int) returns void language sql as 'select 1'");
    assertThatThrownBy(() -> installation.install(planted))
        .hasMessageContaining("belongs to the role attacker, and isn't ours");

    PostgresDatabase replaced = installation.prepare();
    replaced.sql("grant create on schema public to attacker");
    replaced.sqlAs(
        "attacker",
        "create function public.vector_store_version() returns json language sql as $$ select '9'::json $$");
    if (installation == Installation.SUPABASE) {
      assertThatThrownBy(() -> installation.install(replaced))
          .hasMessageContaining("vector_store_version() belongs to the role attacker");
    } else {
      installation.install(replaced);
      assertThat(
              replaced.sql(
                  "select proowner::regrole from pg_proc where proname = 'vector_store_version'"))
          .containsExactly("postgres");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theIdsOfATableArentPoisonedByTheirWritersSearchPath(Installation installation) {
    PostgresDatabase database = installation.installed();
    database.sqlAs(
        installation.installer(),
        "create table items (id bigint primary key, content text); "
            + FunctionCalls.adopt("items")
            + " grant insert on items to attacker; insert into items values (1, 'one')");
    database.sql("create schema trap authorization attacker");
    database.sqlAs(
        "attacker",
        """
        create function trap.int8send(bigint) returns bytea language sql immutable as $$ select '\\x0000000000000001'::bytea $$;
        create function trap.cat(bytea, bytea) returns bytea language sql immutable as $$ select '\\x000000000000000001'::bytea $$;
        create operator trap.|| (leftarg = bytea, rightarg = bytea, function = trap.cat);
        set search_path = trap, pg_catalog;
        insert into public.items values (5000, 'five thousand');
        """);
    database.sqlAs(
        "service_role",
        FunctionCalls.call(
            "write",
            "{\"operations\": [{\"collection\": \"items\", \"delete\": [\"000000000000000001\"]}]}"));
    assertThat(database.sql("select id from items")).containsExactly("5000");
  }
}
