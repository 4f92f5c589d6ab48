package dev.vectorstore.supabase;

import dev.vectorstore.testservers.PostgresDatabase;
import dev.vectorstore.testservers.PostgresServer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Who installs our SQL, in a database with the roles that Supabase makes. */
enum Installation {
  /** A superuser, as on a Postgres of one's own; pgvector is in the schema public. */
  SUPERUSER("postgres"),

  /**
   * The role postgres of Supabase, under another name: no superuser, but one that makes roles and
   * passes row-level security by; pgvector is in its schema extensions.
   */
  SUPABASE("like_supabase");

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final String installer;

  Installation(String installer) {
    this.installer = installer;
  }

  String installer() {
    return installer;
  }

  /** A database without our SQL. */
  PostgresDatabase prepare() {
    PostgresDatabase database =
        PostgresServer.shared().createDatabase("installed_" + DATABASES.incrementAndGet());
    database.sql(ManagedServer.ROLES);
    database.sql(
        """
        do $$
        begin
          perform pg_advisory_xact_lock(736453);
          if not exists (select from pg_roles where rolname = 'like_supabase') then
            create role like_supabase login createrole createdb bypassrls;
            grant anon, authenticated, service_role to like_supabase;
          end if;
          if not exists (select from pg_roles where rolname = 'attacker') then
            create role attacker login;
            create role app_owner login;
          end if;
        end
        $$;
        """);
    if (this == SUPABASE) {
      database.sql(
          """
          drop extension vector;
          create schema extensions authorization like_supabase;
          create extension vector with schema extensions;
          grant usage on schema extensions to anon, authenticated, service_role, app_owner;
          do $$ begin execute format('grant all on database %I to like_supabase', current_database()); end $$;
          grant all on schema public to like_supabase;
          alter default privileges for role like_supabase in schema public
            grant all on tables to anon, authenticated, service_role;
          """);
    }
    return database;
  }

  /** Runs our script. */
  List<String> install(PostgresDatabase database) {
    return install(database, "service_role");
  }

  /** The same, for other roles than Supabase's. */
  List<String> install(PostgresDatabase database, String callers) {
    return database.sqlAs(installer, "set vector_store.role = '" + callers + "';" + Supabase.sql());
  }

  PostgresDatabase installed() {
    PostgresDatabase database = prepare();
    install(database);
    return database;
  }
}
