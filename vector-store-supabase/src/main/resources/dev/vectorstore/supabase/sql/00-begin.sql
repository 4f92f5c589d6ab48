-- vector-store: the server side of the Supabase engine, version @version@.
--
-- Run it as the database's owner ("postgres" on Supabase), or paste it into the SQL editor:
--   psql -v ON_ERROR_STOP=1 "$DATABASE_URL" -f vector-store.sql
-- Running it again changes nothing; a newer version upgrades in place and keeps every collection. It needs Postgres 14 or
-- newer and pgvector.
--
-- It makes a role that nobody can log in as, vector_store_owner, and a private schema of that role, vector_store,
-- which PostgREST never serves. In the schema public it makes functions vector_store_*, that only service_role
-- may call, and whoever runs this. For other roles than service_role, run a line like this before it:
--   set vector_store.role = 'the_role, another_role';
--
-- Rights. Collections that it makes itself belong to vector_store_owner: who may call the functions may do everything
-- with these. A table that was adopted is read and written with the rights of whoever calls, its policies and
-- triggers run as if they had written the statement, and only its owner can adopt it. Only names of the catalogs, quoted,
-- and numbers become SQL; no text of a request or a row is executed.
--
-- Each function takes one json and returns one json, so that no row limit cuts an answer. Names are parsed when a
-- function is made, or looked up in pg_catalog alone (the last part sets that and checks it), so that nothing that others
-- create in any schema is called. Statements that change a user's table run with the caller's own search path, which its
-- triggers may need; every name in those has its schema.

begin;
set local client_min_messages = warning;
set local search_path = pg_catalog, pg_temp;

do $$
begin
  perform set_config('vector_store.installer', current_user, true);
  perform pg_advisory_xact_lock(1986359923, -1);
  if current_setting('server_version_num')::integer < 140000 then
    raise exception using errcode = 'PT501', message = 'vector_store: this needs Postgres 14 or newer';
  elsif not exists (select from pg_extension where extname = 'vector') then
    if exists (select from pg_namespace where nspname = 'extensions') then
      create extension vector with schema extensions;
    else
      create extension vector with schema public;
    end if;
  end if;
end
$$;

-- The role that what follows belongs to. It can do nothing else: what was done to a role of this name is asked first.
do $$
declare
  member text;
  thing text;
begin
  if not exists (select from pg_roles where rolname = 'vector_store_owner') then
    if not exists (select from pg_roles where rolname = current_user and (rolsuper or rolcreaterole)) then
      raise exception using errcode = 'PT403', message = format('vector_store: the role %1$I may not make roles; have an'
        || ' administrator run: create role vector_store_owner nologin; grant vector_store_owner to %1$I;', current_user);
    end if;
    create role vector_store_owner nologin;
  end if;
  if exists (select from pg_roles where rolname = 'vector_store_owner'
      and (rolcanlogin or rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)) then
    raise exception using errcode = 'PT409', message = 'vector_store: the role vector_store_owner can log in, or has'
      || ' rights that the owner of these functions must not have; run: alter role vector_store_owner nologin nosuperuser'
      || ' nocreaterole nocreatedb noreplication nobypassrls';
  end if;
  select m.rolname into member from pg_auth_members a join pg_roles r on r.oid = a.roleid join pg_roles m on m.oid = a.member
  where r.rolname = 'vector_store_owner' and m.rolname <> current_user
    and not (m.rolsuper or m.rolcreaterole) limit 1;
  if member is not null then
    raise exception using errcode = 'PT409', message = format('vector_store: the role %1$I is a member of vector_store_owner'
      || ', and could change these functions; run: revoke vector_store_owner from %1$I', member);
  end if;
  select g.rolname into member from pg_auth_members a join pg_roles r on r.oid = a.member join pg_roles g on g.oid = a.roleid
  where r.rolname = 'vector_store_owner' limit 1;
  if member is not null then
    raise exception using errcode = 'PT409', message = format('vector_store: the role vector_store_owner is a member of %1$I'
      || ', and these functions would have its rights; run: revoke %1$I from vector_store_owner', member);
  end if;
  select o.name into thing from (
    select n.nspname || '.' || c.relname as name, c.relowner as owner from pg_class c join pg_namespace n
      on n.oid = c.relnamespace where n.nspname not in ('vector_store', 'pg_toast')
    union all select n.nspname || '.' || p.proname, p.proowner from pg_proc p join pg_namespace n
      on n.oid = p.pronamespace where n.nspname <> 'vector_store'
    union all select n.nspname, n.nspowner from pg_namespace n where n.nspname <> 'vector_store') o
  join pg_roles r on r.oid = o.owner where r.rolname = 'vector_store_owner' limit 1;
  if thing is not null then
    raise exception using errcode = 'PT409', message = format('vector_store: %s belongs to the role vector_store_owner, which'
      || ' must own nothing but the schema vector_store; give it another owner', thing);
  end if;
  if not (select rolsuper from pg_roles where rolname = current_user) then
    begin
      -- Whoever makes a role of Postgres 16 and newer may grant it, but not take it on.
      execute format('grant vector_store_owner to %I', current_user);
    exception when insufficient_privilege then
      if not pg_has_role(current_user, 'vector_store_owner', 'member') then
        raise exception using errcode = 'PT403', message = format('vector_store: the role %1$I may not take on the role'
          || ' vector_store_owner; have an administrator run: grant vector_store_owner to %1$I;', current_user);
      end if;
    end;
  end if;
end
$$;

-- A schema of this name is ours, or that of an older version which the same role installed; any other is refused.
do $$
declare
  owner text := (select nspowner::regrole::text from pg_namespace where nspname = 'vector_store');
  thing record;
begin
  if owner is null then
    create schema vector_store authorization vector_store_owner;
  elsif owner not in ('vector_store_owner', quote_ident(current_user)) then
    raise exception using errcode = 'PT409', message = format('vector_store: there is a schema vector_store that belongs to'
      || ' the role %s, and isn''t ours; if it is an older version of this, run this as that role, else rename it or drop it',
      owner);
  elsif to_regclass('vector_store.catalog') is null and (owner <> 'vector_store_owner'
      or exists (select from pg_class where relnamespace = 'vector_store'::regnamespace)) then
    raise exception using errcode = 'PT409', message = 'vector_store: there is a schema vector_store that isn''t ours, for it'
      || ' has no table catalog; rename it or drop it';
  elsif to_regclass('vector_store.catalog') is not null and not exists (
      select from pg_attribute where attrelid = 'vector_store.catalog'::regclass and attname = 'id_kinds') then
    raise exception using errcode = 'PT409', message = 'vector_store: there is a schema vector_store that isn''t ours, for its'
      || ' table catalog is of another shape; rename it or drop it';
  end if;
  for thing in
    select o.name, o.owner::regrole as owner from (
      select 'the table ' || c.oid::regclass as name, c.relowner as owner, c.relnamespace as schema
      from pg_class c where c.relkind not in ('i', 't')
      union all select 'the function ' || p.oid::regprocedure, p.proowner, p.pronamespace from pg_proc p
      union all select 'the type ' || t.oid::regtype, t.typowner, t.typnamespace from pg_type t
      union all select 'the operator ' || p.oid::regoperator, p.oprowner, p.oprnamespace from pg_operator p) o
    where o.schema = 'vector_store'::regnamespace
      and o.owner not in ('vector_store_owner'::regrole, current_user::regrole) limit 1
  loop
    raise exception using errcode = 'PT409', message = format('vector_store: %s belongs to the role %s, and isn''t ours;'
      || ' drop it', thing.name, thing.owner);
  end loop;
end
$$;

-- The functions of the schema public that are ours: by their whole names and what they take.
create function pg_temp.vector_store_is_ours(f oid) returns boolean
language sql stable as $$
  select p.pronamespace = 'public'::pg_catalog.regnamespace and p.prokind = 'f'
    and pg_catalog.pg_get_function_identity_arguments(p.oid) = case p.proname when 'vector_store_version' then '' else 'json' end
    and p.proname = any (array(select 'vector_store_' || name from pg_catalog.unnest(array['version', 'ensure', 'describe',
      'collections', 'drop', 'drop_vector', 'adopt', 'release', 'fetch', 'scan', 'count', 'search', 'write', 'patch',
      'untermed', 'terms']) name))
  from pg_catalog.pg_proc p where p.oid = f
$$;

-- What an older version left. Functions are made anew, but for those that indexes and triggers use; one that somebody
-- else has put in their place is dropped too, or said by name.
do $$
declare
  f record;
  doomed text;
begin
  if to_regclass('vector_store.collection') is not null then
    drop view vector_store.collection cascade;
  end if;
  for f in
    select p.oid::regprocedure::text as name, p.proowner::regrole as owner from pg_proc p
    where pg_temp.vector_store_is_ours(p.oid) and not (pg_has_role(current_user, p.proowner, 'usage'))
  loop
    raise exception using errcode = 'PT409', message = format('vector_store: the function %s belongs to the role %s, and'
      || ' isn''t ours; drop it', f.name, f.owner);
  end loop;
  select string_agg(p.oid::regprocedure::text, ', ') into doomed from pg_proc p
  where pg_temp.vector_store_is_ours(p.oid)
    or p.pronamespace = 'vector_store'::regnamespace
      and p.proname not in ('id_of', 'quoted', 'hashes', 'posted', 'changed');
  if doomed is not null then
    execute 'drop function ' || doomed;
  end if;
  if (select nspowner from pg_namespace where nspname = 'vector_store') <> 'vector_store_owner'::regrole then
    alter schema vector_store owner to vector_store_owner;
    for f in
      select format('alter %s %s owner to vector_store_owner',
        case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end, c.oid::regclass) as name
      from pg_class c where c.relnamespace = 'vector_store'::regnamespace and c.relkind in ('r', 'v', 'S')
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
          and d.deptype in ('a', 'i'))
      union all
      select format('alter function %s owner to vector_store_owner', p.oid::regprocedure)
      from pg_proc p where p.pronamespace = 'vector_store'::regnamespace
    loop
      execute f.name;
    end loop;
  end if;
end
$$;

-- pgvector may be in any schema, which the role must be let into. A first use loads it; before that, only a superuser may
-- set its parameters.
do $$
declare
  place text := (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'vector');
begin
  execute format('select ''[1]''::%I.vector', place);
  if not has_schema_privilege('vector_store_owner', place, 'usage') then
    execute format('grant usage on schema %I to vector_store_owner', place);
  end if;
  if not has_schema_privilege('vector_store_owner', place, 'usage') then
    raise exception using errcode = 'PT409', message = format('vector_store: this role may not let others into the schema %1$I'
      || ', where pgvector is; have its owner run: grant usage on schema %1$I to vector_store_owner', place);
  end if;
  perform set_config('vector_store.pgvector', quote_ident(place), true);
  perform set_config('vector_store.scans', (
    (select string_to_array(regexp_replace(extversion, '[^0-9.].*', ''), '.')::integer[] >= '{0,8}'
     from pg_extension where extname = 'vector'))::text, true);
end
$$;

set local role vector_store_owner;
revoke all on schema vector_store from public;
