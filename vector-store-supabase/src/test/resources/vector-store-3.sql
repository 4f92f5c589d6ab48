-- vector-store: the server side of the Supabase engine.
--
-- Run it as the database's owner ("postgres" on Supabase): psql "$DATABASE_URL" -f vector-store.sql,
-- or paste it into the SQL editor. Running it again changes nothing; a newer version upgrades in place
-- and keeps every collection.
--
-- It makes a private schema, vector_store, that PostgREST never serves, and functions public.vector_store_*
-- that only the role service_role may call. For another role than that one, run this line before it:
--   set vector_store.role = 'the_role';
--
-- Each function takes one json and returns one json, so that no row limit cuts an answer. Values reach SQL
-- by format('%I', '%L') only.

begin;
set local client_min_messages = warning;

do $$
begin
  perform pg_advisory_xact_lock(1986359923, -1);
  if not exists (select from pg_extension where extname = 'vector') then
    if exists (select from pg_namespace where nspname = 'extensions') then
      create extension vector with schema extensions;
    else
      create extension vector;
    end if;
  end if;
end
$$;

create schema if not exists vector_store;
revoke all on schema vector_store from public;

-- pgvector may be in any schema. A first use loads it; before that, only a superuser may set its parameters.
do $$
begin
  perform set_config('search_path', format('pg_catalog, vector_store, %I, pg_temp', n.nspname), true)
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'vector';
  perform '[1]'::vector;
end
$$;

create table if not exists vector_store.catalog (
  id integer generated always as identity primary key,
  name text collate "C" not null,
  -- Of each vector its name, '' for the plain one, its column with its type, its dimension and metric.
  vectors jsonb not null default '[]',
  id_kinds jsonb not null,
  fields jsonb not null,
  labels jsonb not null,
  -- Counts up whenever text fields are added; a row's terms are of the revision in its column termed.
  text_revision integer not null default 0,
  terms_ready boolean not null default true,
  -- How a row's parts are written in SQL, over the alias t.
  relation regclass not null,
  id_sql text not null default 't.id',
  payload_sql text not null default 't.payload',
  adopted boolean not null default false,
  -- Of an adopted table: its key, and each column that isn't a vector with the payload's key for it.
  key_columns text[],
  columns jsonb
);
-- Collections whose names differ in case only are refused when they are made; tables that are adopted have such names.
drop index if exists vector_store.catalog_name;
create unique index if not exists catalog_names on vector_store.catalog (name);
-- The version of the rules that the client made the terms by; before there was one, it was the first.
alter table vector_store.catalog add column if not exists terms_version integer not null default 1;
-- The names of the types of fields: first TEXT had terms alone and RANKED_TEXT was ranked, now TERMS has and TEXT is.
alter table vector_store.catalog add column if not exists fields_version integer not null default 1;
update vector_store.catalog set fields_version = 2, fields = (
  select coalesce(jsonb_agg(case field ->> 'type' when 'TEXT' then jsonb_set(field, '{type}', '"TERMS"')
    when 'RANKED_TEXT' then jsonb_set(field, '{type}', '"TEXT"') else field end order by place), '[]')
  from jsonb_array_elements(fields) with ordinality f(field, place)) where fields_version = 1;
alter table vector_store.catalog alter column fields_version set default 2;
-- The vectors: at first a collection had one at most, which had no name.
alter table vector_store.catalog add column if not exists vectors jsonb not null default '[]';
do $$
begin
  if exists (select from pg_attribute where attrelid = 'vector_store.catalog'::regclass and attname = 'dimension') then
    update vector_store.catalog set vectors = jsonb_build_array(jsonb_build_object('name', '', 'type', 'vector',
      'column', coalesce(vector_column, 'embedding'), 'dimension', dimension, 'metric', metric)) where dimension is not null;
    alter table vector_store.catalog drop column dimension, drop column metric, drop column vector_sql,
      drop column vector_column;
  end if;
end
$$;
drop function if exists vector_store.has_vector_sql(vector_store.catalog), vector_store.indexed_sql(vector_store.catalog),
  vector_store.compared_sql(vector_store.catalog), vector_store.vectors_text(integer, text),
  vector_store.vector_column_of(regclass, text), vector_store.metric_of(regclass, text),
  vector_store.upsert(vector_store.catalog, json, boolean), vector_store.upsert_rows(vector_store.catalog, json, boolean),
  vector_store.upsert_managed(vector_store.catalog, json, boolean),
  vector_store.upsert_adopted(vector_store.catalog, json, boolean);

-- Errors ------------------------------------------------------------------------------------------------

create or replace function vector_store.fail(state text, message text) returns void
language plpgsql as $$
begin
  raise exception using errcode = state, message = 'vector_store: ' || message;
end
$$;

-- Collections -------------------------------------------------------------------------------------------

-- The positions and paths of the text fields: what the terms of a row are made for.
create or replace function vector_store.text_fields(fields jsonb) returns jsonb
language sql immutable as $$
  select coalesce(jsonb_agg(jsonb_build_array(f.place - 1, f.field -> 'path') order by f.place), '[]')
  from jsonb_array_elements(fields) with ordinality f(field, place)
  where f.field ->> 'type' in ('TEXT', 'TERMS')
$$;

-- The positions of the fields whose texts are ranked.
create or replace function vector_store.ranked_fields(fields jsonb) returns text[]
language sql immutable as $$
  select array(
    select (f.place - 1)::text from jsonb_array_elements(fields) with ordinality f(field, place)
    where f.field ->> 'type' = 'TEXT' order by f.place)
$$;

create or replace function vector_store.is_ranked(c vector_store.catalog) returns boolean
language sql immutable as $$
  select vector_store.ranked_fields(c.fields) <> '{}'
$$;

-- Where texts are ranked, the index is on what they are ranked by: a table beside that of the terms, with a row for each
-- of its rows. Of each term, the hash and how often it is there; of each ranked field, how many terms it has. Its rows
-- are narrow, for a search reads many, and they stay in their page up to some thousand words.
create or replace function vector_store.postings_table(c vector_store.catalog) returns text
language sql immutable as $$
  select format('vector_store.%I', 'r' || c.id)
$$;

-- Changes with whatever a client must know of a collection to write to it and to search it, but for its vectors: of these
-- a request says which ones it is about (uses), so that whoever doesn't know of one that was added goes on.
create or replace function vector_store.token(c vector_store.catalog) returns text
language sql immutable as $$
  select md5((jsonb_build_array(
      c.id_kinds, c.adopted, vector_store.text_fields(c.fields), c.columns, c.terms_version)
    || case when vector_store.is_ranked(c) then to_jsonb(vector_store.ranked_fields(c.fields)) else '[]' end)::text)
$$;

-- What a request says of a vector that it is about: a vector of that name which was made anew is the same if this is. Of an
-- adopted table, which can be adopted with other names for its columns, it has the column too.
create or replace function vector_store.vector_token(c vector_store.catalog, v jsonb) returns text
language sql stable as $$
  select concat_ws(' ', v ->> 'metric', v ->> 'dimension', case when c.adopted then v ->> 'column' end)
$$;

-- The version of this script; clients refuse one that is older than they need.
create or replace function public.vector_store_version() returns json
language sql immutable as $$ select to_json(3) $$;

create or replace function vector_store.described(c vector_store.catalog) returns json
language sql stable as $$
  select json_build_object(
    'version', public.vector_store_version(), 'name', c.name,
    'vectors', (
      select coalesce(json_agg(v || jsonb_build_object('token', vector_store.vector_token(c, v)) order by place), '[]')
      from jsonb_array_elements(c.vectors) with ordinality e(v, place)),
    'idKinds', c.id_kinds, 'fields', c.fields, 'labels', c.labels, 'token', vector_store.token(c),
    'termsReady', c.terms_ready, 'termsVersion', c.terms_version, 'adopted', c.adopted,
    'columns', (select json_agg(e -> 'key') from jsonb_array_elements(c.columns) e),
    'keyTypes', (select json_agg(format_type(a.atttypid, null) order by k.place)
      from unnest(c.key_columns) with ordinality k(name, place)
      join pg_attribute a on a.attrelid = c.relation and a.attname = k.name))
$$;

create or replace function vector_store.find(collection text) returns vector_store.catalog
language sql stable as $$
  select * from vector_store.catalog c where c.name = collection collate "C"
$$;

-- A collection by its own name, or an adopted table by that of its table: behind its schema's, or in public alone.
create or replace function vector_store.named(collection text) returns vector_store.catalog
language plpgsql stable as $$
declare
  c vector_store.catalog := vector_store.find(collection);
begin
  if c.id is null then
    select k.* into c
    from vector_store.catalog k
    join pg_class t on t.oid = k.relation
    join pg_namespace n on n.oid = t.relnamespace
    where k.adopted and (n.nspname = 'public' and t.relname = collection
      or n.nspname || '.' || t.relname = collection and vector_store.table_in_public(collection) is null)
    order by n.nspname = 'public' and t.relname = collection desc limit 1;
  end if;
  return c;
end
$$;

-- By its name as it is: to_regclass would cut a long one.
create or replace function vector_store.table_in_public(name text) returns oid
language sql stable as $$
  select t.oid from pg_class t
  where t.relnamespace = 'public'::regnamespace and t.relname = name and t.relkind in ('r', 'p', 'f', 'v', 'm')
$$;

-- The vector of a name.
create or replace function vector_store.vector_of(c vector_store.catalog, name text) returns jsonb
language plpgsql stable as $$
declare
  v jsonb;
begin
  for v in select jsonb_array_elements(c.vectors) loop
    if v ->> 'name' = name then
      return v;
    end if;
  end loop;
  perform vector_store.fail('PT409', format('there is %s, and no longer %s; ask the store for the collection again',
    vector_store.vectors_text(c.vectors),
    case when name = '' then 'a plain vector' else 'the vector ' || to_json(name)::text end));
end
$$;

-- Vectors for a message.
create or replace function vector_store.vectors_text(vectors jsonb) returns text
language sql immutable as $$
  select coalesce(string_agg(format('%s (%s of %s dimensions)',
    case when v ->> 'name' = '' then 'a plain vector' else 'the vector ' || (v -> 'name')::text end, v ->> 'metric',
    v ->> 'dimension'), ', ' order by place), 'no vectors')
  from jsonb_array_elements(vectors) with ordinality e(v, place)
$$;

-- A collection as the client knows it, for a read.
create or replace function vector_store.opened(request json) returns vector_store.catalog
language plpgsql stable as $$
declare
  c vector_store.catalog := vector_store.find(request ->> 'collection');
  used json;
begin
  if c.id is null then
    perform vector_store.fail('PT404', 'there is no collection of this name');
  elsif request ->> 'token' <> vector_store.token(c) then
    perform vector_store.fail('PT409', 'its text fields or columns were changed since they were read; ask the store for the'
      || ' collection again');
  end if;
  for used in select json_array_elements(request -> 'uses') loop
    if used ->> 1 is distinct from vector_store.vector_token(c, vector_store.vector_of(c, used ->> 0)) then
      perform vector_store.fail('PT409', format(
        'the %s was changed since it was read; ask the store for the collection again',
        case when used ->> 0 = '' then 'plain vector' else 'vector ' || to_json(used ->> 0)::text end));
    end if;
  end loop;
  return c;
end
$$;

-- As above, for a write: until the transaction ends, the collection is neither dropped nor given fields.
create or replace function vector_store.locked(request json) returns vector_store.catalog
language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(1986359923, c.id)
  from vector_store.find(request ->> 'collection') c where c.id is not null;
  return vector_store.opened(request);
end
$$;

-- The vectors of a column as full floats.
create or replace function vector_store.vector_sql(v jsonb) returns text
language sql immutable as $$
  select format(case v ->> 'type' when 'halfvec' then '(t.%I::vector)' else 't.%I' end, v ->> 'column')
$$;

-- The indexes of nearest neighbours on a column or an expression of it.
create or replace function vector_store.indexes_of(relation regclass, name text)
returns table (index regclass, kind text, ops text)
language sql stable as $$
  select distinct i.indexrelid::regclass, m.amname::text, o.opcname::text
  from pg_index i
  join pg_class k on k.oid = i.indexrelid
  join pg_am m on m.oid = k.relam
  join pg_opclass o on o.oid = any (i.indclass::oid[])
  join pg_attribute a on a.attrelid = i.indrelid
  join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
    and d.refclassid = 'pg_class'::regclass and d.refobjid = i.indrelid and d.refobjsubid = a.attnum
  where i.indrelid = relation and a.attname = name and o.opcname ~ '^(vector|halfvec)_(ip|l2|cosine)_ops$'
$$;

create or replace function vector_store.operator(metric text) returns text
language sql immutable as $$
  select case metric when 'COSINE' then '<=>' when 'DOT' then '<#>' else '<->' end
$$;

-- Which rows a search looks at. Whether a vector is one of zeros shows in its distance, and isn't asked here: the
-- planner takes such a question for one that few rows pass, and leaves the index out. Only a column that takes vectors
-- of any dimension needs another.
create or replace function vector_store.searched_sql(c vector_store.catalog, v jsonb) returns text
language plpgsql stable as $$
begin
  if c.adopted and exists (
      select from pg_attribute a where a.attrelid = c.relation and a.attname = v ->> 'column' and a.atttypmod < 1) then
    return format('(t.%1$I is not null and vector_dims(t.%1$I) = %2$s)', v ->> 'column', v ->> 'dimension');
  end if;
  return format('t.%I is not null', v ->> 'column');
end
$$;

create or replace function vector_store.index_ops(metric text) returns text
language sql immutable as $$
  select case metric when 'COSINE' then '_cosine_ops' when 'DOT' then '_ip_ops' else '_l2_ops' end
$$;

-- What of a collection's vectors is indexed: the vectors up to 2,000 dimensions, half as precise ones up to
-- 4,000 where they fit into that type, which longer components may not. Of an adopted table, half as precise
-- ones if its owner has indexed them so.
create or replace function vector_store.indexed_sql(c vector_store.catalog, v jsonb) returns text
language plpgsql stable as $$
declare
  dimension constant integer := v ->> 'dimension';
  half constant boolean := v ->> 'type' = 'halfvec';
begin
  -- Not in SQL, whose functions are planned at each call, the part on the catalogs too, which few need.
  if dimension <= 2000 and not half then
    return format('t.%I', v ->> 'column');
  elsif not half and (dimension > 4000 or v ->> 'metric' <> 'COSINE') then
    return null;
  elsif c.adopted and not exists (
      select from vector_store.indexes_of(c.relation, v ->> 'column') i
      where i.kind = 'hnsw' and i.ops = 'halfvec' || vector_store.index_ops(v ->> 'metric')) then
    return null;
  end if;
  return format(case when half then 't.%I' else '(t.%I::halfvec(%s))' end, v ->> 'column', dimension);
end
$$;

create or replace function vector_store.make_table(c vector_store.catalog) returns regclass
language plpgsql as $$
declare
  relation text := format('vector_store.%I', 'c' || c.id);
begin
  execute format(
    'create table %s (
       id bytea primary key,
       payload jsonb not null,
       terms text[],
       termed integer not null default 0)', relation);
  execute format('create index on %s using gin (payload jsonb_path_ops)', relation);
  perform vector_store.index_terms(c, relation);
  return relation::regclass;
end
$$;

-- A collection that gets vectors, each a column with its index. No row has them yet, so that the index only looks through
-- the rows, which takes a second for a million or two. Numbers of columns are never used again: what was read of a vector
-- that was dropped can't lead to another.
create or replace function vector_store.with_vectors(c vector_store.catalog, more jsonb) returns vector_store.catalog
language plpgsql as $$
declare
  v jsonb;
  indexed text;
begin
  for v in select jsonb_array_elements(more) loop
    if (v ->> 'dimension')::integer > 16000 then
      perform vector_store.fail('PT501', 'pgvector holds vectors of up to 16,000 dimensions');
    end if;
    v := jsonb_build_object(
      'name', v -> 'name', 'type', 'vector', 'dimension', (v ->> 'dimension')::integer, 'metric', v -> 'metric',
      'column', case when v ->> 'name' = '' then 'embedding'
        else 'v' || (select max(a.attnum) + 1 from pg_attribute a where a.attrelid = c.relation) end);
    c.vectors := c.vectors || jsonb_build_array(v);
    execute format('alter table %s add column %I vector(%s)', c.relation, v ->> 'column', v ->> 'dimension');
    indexed := replace(vector_store.indexed_sql(c, v), 't.', '');
    if indexed is not null then
      execute format('create index on %s using hnsw (%s %s)', c.relation, indexed,
        case when (v ->> 'dimension')::integer <= 2000 then 'vector' else 'halfvec' end
          || vector_store.index_ops(v ->> 'metric'));
    end if;
  end loop;
  update vector_store.catalog k set vectors = c.vectors where k.id = c.id returning k.* into c;
  return c;
end
$$;

-- Takes a collection for a change of its columns. Whoever reads at length is waited for, but a moment at a time, since
-- all readers who come later wait behind; between, they and the writers go on.
create or replace function vector_store.take(c vector_store.catalog) returns void
language plpgsql as $$
declare
  patience constant text := current_setting('lock_timeout');
begin
  for turn in 1 .. 20 loop
    begin
      perform set_config('lock_timeout', '3s', true); -- behind this wait writers alone
      perform pg_advisory_xact_lock(1986359923, c.id);
      perform set_config('lock_timeout', '250ms', true);
      execute format('lock table %s in access exclusive mode', c.relation);
      perform set_config('lock_timeout', patience, true);
      return;
    exception when lock_not_available then
      -- With the locks given back.
      perform pg_sleep(least(turn / 10.0, 1));
    end;
  end loop;
  perform vector_store.fail('55P03', 'a long reader of the table is in the way');
end
$$;

create or replace function vector_store.merged_fields(old jsonb, new jsonb) returns jsonb
language sql immutable as $$
  select old || coalesce(
    (select jsonb_agg(n.field order by n.place)
     from jsonb_array_elements(new) with ordinality n(field, place)
     where not exists (
       select from jsonb_array_elements(old) o(field) where o.field -> 'path' = n.field -> 'path')),
    '[]')
$$;

-- Refuses another type of a field: what its filters and searches find would change for every client. Where terms are
-- asked for, a ranked text has them; to be ranked, a field is declared with its collection.
create or replace function vector_store.check_types(old jsonb, new jsonb) returns void
language plpgsql as $$
declare
  other record;
begin
  select n.field -> 'path' as path, coalesce('is declared as ' || (o.field ->> 'type'), 'isn''t declared') as present
  into other
  from jsonb_array_elements(new) n(field)
  left join jsonb_array_elements(old) o(field) on o.field -> 'path' = n.field -> 'path'
  where n.field ->> 'type' = 'TEXT' and o.field ->> 'type' is distinct from 'TEXT' limit 1;
  if found then
    perform vector_store.fail('PT409', format('the field %s %s in the collection that is there, and was asked for as'
      || ' TEXT; declare it as TERMS, or copy the collection to a new one that has it as TEXT (an adopted table: adopt'
      || ' it again with this field ranked)', other.path, other.present));
  end if;
  select o.field -> 'path' as path, o.field ->> 'type' as present, n.field ->> 'type' as wanted into other
  from jsonb_array_elements(new) n(field)
  join jsonb_array_elements(old) o(field) on o.field -> 'path' = n.field -> 'path'
  where o.field ->> 'type' <> n.field ->> 'type'
    and not (o.field ->> 'type' = 'TEXT' and n.field ->> 'type' = 'TERMS') limit 1;
  if found then
    perform vector_store.fail('PT409', format('the field %s is declared as %s, and was asked for as %s; declare it as'
      || ' that, or copy the collection to a new one that has it as %3$s', other.path, other.present, other.wanted));
  end if;
end
$$;

create or replace function vector_store.extend(c vector_store.catalog, request json)
returns vector_store.catalog
language plpgsql as $$
declare
  merged jsonb := vector_store.merged_fields(c.fields, (request -> 'fields')::jsonb);
  more boolean := vector_store.text_fields(merged) <> vector_store.text_fields(c.fields);
begin
  update vector_store.catalog k set fields = merged, labels = (request -> 'labels')::jsonb || c.labels
  where k.id = c.id
  returning k.* into c;
  return case when more then vector_store.with_more_texts(c) else c end;
end
$$;

-- A collection that has just got text fields: rows that are there have no terms of them.
create or replace function vector_store.with_more_texts(c vector_store.catalog) returns vector_store.catalog
language plpgsql as $$
declare
  rows_there boolean;
begin
  execute format('select exists (select from %s)', c.relation) into rows_there;
  update vector_store.catalog k
  set text_revision = c.text_revision + 1, terms_ready = c.terms_ready and not rows_there
  where k.id = c.id
  returning k.* into c;
  if c.adopted and (c.terms_ready or vector_store.is_watched(c)) then
    perform vector_store.watch(c);
  end if;
  return c;
end
$$;

create or replace function public.vector_store_ensure(json) returns json
language plpgsql security definer as $$
declare
  request alias for $1;
  c vector_store.catalog;
  more jsonb;
begin
  perform pg_advisory_xact_lock(1986359923, 0);
  select * into c from vector_store.catalog k where lower(k.name) = lower(request ->> 'name')
  order by k.name = request ->> 'name' desc limit 1;
  if c.id is null then
    return vector_store.described(vector_store.make(request));
  elsif c.name <> request ->> 'name' then
    perform vector_store.fail('PT409', 'there is a collection whose name differs in case only; choose another name');
  end if;
  more := vector_store.lacking_vectors(c, (request -> 'vectors')::jsonb);
  perform vector_store.check_types(c.fields, (request -> 'fields')::jsonb);
  if more <> '[]' then
    perform vector_store.take(c);
    c := vector_store.with_vectors(c, more);
  end if;
  perform pg_advisory_xact_lock(1986359923, c.id);
  return vector_store.described(vector_store.extend(c, request));
end
$$;

-- The vectors that are asked for and aren't there. The plain one is declared with its collection, and none can be another.
create or replace function vector_store.lacking_vectors(c vector_store.catalog, wanted jsonb) returns jsonb
language plpgsql stable as $$
declare
  more jsonb;
begin
  if wanted = '[]' and c.vectors <> '[]' or exists (
      select from jsonb_array_elements(wanted) w(w)
      left join jsonb_array_elements(c.vectors) p(p) on p -> 'name' = w -> 'name'
      where p is null and w ->> 'name' = '' or p -> 'dimension' <> w -> 'dimension' or p -> 'metric' <> w -> 'metric') then
    perform vector_store.fail('PT409', format('it is there with %s, and was asked for with %s; use another name, or drop it',
      vector_store.vectors_text(c.vectors), vector_store.vectors_text(wanted)));
  end if;
  select coalesce(jsonb_agg(w order by place), '[]') into more
  from jsonb_array_elements(wanted) with ordinality e(w, place)
  where not exists (select from jsonb_array_elements(c.vectors) p(p) where p -> 'name' = w -> 'name');
  if c.adopted and more <> '[]' then
    perform vector_store.fail('PT501', format('it is an adopted table, whose columns are its owner''s, and it lacks %s; add'
      || ' the column (alter table ... add column ... vector(N)) and adopt the table again', vector_store.vectors_text(more)));
  end if;
  return more;
end
$$;

create or replace function vector_store.make(request json) returns vector_store.catalog
language plpgsql as $$
declare
  c vector_store.catalog;
begin
  if vector_store.table_in_public(request ->> 'name') is not null then
    perform vector_store.fail('PT409', 'there is a table of this name in the schema public; adopt it'
      || ' (vector-store supabase adopt), or choose another name');
  end if;
  insert into vector_store.catalog (terms_version, name, id_kinds, fields, labels, relation)
  values (
    (request ->> 'termsVersion')::integer, request ->> 'name',
    (request -> 'idKinds')::jsonb, (request -> 'fields')::jsonb, (request -> 'labels')::jsonb, 'vector_store.catalog')
  returning * into c;
  update vector_store.catalog k set relation = vector_store.make_table(c) where k.id = c.id returning * into c;
  return vector_store.with_vectors(c, (request -> 'vectors')::jsonb);
end
$$;

create or replace function public.vector_store_describe(json) returns json
language sql stable security definer as $$
  select vector_store.described(c) from vector_store.named($1 ->> 'collection') c where c.id is not null
$$;

-- The names, and if they are asked for the tables that adopted ones are.
create or replace function public.vector_store_collections(json) returns json
language sql stable security definer as $$
  select coalesce(json_agg(case when $1 ->> 'tables' is null then to_json(c.name)
      else json_build_object('name', c.name, 'table', n.nspname || '.' || t.relname) end order by c.name), '[]')
  from vector_store.catalog c
  left join pg_class t on t.oid = c.relation and c.adopted
  left join pg_namespace n on n.oid = t.relnamespace
$$;

create or replace function public.vector_store_drop(json) returns json
language plpgsql security definer as $$
declare
  c vector_store.catalog;
begin
  perform pg_advisory_xact_lock(1986359923, 0);
  c := vector_store.named($1 ->> 'collection');
  if c.id is null then
    return to_json(false);
  elsif c.adopted then
    perform vector_store.fail('PT409', 'it is an adopted table, whose rows are not dropped from here; to let it'
      || ' go, run: select public.vector_store_release(json_build_object(''collection'', ''NAME''))');
  end if;
  perform pg_advisory_xact_lock(1986359923, c.id);
  execute format('drop table %s', c.relation);
  execute format('drop table if exists %s', vector_store.postings_table(c));
  delete from vector_store.catalog k where k.id = c.id;
  return to_json(true);
end
$$;

create or replace function public.vector_store_drop_vector(json) returns json
language plpgsql security definer as $$
declare
  c vector_store.catalog;
  dropped jsonb;
begin
  perform pg_advisory_xact_lock(1986359923, 0);
  c := vector_store.named($1 ->> 'collection');
  if c.id is null then
    perform vector_store.fail('PT404', 'there is no collection of this name');
  elsif c.adopted then
    perform vector_store.fail('PT501', 'it is an adopted table, whose columns are its owner''s; drop the column (alter table'
      || ' ... drop column ...) and adopt the table again');
  end if;
  select v into dropped from jsonb_array_elements(c.vectors) e(v) where v ->> 'name' = $1 ->> 'vector';
  if dropped is null then
    return to_json(false);
  end if;
  perform vector_store.take(c);
  execute format('alter table %s drop column %I', c.relation, dropped ->> 'column');
  update vector_store.catalog k set vectors = (
    select coalesce(jsonb_agg(v order by place), '[]') from jsonb_array_elements(c.vectors) with ordinality e(v, place)
    where v <> dropped) where k.id = c.id;
  return to_json(true);
end
$$;

-- Ids of rows --------------------------------------------------------------------------------------------
-- Bytes in the order of the ids: a kind, then a number's eight, a UUID's sixteen, or a text's UTF-8. A key of
-- several columns, and a negative number, is the text of a JSON array. Indexes of adopted tables are on these,
-- so whoever writes to such a table runs them: they stay open to all, and need nothing else of this schema.

create or replace function vector_store.id_of(key text) returns bytea
language sql immutable strict parallel safe as $$
  select '\x02'::bytea || convert_to(key, 'UTF8')
$$;

create or replace function vector_store.id_of(key uuid) returns bytea
language sql immutable strict parallel safe as $$
  select '\x01'::bytea || uuid_send(key)
$$;

create or replace function vector_store.id_of(key bigint) returns bytea
language sql immutable strict parallel safe as $$
  select case when key >= 0 then '\x00'::bytea || int8send(key)
    else '\x02'::bytea || convert_to('[' || key || ']', 'UTF8') end
$$;

create or replace function vector_store.quoted(key text) returns text
language sql immutable strict parallel safe as $$
  select to_json(key)::text
$$;

-- The texts of the columns of a key.
create or replace function vector_store.key_texts(id bytea, columns integer, plain boolean) returns text[]
language sql immutable parallel safe as $$
  select case get_byte(id, 0)
    when 0 then array[(('x' || encode(substr(id, 2), 'hex'))::bit(64)::bigint)::text]
    when 1 then array[encode(substr(id, 2), 'hex')]
    else case when plain then array[convert_from(substr(id, 2), 'UTF8')]
      else array(select jsonb_array_elements_text(convert_from(substr(id, 2), 'UTF8')::jsonb)) end end
$$;

-- An id for a message.
create or replace function vector_store.id_name(id bytea) returns text
language sql immutable as $$
  select case get_byte(id, 0)
    when 0 then 'the record with number id ' || (('x' || encode(substr(id, 2), 'hex'))::bit(64)::bigint)
    when 1 then 'the record with uuid id ' || encode(substr(id, 2), 'hex')::uuid
    else 'the record with text id ' || left(convert_from(substr(id, 2), 'UTF8'), 80) end
$$;

-- Texts -------------------------------------------------------------------------------------------------
-- The client makes the terms. Each text of a record is one element of terms: the position of its field, a
-- colon, and its terms, each with a space before and behind it: '3: red fox '.

create or replace function vector_store.hashes(terms text[]) returns bigint[]
language sql immutable strict parallel safe as $$
  select array_agg(distinct hashtextextended((split_part(e, ':', 1) || ':' || term) collate "C", 0))
  from unnest(terms) e, unnest(string_to_array(substr(e, strpos(e, ':') + 1), ' ')) term
  where term <> ''
$$;

-- A gap between two runs, which a phrase can have, is no term of postings.
create or replace function vector_store.term_hashes(field text, terms text[]) returns bigint[]
language sql immutable as $$
  select array_agg(distinct hashtextextended((field || ':' || term) collate "C", 0)) from unnest(terms) term where term <> '|'
$$;

create or replace function vector_store.text_sql(
  c vector_store.catalog, field text, parts text[], terms text[]) returns text
language sql immutable as $$
  select format(
    case when c.adopted
      then '(' || c.id_sql || ' in (select t.id from ' || format('vector_store.%I', 'a' || c.id) || ' t where %s))'
      else '(t.terms is not null and %s)' end,
    format(
    case when vector_store.is_ranked(c)
        then 't.id in (select s.id from ' || vector_store.postings_table(c) || ' s where s.hashes @> %L::bigint[])'
        else 'vector_store.hashes(t.terms) @> %L::bigint[]' end
      || ' and exists (select from unnest(t.terms) e where starts_with(e, %L) and %s)',
    vector_store.term_hashes(field, terms),
    field || ':',
    (select string_agg(format('strpos(e, %L) > 0', ' ' || part || ' '), ' and ') from unnest(parts) part)))
$$;

-- Makes the index on the terms that a table holds.
create or replace function vector_store.index_terms(c vector_store.catalog, relation text) returns void
language plpgsql as $$
declare
  postings text := vector_store.postings_table(c);
begin
  if not vector_store.is_ranked(c) then
    execute format('create index on %s using gin (vector_store.hashes(terms))', relation);
    return;
  end if;
  execute format(
    'create table %s (
       id bytea primary key,
       lengths integer[] not null,
       hashes bigint[] not null,
       frequencies smallint[] not null) with (toast_tuple_target = 8160)', postings);
  -- What was written lately is searched one by one, by each term; four times as much, as usual, takes twice as long.
  execute format('create index on %s using gin (hashes) with (gin_pending_list_limit = 1024)', postings);
  execute format('create trigger vector_store_added after insert on %s referencing new table as fresh'
    || ' for each statement execute function vector_store.posted(%L)', relation, c.id);
  execute format('create trigger vector_store_changed after update on %s referencing old table as gone new table as fresh'
    || ' for each statement execute function vector_store.posted(%L)', relation, c.id);
  execute format('create trigger vector_store_removed after delete on %s referencing old table as gone'
    || ' for each statement execute function vector_store.posted(%L)', relation, c.id);
  execute format('create trigger vector_store_emptied after truncate on %s'
    || ' for each statement execute function vector_store.posted(%L)', relation, c.id);
end
$$;

-- What a text is ranked by follows its terms, whoever writes these. Frequencies end at 32,767, where one more would
-- change a score in its fifth digit.
create or replace function vector_store.posted() returns trigger
language plpgsql security definer as $$
declare
  c vector_store.catalog;
begin
  select * into c from vector_store.catalog k where k.id = tg_argv[0]::integer;
  if tg_op = 'TRUNCATE' then
    execute format('delete from %s', vector_store.postings_table(c));
    return null;
  elsif tg_op = 'DELETE' then
    execute format('delete from %s s using gone where s.id = gone.id', vector_store.postings_table(c));
    return null;
  elsif not exists (select from fresh) then
    return null; -- an upsert is an insert and an update, of which one has no rows, as a rule
  end if;
  execute format(
    'insert into %s (id, lengths, hashes, frequencies)
     select t.id, l.lengths, coalesce(w.hashes, ''{}''), coalesce(w.frequencies, ''{}'')
     from %s t
     cross join lateral (select array(
       select coalesce((select sum(length(words) - length(replace(words, '' '', '''')) - 1)
         from unnest(t.terms) e
         -- A gap between two runs, for phrases, is no word.
         cross join lateral (select replace(e, '' | '', '' '') as words) w
         where starts_with(e, field || '':'')), 0)::integer
       from unnest(%L::text[]) with ordinality f(field, place) order by place) as lengths) l
     cross join lateral (
       select array_agg(hashtextextended((field || '':'' || term) collate "C", 0)) as hashes,
         array_agg(least(n, 32767)::smallint) as frequencies
       from (
         select field, term, count(*) as n
         from unnest(t.terms) e
         cross join lateral (select split_part(e, '':'', 1) as field, substr(e, strpos(e, '':'') + 1) as words offset 0) p,
           unnest(string_to_array(words, '' '')) term
         where term not in ('''', ''|'') group by field, term) n) w
     on conflict (id) do update
     set lengths = excluded.lengths, hashes = excluded.hashes, frequencies = excluded.frequencies',
    vector_store.postings_table(c),
    case when tg_op = 'INSERT' then 'fresh' else
      '(select fresh.* from fresh left join gone using (id) where fresh.terms is distinct from gone.terms)' end,
    vector_store.ranked_fields(c.fields));
  return null;
end
$$;

-- Filters -----------------------------------------------------------------------------------------------
-- A filter is an array: its kind, then its arguments. Every condition is true or false, never null.

-- RFC 3339 as microseconds since 1970, or null for any other text.
create or replace function vector_store.micros(value text) returns bigint
language plpgsql immutable strict parallel safe as $$
declare
  p text[];
  day integer;
  first date;
begin
  if length(value) < 20 then
    return null;
  end if;
  p := regexp_match(value, '^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):([0-5][0-9])'
    || ':([0-5][0-9])(?:\.([0-9]{1,64}))?(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))$');
  if p is null or p[1] = '0000' then
    return null;
  end if;
  first := make_date(p[1]::integer, p[2]::integer, 1);
  day := p[3]::integer;
  if day > 28 and extract(month from first + (day - 1)) <> p[2]::integer then
    return null;
  end if;
  return ((first - date '1970-01-01' + day - 1)::bigint * 86400
      + p[4]::integer * 3600 + p[5]::integer * 60 + p[6]::integer
      - coalesce((p[8] || '1')::integer * (p[9]::integer * 3600 + p[10]::integer * 60), 0)) * 1000000
    + coalesce(rpad(left(p[7], 6), 6, '0'), '0')::integer;
end
$$;

create or replace function vector_store.instant_holds(value jsonb, comparison text, bound numeric)
returns boolean
language plpgsql immutable parallel safe as $$
declare
  element jsonb;
  at bigint;
begin
  if jsonb_typeof(value) = 'string' then
    value := jsonb_build_array(value);
  elsif value is null or jsonb_typeof(value) <> 'array' then
    return false;
  end if;
  for element in select jsonb_array_elements(value) loop
    if jsonb_typeof(element) = 'string' then
      at := vector_store.micros(element #>> '{}');
      if at > bound and comparison in ('GT', 'GTE') or at < bound and comparison in ('LT', 'LTE')
          or at = bound and comparison in ('GTE', 'LTE') then
        return true;
      end if;
    end if;
  end loop;
  return false;
end
$$;

-- Whether a text, or a text of a list, has a part. Where case doesn't count, the part is folded by the client, and so are
-- the characters in the text that its fold makes those of the part: no fold of the database's has a say.
create or replace function vector_store.has_part(value jsonb, part text, variants text, folded text) returns boolean
language plpgsql immutable parallel safe as $$
declare
  element jsonb;
begin
  if jsonb_typeof(value) = 'string' then
    value := jsonb_build_array(value);
  elsif value is null or jsonb_typeof(value) <> 'array' then
    return false;
  end if;
  for element in select jsonb_array_elements(value) loop
    if jsonb_typeof(element) = 'string'
        and strpos(translate(element #>> '{}', variants, folded) collate "C", part) > 0 then
      return true;
    end if;
  end loop;
  return false;
end
$$;

-- A value inside of the objects that a path names: what the containment of a payload is compared with.
create or replace function vector_store.wrapped(path jsonb, value jsonb) returns jsonb
language plpgsql immutable as $$
begin
  for i in reverse jsonb_array_length(path) - 1 .. 0 loop
    value := jsonb_build_object(path ->> i, value);
  end loop;
  return value;
end
$$;

-- What a payload's key is in an adopted table.
create or replace function vector_store.entry(c vector_store.catalog, key text) returns jsonb
language sql immutable as $$
  select e from jsonb_array_elements(c.columns) e where e ->> 'key' = entry.key
$$;

-- A column as a value of the payload.
create or replace function vector_store.value_sql(entry jsonb) returns text
language sql immutable as $$
  select format(
    case entry ->> 'kind'
      when 'json' then 'coalesce(to_jsonb(t.%I), ''null'')'
      when 'float' then 'coalesce(vector_store.float_value(t.%I), ''null'')'
      else 'coalesce(to_jsonb(t.%I), ''null'')' end,
    entry ->> 'column')
$$;

-- With a point, so that a whole number stays a double.
create or replace function vector_store.float_value(value double precision) returns jsonb
language sql immutable strict parallel safe as $$
  select case when value in ('NaN', 'Infinity', '-Infinity') then to_jsonb(value::text)
    else to_jsonb(value::text::numeric + 0.0) end
$$;

-- Of half as many digits, which a double would make others of: 0.1 is 0.1.
create or replace function vector_store.float_value(value real) returns jsonb
language sql immutable strict parallel safe as $$
  select case when value in ('NaN', 'Infinity', '-Infinity') then to_jsonb(value::text)
    else to_jsonb(value::text::numeric + 0.0) end
$$;

-- Through objects only: an array has no keys.
create or replace function vector_store.at_sql(c vector_store.catalog, path jsonb) returns text
language sql immutable as $$
  select case
    when not c.adopted then '(' || c.payload_sql || steps || ')'
    when vector_store.entry(c, path ->> 0) is null then 'null::jsonb'
    else '(' || vector_store.value_sql(vector_store.entry(c, path ->> 0)) || deeper || ')' end
  from (
    select coalesce(string_agg(format(' -> %L::text', key), '' order by place), '') as steps,
      coalesce(string_agg(format(' -> %L::text', key), '' order by place) filter (where place > 1), '') as deeper
    from jsonb_array_elements_text(path) with ordinality k(key, place)) k
$$;

-- That a payload, or a column as a value of it, contains what a path leads to. Bare columns have indexes.
create or replace function vector_store.holds_sql(c vector_store.catalog, path jsonb, value jsonb) returns text
language plpgsql immutable as $$
declare
  entry jsonb := case when c.adopted then vector_store.entry(c, path ->> 0) end;
  wanted jsonb := vector_store.wrapped(path, value);
begin
  if not c.adopted then
    return format('(%s @> %L::jsonb)', c.payload_sql, wanted);
  elsif entry is null then
    return 'false';
  elsif entry ->> 'kind' = 'json' and jsonb_typeof(wanted -> (path ->> 0)) in ('object', 'array') then
    return format('(t.%1$I is not null and t.%1$I @> %2$L::jsonb)', entry ->> 'column', wanted -> (path ->> 0));
  elsif entry ->> 'kind' = 'text' and jsonb_typeof(wanted -> (path ->> 0)) = 'string' then
    return format('(t.%1$I is not null and t.%1$I = %2$L)', entry ->> 'column', wanted ->> (path ->> 0));
  elsif entry ->> 'kind' = 'integer' and (wanted ->> (path ->> 0)) ~ '^-?[0-9]{1,18}$'
      and jsonb_typeof(wanted -> (path ->> 0)) = 'number' then
    return format('(t.%1$I is not null and t.%1$I = %2$L::bigint)', entry ->> 'column', wanted ->> (path ->> 0));
  end if;
  return format('(jsonb_build_object(%L::text, %s) @> %L::jsonb)', path ->> 0, vector_store.value_sql(entry), wanted);
end
$$;

-- A scalar at a path, or in the list that is there.
create or replace function vector_store.scalar_sql(c vector_store.catalog, path jsonb, value jsonb) returns text
language sql immutable as $$
  select '(' || vector_store.holds_sql(c, path, value) || ' or '
    || vector_store.holds_sql(c, path, jsonb_build_array(value)) || ')'
$$;

create or replace function vector_store.scalars_sql(c vector_store.catalog, path jsonb, choices jsonb)
returns text
language sql immutable as $$
  select case when jsonb_array_length(choices) <= 100 then (
    select '(' || string_agg(vector_store.scalar_sql(c, path, choice), ' or ') || ')'
    from jsonb_array_elements(choices) choice)
  else format(
    'coalesce(case jsonb_typeof(%1$s) when ''array'' then exists ('
      || 'select from jsonb_array_elements(%1$s) e where e = any (%2$L::jsonb[]))'
      || ' else %1$s = any (%2$L::jsonb[]) end, false)',
    vector_store.at_sql(c, path), array(select jsonb_array_elements(choices)))
  end
$$;

-- Numbers with a number, and texts with a text: SQL/JSON compares these by code point, whatever the collation.
drop function if exists vector_store.number_sql(vector_store.catalog, jsonb, text, jsonb);
create or replace function vector_store.compared_sql(
  c vector_store.catalog, path jsonb, comparison text, bound jsonb) returns text
language sql immutable as $$
  select format(
    '(coalesce(jsonb_path_exists(%1$s, %2$L, %4$L, true), false)'
      || ' or coalesce(jsonb_path_exists(%1$s, %3$L, %4$L, true), false))',
    vector_store.at_sql(c, path), 'strict $ ? (@ ' || o || ' $bound)', 'strict $[*] ? (@ ' || o || ' $bound)',
    jsonb_build_object('bound', bound))
  from (select case comparison when 'GT' then '>' when 'GTE' then '>=' when 'LT' then '<' when 'LTE' then '<=' end o) x
$$;

create or replace function vector_store.contains_sql(c vector_store.catalog, path jsonb, value jsonb) returns text
language sql immutable as $$
  select case
    when jsonb_typeof(value) not in ('object', 'array') then vector_store.scalar_sql(c, path, value)
    when jsonb_array_length(path) > 0 then vector_store.holds_sql(c, path, value)
    when not c.adopted then format('(%s @> %L::jsonb)', c.payload_sql, value)
    else (select '(' || string_agg(vector_store.holds_sql(c, jsonb_build_array(key), part), ' and ') || ')'
      from jsonb_each(value) e(key, part)) end
$$;

create or replace function vector_store.ids_of(hex jsonb) returns bytea[]
language sql immutable as $$
  select array(select decode(h, 'hex') from jsonb_array_elements_text(hex) h)
$$;

create or replace function vector_store.strings(list jsonb) returns text[]
language sql immutable as $$
  select array(select jsonb_array_elements_text(list))
$$;

create or replace function vector_store.group_sql(c vector_store.catalog, filter jsonb, connective text)
returns text
language plpgsql as $$
begin
  if jsonb_array_length(filter) < 2 then
    perform vector_store.fail('PT400', 'a group of a filter is empty');
  end if;
  return '(' || (
    select string_agg(vector_store.condition(c, part), connective order by place)
    from jsonb_array_elements(filter) with ordinality p(part, place) where place > 1) || ')';
end
$$;

create or replace function vector_store.require_terms(c vector_store.catalog) returns void
language plpgsql stable as $$
begin
  if not c.terms_ready then
    perform vector_store.fail('PT501', 'the terms of records that were there already are still to be made; run'
      || ' SupabaseTables.makeTerms (vector-store supabase adopt --terms), which goes on where it was');
  end if;
end
$$;

-- What selects the rows of a filter.
create or replace function vector_store.condition(c vector_store.catalog, filter jsonb) returns text
language plpgsql as $$
declare
  made text;
begin
  if filter ->> 0 in ('text', 'phrase') then
    perform vector_store.require_terms(c);
  end if;
  made := case filter ->> 0
    when 'and' then vector_store.group_sql(c, filter, ' and ')
    when 'or' then vector_store.group_sql(c, filter, ' or ')
    when 'not' then '(not ' || vector_store.condition(c, filter -> 1) || ')'
    when 'ids' then format('(%s = any (%L::bytea[]))', c.id_sql, vector_store.ids_of(filter -> 1))
    when 'eq' then vector_store.scalar_sql(c, filter -> 1, filter -> 2)
    when 'in' then vector_store.scalars_sql(c, filter -> 1, filter -> 2)
    when 'number' then vector_store.compared_sql(c, filter -> 1, filter ->> 2, filter -> 3)
    when 'string' then vector_store.compared_sql(c, filter -> 1, filter ->> 2, filter -> 3)
    when 'instant' then format('vector_store.instant_holds(%s, %L, %L::numeric)',
      vector_store.at_sql(c, filter -> 1), filter ->> 2, filter ->> 3)
    when 'exists' then '(' || vector_store.at_sql(c, filter -> 1) || ' is not null)'
    when 'null' then vector_store.scalar_sql(c, filter -> 1, 'null')
    when 'contains' then vector_store.contains_sql(c, filter -> 1, filter -> 2)
    when 'part' then format('vector_store.has_part(%s, %L, %L, %L)',
      vector_store.at_sql(c, filter -> 1), filter ->> 2, filter ->> 3, filter ->> 4)
    when 'text' then vector_store.text_sql(
      c, filter ->> 1, vector_store.strings(filter -> 2), vector_store.strings(filter -> 2))
    when 'phrase' then vector_store.text_sql(
      c, filter ->> 1, array[array_to_string(vector_store.strings(filter -> 2), ' ')],
      vector_store.strings(filter -> 2))
  end;
  if made is null then
    perform vector_store.fail('PT400', 'the filter has a part that this version doesn''t know; run the newest'
      || ' vector-store.sql');
  end if;
  return made;
end
$$;

create or replace function vector_store.where_sql(c vector_store.catalog, filter json) returns text
language sql as $$
  select case when filter is null or json_typeof(filter) = 'null' then 'true'
    else vector_store.condition(c, filter::jsonb) end
$$;

-- Adopting a table ---------------------------------------------------------------------------------------

-- The columns of the primary key, or of another unique index that no null can escape.
create or replace function vector_store.key_of(relation regclass) returns text[]
language sql stable as $$
  select array(
    select a.attname::text from unnest(i.indkey::smallint[]) with ordinality k(attnum, place)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum order by place)
  from pg_index i
  where i.indrelid = relation and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
    and not exists (
      select from unnest(i.indkey::smallint[]) k(attnum)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum where not a.attnotnull)
  order by i.indisprimary desc, i.indexrelid limit 1
$$;

create or replace function vector_store.type_of(relation regclass, name text) returns text
language sql stable as $$
  select t.typname::text from pg_attribute a join pg_type t on t.oid = a.atttypid
  where a.attrelid = relation and a.attname = name and a.attnum > 0 and not a.attisdropped
$$;

-- A row's id in SQL; the index on it must stay the same from version to version.
create or replace function vector_store.row_id_sql(relation regclass, keys text[], alias text) returns text
language plpgsql stable as $$
declare
  kinds text[] := array(select vector_store.type_of(relation, k) from unnest(keys) k);
  made text;
begin
  if not kinds <@ array['int2', 'int4', 'int8', 'uuid', 'text', 'varchar', 'bool'] then
    perform vector_store.fail('PT501', 'its key has a column that is neither an integer, a uuid, a text nor a boolean');
  elsif cardinality(keys) = 1 and kinds[1] in ('int2', 'int4', 'int8') then
    return format('vector_store.id_of(%s%I::bigint)', alias, keys[1]);
  elsif cardinality(keys) = 1 and kinds[1] = 'uuid' then
    return format('vector_store.id_of(%s%I)', alias, keys[1]);
  elsif cardinality(keys) = 1 and kinds[1] in ('text', 'varchar') then
    return format('vector_store.id_of(%s%I::text)', alias, keys[1]);
  end if;
  select string_agg(
    case when kind in ('int2', 'int4', 'int8', 'bool') then format('%s%I::text', alias, key)
      else format('vector_store.quoted(%s%I::text)', alias, key) end,
    ' || '','' || ' order by place)
  into made from unnest(keys, kinds) with ordinality k(key, kind, place);
  return format('vector_store.id_of(''['' || %s || '']'')', made);
end
$$;

-- The columns that become keys of the payload: all but the vectors.
create or replace function vector_store.columns_of(relation regclass, renamed jsonb) returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object(
      'column', a.attname, 'key', coalesce(renamed ->> a.attname::text, a.attname::text), 'type', t.typname,
      'kind', case
        when t.typname = 'jsonb' then 'json' when t.typname in ('text', 'varchar') then 'text'
        when t.typname in ('int2', 'int4', 'int8') then 'integer'
        when t.typname in ('float4', 'float8') then 'float' else 'other' end,
      'generated', a.attgenerated <> '') order by a.attnum), '[]')
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
    and t.typname not in ('vector', 'halfvec', 'sparsevec')
$$;

create or replace function vector_store.row_payload_sql(columns jsonb) returns text
language sql immutable as $$
  select '(' || string_agg(part, ' || ' order by part_number) || ')' from (
    select 'jsonb_build_object(' || string_agg(format('%L::text, %s', e ->> 'key', vector_store.value_sql(e)), ', ') || ')'
      as part, place / 40 as part_number
    from jsonb_array_elements(columns) with ordinality c(e, place) group by place / 40) parts
$$;

create or replace function vector_store.declared_fields(columns jsonb) returns jsonb
language sql immutable as $$
  select coalesce(jsonb_agg(jsonb_build_object('path', jsonb_build_array(e ->> 'key'), 'type',
    case when e ->> 'key' in ('content', 'summary') and e ->> 'kind' = 'text' then 'TERMS'
      when e ->> 'kind' = 'text' then 'KEYWORD' when e ->> 'kind' in ('integer', 'float') then 'NUMBER'
      when e ->> 'type' = 'bool' then 'BOOLEAN' else 'INSTANT' end) order by place), '[]')
  from jsonb_array_elements(columns) with ordinality c(e, place)
  where e ->> 'kind' in ('text', 'integer', 'float') or e ->> 'type' in ('bool', 'timestamptz')
$$;

-- The fields with those ranked that an adoption asks for: texts of columns, or within a column of jsonb.
create or replace function vector_store.with_ranked(c vector_store.catalog, paths jsonb) returns jsonb
language plpgsql stable as $$
declare
  path jsonb;
  entry jsonb;
  fields jsonb := c.fields;
  present text;
begin
  for path in select jsonb_array_elements(coalesce(paths, '[]')) loop
    entry := vector_store.entry(c, path ->> 0);
    present := (select f ->> 'type' from jsonb_array_elements(fields) f where f -> 'path' = path);
    if entry is null or entry ->> 'kind' not in ('text', 'json') or jsonb_array_length(path) > 1 and entry ->> 'kind' = 'text' then
      perform vector_store.fail('PT400', format('the field %s can''t be ranked: it is no column of texts, and in none of'
        || ' jsonb', path));
    elsif present not in ('KEYWORD', 'TERMS', 'TEXT') then
      perform vector_store.fail('PT409', format('the field %s is declared as %s, and can''t be ranked', path, present));
    end if;
    fields := case when present is null
      then fields || jsonb_build_array(jsonb_build_object('path', path, 'type', 'TEXT'))
      else (
        select jsonb_agg(case when f -> 'path' = path then jsonb_set(f, '{type}', '"TEXT"') else f end order by place)
        from jsonb_array_elements(fields) with ordinality f(f, place)) end;
  end loop;
  return fields;
end
$$;

-- The metric of the indexes on a column; where they don't agree on one, the one that is said, or else cosine without any.
create or replace function vector_store.metric_of(relation regclass, name text, said text) returns text
language plpgsql stable as $$
declare
  metrics text[] := array(
    select distinct case when ops like '%\_ip\_ops' then 'DOT' when ops like '%\_l2\_ops' then 'EUCLIDEAN' else 'COSINE' end
    from vector_store.indexes_of(relation, name));
begin
  if cardinality(metrics) <> 1 and said is not null then
    return said;
  elsif cardinality(metrics) > 1 then
    perform vector_store.fail('PT409', format('the indexes on its column %I are of several metrics (%s); say which one'
      || ' searches shall have', name, array_to_string(metrics, ', ')));
  end if;
  return coalesce(metrics[1], 'COSINE');
end
$$;

-- The dimension of a column, or of its first vector where it takes any; null where it has none yet.
create or replace function vector_store.dimension_of(relation regclass, name text) returns integer
language plpgsql stable as $$
declare
  dimension integer := (select atttypmod from pg_attribute where attrelid = relation and attname = name);
begin
  if dimension < 1 then
    execute format('select vector_dims(%1$I) from %2$s where %1$I is not null limit 1', name, relation)
    into dimension;
  end if;
  return dimension;
end
$$;

-- The vectors of a table: those of all its columns that have vectors, by the names of these. The plain one is the one that
-- is chosen, that was plain when the table was adopted before, or the only one.
create or replace function vector_store.vectors_of(c vector_store.catalog, relation regclass, request json) returns jsonb
language plpgsql stable as $$
declare
  names text[] := array(
    select a.attname::text from pg_attribute a join pg_type t on t.oid = a.atttypid
    where a.attrelid = relation and a.attnum > 0 and not a.attisdropped and t.typname in ('vector', 'halfvec')
    order by a.attnum);
  plain text := coalesce(request ->> 'vectorColumn',
    (select v ->> 'column' from jsonb_array_elements(c.vectors) e(v)
     where v ->> 'name' = '' and v ->> 'column' = any (names)),
    case when cardinality(names) = 1 then names[1] end);
  name text;
  dimension integer;
  vectors jsonb := '[]';
begin
  if plain is not null and plain <> all (names) then
    perform vector_store.fail('PT400', format('it has no column %I of the type vector or halfvec', plain));
  end if;
  foreach name in array names loop
    dimension := vector_store.dimension_of(relation, name);
    if dimension is null and name = plain then
      perform vector_store.fail('PT400', format('its column %I has no dimension and no vectors; set it: alter table'
        || ' %s alter column %1$I type %s(N)', name, relation, vector_store.type_of(relation, name)));
    end if;
    continue when dimension is null;
    vectors := vectors || jsonb_build_array(jsonb_build_object(
      'name', case when name = plain then '' else name end, 'column', name, 'type', vector_store.type_of(relation, name),
      'dimension', dimension,
      'metric', coalesce(case when name = plain then request ->> 'metric' end,
        vector_store.metric_of(relation, name, request ->> 'metric'))));
  end loop;
  return vectors;
end
$$;

-- What the owner of a table should know, with the statement that mends it.
create or replace function vector_store.notes_on(c vector_store.catalog) returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(note), '[]') from (
    select format('the index %s is of the kind ivfflat, whose lists are those of the rows that were there when it was'
      || ' made; made on an empty table it finds few of the true neighbours, so it is passed by and searches compare every row.'
      || ' For fast ones: create index concurrently on %s using hnsw (%I %s); drop index %1$s;',
      i.index, c.relation, v ->> 'column', v ->> 'type' || vector_store.index_ops(v ->> 'metric')) as note
    from jsonb_array_elements(c.vectors) e(v), vector_store.indexes_of(c.relation, v ->> 'column') i
    where i.kind = 'ivfflat'
    union all
    select format(case t.typname when 'sparsevec' then 'the column %I isn''t read: no record can hold sparse vectors'
      else 'the column %I isn''t read until it has a vector, since it has no dimension; adopt the table again then' end,
      a.attname)
    from pg_attribute a join pg_type t on t.oid = a.atttypid
    where a.attrelid = c.relation and not a.attisdropped and t.typname in ('vector', 'halfvec', 'sparsevec')
      and not exists (select from jsonb_array_elements(c.vectors) e(v) where v ->> 'column' = a.attname)
    union all
    select format('it has several vectors, each of which goes by its name: %s; for one that needs none, adopt the table again'
      || ' and say its column (vectorColumn, --vector-column)', vector_store.vectors_text(c.vectors))
    where jsonb_array_length(c.vectors) > 1 and not c.vectors @> '[{"name": ""}]'
    union all
    select 'row-level security is on: writes through this collection pass it by, as the service_role key does'
    from pg_class k where k.oid = c.relation and k.relrowsecurity) n
$$;

-- The table that an adoption means: of the schema that it says, else of the client's usual one, else with a schema before
-- the name.
create or replace function vector_store.table_of(request json) returns regclass
language sql stable as $$
  select t.oid::regclass from pg_class t join pg_namespace n on n.oid = t.relnamespace
  where t.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname <> 'vector_store'
    and case when request ->> 'schema' is not null
      then n.nspname = request ->> 'schema' and t.relname = request ->> 'table'
      else n.nspname = coalesce(request ->> 'usualSchema', 'public') and t.relname = request ->> 'table'
        or n.nspname || '.' || t.relname = request ->> 'table' end
  order by n.nspname = coalesce(request ->> 'usualSchema', 'public') and t.relname = request ->> 'table' desc,
    length(n.nspname) limit 1
$$;

create or replace function vector_store.adoptable(request json) returns regclass
language plpgsql stable as $$
declare
  relation regclass := vector_store.table_of(request);
begin
  if relation is null then
    perform vector_store.fail('PT404', 'there is no such table ' || case when request ->> 'schema' is null
      then 'of this name alone, nor with that of its schema before it' else 'in the schema ' || (request ->> 'schema') end);
  elsif (select relkind from pg_class where oid = relation) not in ('r', 'p') then
    perform vector_store.fail('PT400', 'it isn''t a table');
  elsif row_security_active(relation) then
    perform vector_store.fail('PT409', 'row-level security hides rows of it from the owner of our functions;'
      || ' install vector-store.sql as the owner of the table');
  elsif vector_store.key_of(relation) is null then
    perform vector_store.fail('PT501', 'it has no primary key, so its rows have no ids; add one: alter table '
      || relation || ' add primary key (...)');
  end if;
  return relation;
end
$$;

create or replace function vector_store.renamed(relation regclass, request json) returns jsonb
language plpgsql stable as $$
declare
  wanted record;
  names jsonb := '{}';
begin
  for wanted in select * from (values
      ('content', request ->> 'contentColumn'), ('metadata', request ->> 'metadataColumn')) w(key, name)
      where name is not null loop
    if vector_store.type_of(relation, wanted.name) is null then
      perform vector_store.fail('PT400', format('it has no column %I', wanted.name));
    elsif wanted.name <> wanted.key and vector_store.type_of(relation, wanted.key) is not null then
      perform vector_store.fail('PT409', format('it has a column %I beside %I, and both would be the payload''s %1$I',
        wanted.key, wanted.name));
    end if;
    names := names || jsonb_build_object(wanted.name, wanted.key);
  end loop;
  return names;
end
$$;

-- The name of an adopted table's collection: what was asked for, else the table's, behind its schema's but for public.
create or replace function vector_store.adopted_name(wanted regclass, request json) returns text
language plpgsql stable as $$
declare
  name text := coalesce(request ->> 'collection', (
    select case when n.nspname = 'public' then t.relname::text else n.nspname || '.' || t.relname end
    from pg_class t join pg_namespace n on n.oid = t.relnamespace where t.oid = wanted));
begin
  if (vector_store.find(name)).id is not null then
    perform vector_store.fail('PT409', 'there is another collection of this name; say another for this one');
  elsif vector_store.table_in_public(name) <> wanted then
    perform vector_store.fail('PT409', 'there is another table of this name in the schema public, which the collection'
      || ' would hide; say another for the collection');
  end if;
  return name;
end
$$;

-- Makes an existing table a collection, without touching a row: it gets one more index, on its rows' ids.
-- Doing it again takes in columns that were added since; the name stays.
create or replace function public.vector_store_adopt(json) returns json
language plpgsql security definer as $$
declare
  request alias for $1;
  c vector_store.catalog;
  wanted regclass;
begin
  perform pg_advisory_xact_lock(1986359923, 0);
  wanted := vector_store.adoptable(request);
  select * into c from vector_store.catalog k where k.adopted and k.relation = wanted;
  if c.id is null then
    c.name := vector_store.adopted_name(wanted, request);
  elsif c.name <> request ->> 'collection' then
    perform vector_store.fail('PT409', 'it is adopted under the name ' || c.name || '; release it first');
  else
    perform pg_advisory_xact_lock(1986359923, c.id);
  end if;
  c := vector_store.adopted(c, wanted, request);
  return json_build_object('described', vector_store.described(c), 'notes', vector_store.notes_on(c));
end
$$;

create or replace function vector_store.adopted(c vector_store.catalog, relation regclass, request json)
returns vector_store.catalog
language plpgsql as $$
declare
  known integer := c.id;
  texts jsonb := vector_store.text_fields(c.fields);
  ranked text[] := vector_store.ranked_fields(c.fields);
begin
  c.key_columns := vector_store.key_of(relation);
  c.columns := vector_store.columns_of(relation, vector_store.renamed(relation, request));
  c.vectors := vector_store.vectors_of(c, relation, request);
  c.id_sql := vector_store.row_id_sql(relation, c.key_columns, 't.');
  c.payload_sql := vector_store.row_payload_sql(c.columns);
  c.fields := vector_store.merged_fields(coalesce(c.fields, '[]'), vector_store.declared_fields(c.columns));
  c.fields := vector_store.with_ranked(c, (request -> 'ranked')::jsonb);
  if known is null then
    -- Not unique, which the key is already: an insert that meets another's would be refused by this one.
    execute format('create index %I on %s ((%s))', relation::oid || '_vector_store_id', relation,
      vector_store.row_id_sql(relation, c.key_columns, ''));
    execute format('analyze %s', relation);
    insert into vector_store.catalog (
      terms_version, name, id_kinds, fields, labels, relation, adopted, terms_ready)
    values ((request ->> 'termsVersion')::integer, c.name,
      (case when c.id_sql like '%::bigint)' then '["NUMBER", "TEXT"]' when c.id_sql like '%::text%' then '["TEXT"]'
        else '["UUID"]' end)::jsonb,
      '[]', '{}', relation, true, vector_store.text_fields(c.fields) = '[]')
    returning id into known;
  end if;
  update vector_store.catalog k set
    vectors = c.vectors, fields = c.fields, id_sql = c.id_sql, payload_sql = c.payload_sql,
    key_columns = c.key_columns, columns = c.columns
  where k.id = known returning k.* into c;
  return case when vector_store.text_fields(c.fields) <> texts or vector_store.ranked_fields(c.fields) <> ranked
    then vector_store.with_more_texts(c) else c end;
end
$$;

-- Lets an adopted table go; its rows stay.
create or replace function public.vector_store_release(json) returns json
language plpgsql security definer as $$
declare
  c vector_store.catalog;
begin
  perform pg_advisory_xact_lock(1986359923, 0);
  c := vector_store.named($1 ->> 'collection');
  if c.id is null or not c.adopted then
    return to_json(false);
  end if;
  perform pg_advisory_xact_lock(1986359923, c.id);
  perform vector_store.unwatch(c);
  execute format('drop index %I.%I', (select n.nspname from pg_class k join pg_namespace n on n.oid = k.relnamespace
    where k.oid = c.relation), c.relation::oid || '_vector_store_id');
  delete from vector_store.catalog k where k.id = c.id;
  return to_json(true);
end
$$;

-- Reading -----------------------------------------------------------------------------------------------

-- The parts of a row that a request asks for, as the elements of an array; the vectors last, in the order of its names.
create or replace function vector_store.parts_sql(c vector_store.catalog, request json) returns text
language sql stable as $$
  select format('encode(%s, ''hex''), %s%s', c.id_sql,
    case
      when coalesce(json_typeof(request -> 'fields'), 'null') = 'null' then c.payload_sql
      when json_array_length(request -> 'fields') = 0 then '''{}''::jsonb'
      else format('coalesce((select jsonb_object_agg(key, value) from jsonb_each(%s)'
        || ' where key = any (%L::text[])), ''{}'')',
        c.payload_sql, vector_store.strings((request -> 'fields')::jsonb))
    end,
    -- A third of the time of their texts, which would be twice as long.
    (select string_agg(format(', encode(vector_send(%s), ''base64'')',
       vector_store.vector_sql(vector_store.vector_of(c, name))), '' order by place)
     from json_array_elements_text(request -> 'vectors') with ordinality e(name, place)))
$$;

create or replace function public.vector_store_fetch(json) returns json
language plpgsql stable security definer as $$
declare
  request alias for $1;
  c vector_store.catalog := vector_store.opened(request);
  answer json;
begin
  execute format('select coalesce(json_agg(json_build_array(%s)), ''[]'') from %s t where %s = any ($1)',
    vector_store.parts_sql(c, request), c.relation, c.id_sql)
  into answer using vector_store.ids_of((request -> 'ids')::jsonb);
  return answer;
end
$$;

-- The columns that these parts are made of: a row as a whole would bring all its vectors.
create or replace function vector_store.columns_read(c vector_store.catalog, request json) returns text
language sql stable as $$
  select string_agg(distinct format('t.%I', name), ', ') from (
    select unnest(case when c.adopted then c.key_columns else '{id,payload}' end)
    union all
    select e ->> 'column' from jsonb_array_elements(c.columns) e
    union all
    select vector_store.vector_of(c, v) ->> 'column' from json_array_elements_text(request -> 'vectors') v) n(name)
$$;

-- A page is cut short where it would be too large for one answer.
create or replace function public.vector_store_scan(json) returns json
language plpgsql stable security definer as $$
declare
  request alias for $1;
  c vector_store.catalog := vector_store.opened(request);
  answer json;
begin
  execute format(
    'with page as materialized (
       select t.*, %2$s as vs_id,
         row_number() over (order by %2$s) as vs_place,
         sum(pg_column_size(t.*)) over (order by %2$s rows unbounded preceding) as vs_bytes
       from (select %5$s from %1$s t where (%3$s) and %2$s > $1 order by %2$s limit $2 + 1) t),
     shown as materialized (
       select * from page t where vs_place <= $2 and (vs_place = 1 or vs_bytes <= $3))
     select json_build_object(
       ''rows'', coalesce(json_agg(json_build_array(%4$s)), ''[]''),
       ''next'', case when (select count(*) from page) > count(*)
         then (select encode(vs_id, ''hex'') from shown order by vs_place desc limit 1) end)
     from (select * from shown order by vs_place) t',
    c.relation, c.id_sql, vector_store.where_sql(c, request -> 'filter'), vector_store.parts_sql(c, request),
    vector_store.columns_read(c, request))
  into answer
  using decode(coalesce(request ->> 'after', ''), 'hex'), (request ->> 'limit')::integer,
    (request ->> 'bytes')::bigint;
  return answer;
end
$$;

create or replace function public.vector_store_count(json) returns json
language plpgsql stable security definer as $$
declare
  request alias for $1;
  c vector_store.catalog := vector_store.opened(request);
  answer bigint;
begin
  execute format('select count(*) from %s t where %s', c.relation, vector_store.where_sql(c, request -> 'filter'))
  into answer;
  return to_json(answer);
end
$$;

-- Searching ---------------------------------------------------------------------------------------------

-- The vector that a query is about.
create or replace function vector_store.using_of(c vector_store.catalog, query json) returns jsonb
language sql stable as $$
  select vector_store.vector_of(c, coalesce(query ->> 'using', ''))
$$;

-- The score of a distance.
create or replace function vector_store.score_of_sql(v jsonb, distance text) returns text
language sql immutable as $$
  select case v ->> 'metric' when 'COSINE' then '1 - ' else '-' end || distance
$$;

create or replace function vector_store.hit_sql(c vector_store.catalog, query json) returns text
language sql stable as $$
  select 'json_build_array(' || vector_store.parts_sql(c, query) || ', '
    || vector_store.score_of_sql(vector_store.using_of(c, query), 'vs_distance') || ')'
$$;

-- The nearest rows; kind is 'index', 'half' (an index of less precise vectors, whose candidates are
-- compared again) or 'exact' (the order of the scores, and of the ids of equal ones, which no index has).
create or replace function vector_store.nearest_sql(c vector_store.catalog, query json, kind text) returns text
language sql stable as $$
  select format(
    'select %1$s from (
       select t.*, %2$s %3$s $1 as vs_distance from %4$s t
       where %8$s and (%5$s) order by %6$s limit %7$s) t
     where vs_distance < ''NaN'' order by %9$s limit $2',
    vector_store.hit_sql(c, query) || ' as hit, vs_distance',
    vector_store.vector_sql(v), vector_store.operator(v ->> 'metric'), c.relation,
    vector_store.where_sql(c, query -> 'filter'),
    case kind
      when 'exact' then format('-(%s), %s', vector_store.score_of_sql(v,
        format('(%s %s $1)', vector_store.vector_sql(v), vector_store.operator(v ->> 'metric'))), c.id_sql)
      when 'half' then format('%s %s $1::halfvec(%s)', vector_store.indexed_sql(c, v), vector_store.operator(v ->> 'metric'),
        v ->> 'dimension')
      else format('%s %s $1', vector_store.vector_sql(v), vector_store.operator(v ->> 'metric')) end,
    case kind when 'half' then '4 * $2 + 40' else '$2' end,
    vector_store.searched_sql(c, v),
    case kind when 'exact' then format('-(%s), %s', vector_store.score_of_sql(v, 'vs_distance'), c.id_sql)
      else 'vs_distance' end)
  from vector_store.using_of(c, query) v
$$;

-- How Postgres would go about a query of the nearest. Only a volatile function may ask; it reads no rows.
create or replace function vector_store.plan_of(query text, near vector, wanted integer, few bigint) returns json
language plpgsql as $$
declare
  plan json;
begin
  execute 'explain (format json) ' || query into plan using near, wanted, few;
  return plan;
end
$$;

-- The nearest of the rows that pass a filter, by comparing all of these; null if that wouldn't pay: if more pass
-- than twice as many rows as the index would visit, since a visit is about twice the work, or if there is no short
-- way to the rows that pass. Of the candidates nearest to the query so many have passed: Postgres has no statistics
-- of large payloads that would tell.
create or replace function vector_store.nearest_of_few(
  c vector_store.catalog, query json, wanted integer, passed integer, candidates integer) returns json
language plpgsql stable as $$
declare
  v jsonb := vector_store.using_of(c, query);
  share numeric := greatest(passed, 0.5) / candidates;
  visits bigint := wanted / share;
  few bigint := least(2 * visits, 100000);
  n numeric := (select sum(greatest(r.reltuples, 0)) from pg_class r where r.relkind = 'r'
    and (r.oid = c.relation or r.oid in (select p.relid from pg_partition_tree(c.relation) p)));
  passing text := format(
    'select t.tableoid as vs_table, t.ctid as vs_row, %s %s $1 as vs_distance from %s t where %s and (%s) limit $3 + 1',
    vector_store.vector_sql(v), vector_store.operator(v ->> 'metric'), c.relation, vector_store.searched_sql(c, v),
    vector_store.where_sql(c, query -> 'filter'));
  plan json;
  answer json;
begin
  if passed * n / candidates > 2 * few then
    return null;
  end if;
  plan := vector_store.plan_of(passing, (query ->> 'vector')::vector, wanted, few);
  if (plan #>> '{0,Plan,Total Cost}')::numeric > 10 * visits
    or plan::text !~ '"(Index|Recheck) Cond"' and n > 4 * visits then
    return null;
  end if;
  -- Rows are named by their places, so that none has to be kept whole.
  execute format(
    'with passing as materialized (%s), best as materialized (
       select * from passing where vs_distance < ''NaN'' order by vs_distance limit $2)
     select coalesce(json_agg(%s order by vs_distance), ''[]'')
     from best join %s t on t.ctid = vs_row and t.tableoid = vs_table
     having (select count(*) from passing) <= $3',
    passing, vector_store.hit_sql(c, query), c.relation)
  into answer using (query ->> 'vector')::vector, wanted, few;
  return answer;
end
$$;

-- The first rows by id that pass the filter and that a search by the vector would never find.
create or replace function vector_store.lacking(c vector_store.catalog, query json) returns json
language plpgsql stable as $$
declare
  v jsonb := vector_store.using_of(c, query);
  answer json;
begin
  execute format(
    'select coalesce(json_agg(json_build_array(%1$s, 0) order by %2$s), ''[]'') from (
       select %3$s from %4$s t
       where (%5$s) and case when %6$s then %7$s %8$s $1 < ''NaN'' end is not true order by %2$s limit $2) t',
    vector_store.parts_sql(c, query), c.id_sql, vector_store.columns_read(c, query), c.relation,
    vector_store.where_sql(c, query -> 'filter'), vector_store.searched_sql(c, v), vector_store.vector_sql(v),
    vector_store.operator(v ->> 'metric'))
  into answer using (query ->> 'vector')::vector, (query ->> 'limit')::integer;
  return answer;
end
$$;

-- Whether half precision can say where a query leads, which under cosine has a length of 1.
create or replace function vector_store.fits_half(query text) returns boolean
language sql immutable as $$
  select max(abs(x)) between 0.001 and 65504 from unnest(query::vector::real[]) x
$$;

create or replace function vector_store.nearest(c vector_store.catalog, query json) returns json
language plpgsql stable as $$
declare
  v jsonb := vector_store.using_of(c, query);
  indexed text := vector_store.indexed_sql(c, v);
  kind text := case when (query ->> 'exact')::boolean or indexed is null then 'exact'
    when v ->> 'type' = 'halfvec' and v ->> 'metric' <> 'COSINE'
      and not vector_store.fits_half(query ->> 'vector') then 'exact'
    when v ->> 'type' = 'halfvec' or (v ->> 'dimension')::integer > 2000 then 'half' else 'index' end;
  wanted integer := (query ->> 'limit')::integer;
  -- Unless asked: 200 candidates found 98 of 100 of the nearest to queries far from all rows, 100 found 91.
  candidates integer := least(1000, greatest(coalesce((query ->> 'effort')::integer, 200),
    case kind when 'half' then 4 * wanted + 40 else wanted end));
  counted constant text := 'select count(*), coalesce(json_agg(hit), ''[]'') from (%s) h';
  going_on text := current_setting('hnsw.iterative_scan', true);
  found integer;
  answer json;
begin
  perform set_config('hnsw.ef_search', candidates::text, true);
  if kind <> 'exact' and going_on <> 'off' and coalesce(json_typeof(query -> 'filter'), 'null') <> 'null' then
    -- The index goes on until enough of its rows pass the filter. At first it doesn't, to see how many do.
    perform set_config('hnsw.iterative_scan', 'off', true);
    execute format(counted, vector_store.nearest_sql(c, query, kind))
    into found, answer using (query ->> 'vector')::vector, wanted;
    perform set_config('hnsw.iterative_scan', going_on, true);
    if found < wanted then
      answer := vector_store.nearest_of_few(c, query, wanted, found, candidates);
    end if;
    if answer is not null then
      return answer;
    end if;
  end if;
  loop
    execute format(counted, vector_store.nearest_sql(c, query, kind))
    into found, answer using (query ->> 'vector')::vector, wanted;
    -- An index may give up early, so a short answer is asked for again without one.
    exit when found >= wanted or kind = 'exact';
    kind := 'exact';
  end loop;
  return answer;
end
$$;

-- Ranking texts -----------------------------------------------------------------------------------------
-- BM25 with k1 = 1.2 and b = 0.75. Nothing is kept of a collection as a whole, so that writers share no row and no
-- figure is old: how many texts there are, how long they are and how many have a term is found out by each search.

-- Of the pages of postings, so many of them as there are, the number of texts and their mean length; and of up to 8 rows
-- a page, how many are texts and how many of these have each term.
create or replace function vector_store.sample_sql(
  c vector_store.catalog, place integer, pages bigint, looked_at integer, hashes bigint[]) returns text
language sql immutable as $$
  select format(
    'select count(*), avg(s.lengths[%1$s]), count(*) filter (where s.nth <= 8), array[%2$s]::double precision[]
     from generate_series(0, %3$s - 1) n
     cross join lateral (select format(''(%%s,0)'', n * %4$s / %3$s)::tid as first,
       format(''(%%s,0)'', n * %4$s / %3$s + 1)::tid as next) page
     cross join lateral (select s.*, row_number() over () as nth
       from %5$s s where s.ctid >= page.first and s.ctid < page.next and s.lengths[%1$s] > 0) s',
    place,
    string_agg(format('count(*) filter (where s.nth <= 8 and s.hashes @> %L::bigint[])', array[hash]), ', ' order by i),
    looked_at, pages || '::bigint', vector_store.postings_table(c))
  from unnest(hashes) with ordinality q(hash, i)
$$;

-- Exact up to 128 pages, some 1,000 texts. Beyond, the number and the length of texts are those of 128 pages spread over
-- the table, and so is how many have a term that one in ten has. Of rarer terms the index knows it, which is looked at
-- up to 5,000 texts, or two in a hundred.
create or replace function vector_store.text_statistics(
  c vector_store.catalog, place integer, hashes bigint[],
  out texts double precision, out length double precision, out counts double precision[])
language plpgsql stable as $$
declare
  postings text := vector_store.postings_table(c);
  pages bigint := pg_relation_size(postings::regclass) / current_setting('block_size')::integer;
  looked_at constant integer := 128;
  asked double precision;
  frequent double precision := 'infinity';
  most bigint;
begin
  if pages > looked_at then
    execute vector_store.sample_sql(c, place, pages, looked_at, hashes) into texts, length, asked, counts;
  end if;
  if asked >= 100 then
    texts := texts * pages / looked_at;
    counts := array(select n * texts / asked from unnest(counts) with ordinality q(n, i) order by i);
    frequent := texts / 10;
    most := greatest(5000, texts / 50);
  else
    execute format('select count(*), avg(s.lengths[%1$s]) from %2$s s where s.lengths[%1$s] > 0', place, postings)
    into texts, length;
    counts := array_fill(0::double precision, array[cardinality(hashes)]);
  end if;
  execute format(
    'select array(
       select case when q.n >= $3 then q.n when found.n > $4 then greatest(found.n, q.n) else found.n end
       from unnest($1, $2) with ordinality q(hash, n, i)
       cross join lateral (select count(*) as n from (
         select from %s s where s.hashes @> array[q.hash] and q.n < $3 limit $4 + 1) s) found
       order by i)', postings)
  into counts using hashes, counts, frequent, most;
  texts := greatest(texts, (select max(n) from unnest(counts) n));
end
$$;

-- What terms add to the score of a row s of postings, with s.k of its length, as SQL. Each part is a multiple of 2^-36,
-- so that sums are exact, whatever the order in which terms are added.
create or replace function vector_store.score_sql(hashes bigint[], weights double precision[]) returns text
language sql immutable as $$
  select case
    when coalesce(cardinality(hashes), 0) = 0 then '0'
    when cardinality(hashes) <= 16 then (
      select string_agg(format('coalesce(floor(%L::double precision / (1 + s.k / s.frequencies[array_position(s.hashes, %L)])'
        || ' * 68719476736 + 1) / 68719476736, 0)', weight, hash), ' + ')
      from unnest(hashes, weights) q(hash, weight))
    else format('(select coalesce(sum(floor(q.weight / (1 + s.k / s.frequencies[array_position(s.hashes, q.hash)])'
      || ' * 68719476736 + 1) / 68719476736), 0) from unnest(%L::bigint[], %L::double precision[]) q(hash, weight))',
      hashes, weights) end
$$;

-- The best of some rows of postings, by the terms that all of them can have (first) and by those that only those need be
-- asked for which $1, the most that these add, could bring to the score $2 (rest). $3 are wanted.
create or replace function vector_store.best_of_sql(rows text, first text, rest text) returns text
language sql immutable as $$
  select format(
    'select array_agg(id order by score desc, id), array_agg(score order by score desc, id) from (
       select s.id, s.score + %3$s as score
       from (select s.*, %2$s as score
         -- Longer ones are kept out of their page, and fetched once by this.
         from (select s.id, s.k, s.frequencies, array_cat(s.hashes, ''{}'') as hashes from (%1$s) s offset 0) s offset 0) s
       where s.score + $1 >= $2 order by score desc, id limit $3) b', rows, first, rest)
$$;

-- The same for many terms, of which a row has few: by what each adds to the rows that have it. $4 and $5 are the hashes
-- and weights of the first; the rest is asked for the best by these, and then for those that could be better.
create or replace function vector_store.best_of_many_sql(
  c vector_store.catalog, rows text, condition text, rest text) returns text
language sql immutable as $$
  select format(
    'with found as (
       select s.id, sum(floor(q.weight / (1 + s.k / s.n) * 68719476736 + 1) / 68719476736) as score
       from unnest($4, $5) q(hash, weight)
       cross join lateral (
         select s.id, s.k, s.frequencies[array_position(s.hashes, q.hash)] as n
         from (%1$s) s where s.hashes @> array[q.hash] offset 0) s
       group by s.id),
     passed as materialized (select f.id, f.score from found f %2$s),
     likely as (
       select p.score + %3$s as score
       from (select * from passed order by score desc, id limit $3 + 100) p
       cross join lateral (select * from (%1$s) s where s.id = p.id offset 0) s),
     best as (
       select s.id, p.score + %3$s as score
       from passed p cross join lateral (select * from (%1$s) s where s.id = p.id offset 0) s
       where p.score + $1 >= greatest($2, (select score from likely order by score desc offset $3 - 1 limit 1))
       order by score desc, id limit $3)
     select array_agg(id order by score desc, id), array_agg(score order by score desc, id) from best',
    rows,
    case when condition <> 'true' then format('join %s t on %s = f.id where (%s)', c.relation, c.id_sql, condition) end,
    rest)
$$;

-- The terms of a query that texts have, from the rarest, which are the fewest texts. A weight is how rare a term is, which
-- no text's score for it reaches; others is what the terms behind each could add, and looked_up how many texts have
-- one of the terms up to each, if none has two.
create or replace function vector_store.weighed(
  c vector_store.catalog, place integer, inout hashes bigint[], out length double precision,
  out weights double precision[], out others double precision[], out looked_up double precision[])
language plpgsql stable as $$
declare
  found record := vector_store.text_statistics(c, place, hashes);
begin
  length := found.length;
  select array_agg(q.hash order by q.n, q.hash), array_agg(q.weight order by q.n, q.hash),
    array_agg(coalesce(q.others, 0) order by q.n, q.hash), array_agg(q.looked_up order by q.n, q.hash)
  into hashes, weights, others, looked_up
  from (
    -- A little more than the weights, since a part of a score is rounded up.
    select *, sum(w.weight + 1e-10) over (order by w.n desc, w.hash desc rows between unbounded preceding and 1 preceding)
      as others, sum(w.n) over (order by w.n, w.hash) as looked_up
    from (
      select q.hash, q.n, ln(1 + (found.texts - q.n + 0.5) / (q.n + 0.5)) as weight
      from unnest(hashes, found.counts) q(hash, n) where q.n > 0) w) q;
end
$$;

-- The most relevant rows by the texts of one field. A text that has none of a query's rarest terms, the essential ones,
-- has no higher score than the others can add together; once enough are found that have more, it needn't be looked at.
-- So the frequent terms, which most texts have, are asked of few.
create or replace function vector_store.ranked(c vector_store.catalog, query json) returns json
language plpgsql stable as $$
declare
  place integer := array_position(vector_store.ranked_fields(c.fields), query ->> 'field');
  condition text := vector_store.where_sql(c, query -> 'filter');
  wanted integer := (query ->> 'limit')::integer;
  q record; -- the query's terms
  postings text;
  passing text;
  ids bytea[];
  scores double precision[];
  essential integer := 1;
  few_rows bigint := 2000; -- are looked up at once
  reached double precision := 0;
begin
  perform vector_store.require_terms(c);
  q := vector_store.weighed(c, place,
    vector_store.term_hashes(query ->> 'field', vector_store.strings((query -> 'terms')::jsonb)));
  if q.hashes is null then
    return '[]';
  end if;
  postings := format('select s.id, s.hashes, s.frequencies, 0.3 + %L::double precision * s.lengths[%s] as k from %s s',
    0.9 / q.length, place, vector_store.postings_table(c));
  passing := postings || case when condition = 'true' then ' where true'
    else format(' join %s t on %s = s.id where (%s)', c.relation, c.id_sql, condition) end;
  loop
    while essential < cardinality(q.hashes) and q.looked_up[essential + 1] <= few_rows loop
      essential := essential + 1;
    end loop;
    if cardinality(q.hashes) <= 16 then
      execute vector_store.best_of_sql(passing || format(' and s.hashes && %L::bigint[]', q.hashes[:essential]),
        vector_store.score_sql(q.hashes[:essential], q.weights[:essential]),
        vector_store.score_sql(q.hashes[essential + 1:], q.weights[essential + 1:]))
      into ids, scores using q.others[essential], reached, wanted;
    else
      execute vector_store.best_of_many_sql(c, postings, condition,
        vector_store.score_sql(q.hashes[essential + 1:], q.weights[essential + 1:]))
      into ids, scores using q.others[essential], reached, wanted, q.hashes[:essential], q.weights[:essential];
    end if;
    reached := coalesce(scores[wanted], 0);
    exit when essential = cardinality(q.hashes) or q.others[essential] < reached;
    if reached > 0 then
      while q.others[essential] >= reached loop
        essential := essential + 1;
      end loop;
    elsif condition = 'true' then
      essential := essential + 1;
      few_rows := 10 * few_rows;
    else
      -- Few pass the filter, so the planner chooses whether to go by the terms or by the filter.
      execute vector_store.best_of_sql(passing || format(' and s.hashes && %L::bigint[]', q.hashes),
        vector_store.score_sql(q.hashes, q.weights), '0')
      into ids, scores using 0, 0, wanted;
      exit;
    end if;
  end loop;
  return vector_store.ranked_hits(c, query, ids, scores);
end
$$;

create or replace function vector_store.ranked_hits(
  c vector_store.catalog, query json, ids bytea[], scores double precision[]) returns json
language plpgsql stable as $$
declare
  answer json;
begin
  execute format(
    'select coalesce(json_agg(json_build_array(%s, b.score)), ''[]'')
     from unnest($1, $2) b(id, score) join %s t on %s = b.id',
    vector_store.parts_sql(c, query), c.relation, c.id_sql)
  into answer using ids, scores;
  return answer;
end
$$;

-- It is stable, so that all queries are answered from one state of the collection: that which the caller's statement sees.
create or replace function public.vector_store_search(json) returns json
language plpgsql stable security definer as $$
declare
  request alias for $1;
  c vector_store.catalog := vector_store.opened(request);
  query json;
  answers json[] := '{}';
begin
  for query in select json_array_elements(request -> 'queries') loop
    if query -> 'terms' is not null then
      answers := answers || vector_store.ranked(c, query);
    elsif (query ->> 'lacking')::boolean then
      answers := answers || vector_store.lacking(c, query);
    else
      answers := answers || vector_store.nearest(c, query);
    end if;
  end loop;
  return array_to_json(answers);
end
$$;

-- Terms of rows that were written without them -------------------------------------------------------------
-- Of our own tables these are rows older than a text field. An adopted table has its terms in a table beside
-- it; a row that others insert or change loses them, and with it the collection, until they are made again.

create or replace function vector_store.terms_table(c vector_store.catalog) returns text
language sql immutable as $$
  select format('vector_store.%I', 'a' || c.id)
$$;

create or replace function vector_store.is_watched(c vector_store.catalog) returns boolean
language sql stable as $$
  select c.adopted and to_regclass(vector_store.terms_table(c)) is not null
$$;

create or replace function vector_store.changed() returns trigger
language plpgsql security definer as $$
declare
  c vector_store.catalog;
begin
  select * into c from vector_store.catalog k where k.id = tg_argv[0]::integer;
  if c.id is null then
    return null;
  elsif tg_op = 'TRUNCATE' then
    execute format('delete from %s', vector_store.terms_table(c));
    return null;
  elsif tg_op = 'DELETE' then
    execute format('delete from %s s using (select ($1).*) t where s.id = %s', vector_store.terms_table(c), c.id_sql)
    using old;
    return null;
  elsif current_setting('vector_store.writes', true) = tg_argv[0] then
    return null; -- our own function, which stores the terms as well
  end if;
  perform pg_advisory_xact_lock_shared(1986359923, c.id);
  if tg_op = 'UPDATE' then
    execute format('delete from %s s using (select ($1).*) t where s.id = %s', vector_store.terms_table(c), c.id_sql)
    using old;
  end if;
  update vector_store.catalog k set terms_ready = false where k.id = c.id and k.terms_ready;
  return null;
end
$$;

create or replace function vector_store.unwatch(c vector_store.catalog) returns void
language plpgsql as $$
declare
  name text;
begin
  for name in select tgname from pg_trigger where tgrelid = c.relation and tgname like 'vector\_store\_%' loop
    execute format('drop trigger %I on %s', name, c.relation);
  end loop;
  execute format('drop table if exists %s', vector_store.terms_table(c));
  execute format('drop table if exists %s', vector_store.postings_table(c));
end
$$;

-- Begins to keep terms of an adopted table, from nothing.
create or replace function vector_store.watch(c vector_store.catalog) returns void
language plpgsql as $$
declare
  matters text := (
    select string_agg(format('old.%1$I is distinct from new.%1$I', name), ' or ') from (
      select unnest(c.key_columns) as name
      union select vector_store.entry(c, f -> 1 ->> 0) ->> 'column'
      from jsonb_array_elements(vector_store.text_fields(c.fields)) f) n where name is not null);
begin
  perform vector_store.unwatch(c);
  execute format('create table %s (id bytea primary key, terms text[] not null)', vector_store.terms_table(c));
  perform vector_store.index_terms(c, vector_store.terms_table(c));
  execute format('create trigger vector_store_added after insert or delete on %s for each row'
    || ' execute function vector_store.changed(%L)', c.relation, c.id);
  execute format('create trigger vector_store_changed after update on %s for each row when (%s)'
    || ' execute function vector_store.changed(%L)', c.relation, matters, c.id);
  execute format('create trigger vector_store_emptied after truncate on %s for each statement'
    || ' execute function vector_store.changed(%L)', c.relation, c.id);
end
$$;

-- Rows whose terms are to be made, by pages; with none left, the collection can be searched by terms.
create or replace function public.vector_store_untermed(json) returns json
language plpgsql security definer as $$
declare
  request alias for $1;
  c vector_store.catalog;
  answer json;
  first boolean := request ->> 'after' is null;
begin
  if first then
    -- Whoever writes past us is waited for, so that no row of theirs is overlooked.
    perform pg_advisory_xact_lock(1986359923, k.id) from vector_store.find(request ->> 'collection') k where k.id is not null;
  end if;
  c := vector_store.locked(request);
  if first and c.terms_version < (request ->> 'termsVersion')::integer then
    -- All are made anew. The token is another now, so the client asks for the collection again.
    update vector_store.catalog k set terms_version = (request ->> 'termsVersion')::integer
    where k.id = c.id returning k.* into c;
    c := vector_store.with_more_texts(c);
  end if;
  if c.adopted and not vector_store.is_watched(c) then
    perform vector_store.watch(c);
  end if;
  execute format(
    'select coalesce(json_agg(json_build_array(encode(vs_id, ''hex''), md5(p::text), p) order by vs_id), ''[]'') from (
       select %2$s as vs_id, %3$s as p from %1$s t where %4$s and %2$s > $1 order by %2$s limit $2) t',
    c.relation, c.id_sql, c.payload_sql,
    case when c.adopted
      then format('not exists (select from %s s where s.id = %s)', vector_store.terms_table(c), c.id_sql)
      else 't.termed < ' || c.text_revision end)
  into answer
  using decode(coalesce(request ->> 'after', ''), 'hex'), (request ->> 'limit')::integer;
  if first and json_array_length(answer) = 0 then
    update vector_store.catalog k set terms_ready = true where k.id = c.id and not k.terms_ready;
  end if;
  return answer;
end
$$;

-- Stores terms of rows that are still as they were read; others get theirs at the next turn.
create or replace function public.vector_store_terms(json) returns json
language plpgsql security definer as $$
declare
  request alias for $1;
  c vector_store.catalog := vector_store.locked(request);
begin
  execute format(
    'with r as (select * from json_to_recordset($1) as r(i text, h text, t text[]) order by i) '
    || case when c.adopted then
      'insert into %4$s as s (id, terms) select %2$s, r.t from r, %1$s t where %2$s = decode(r.i, ''hex'')
         and md5(%3$s::text) = r.h on conflict (id) do nothing'
    else
      'update %1$s t set terms = nullif(r.t, ''{}''), termed = %5$s from r
       where t.id = decode(r.i, ''hex'') and md5(t.payload::text) = r.h'
    end, c.relation, c.id_sql, c.payload_sql, vector_store.terms_table(c), c.text_revision)
  using request -> 'rows';
  return to_json(true);
end
$$;

-- Writing -----------------------------------------------------------------------------------------------

-- The vectors of the records of an upsert, of which each has its place in what the operation uses: a record has them as
-- v0, v1 and so on.
create or replace function vector_store.upserted_vectors(c vector_store.catalog, operation json)
returns table (place bigint, name text)
language sql stable as $$
  select u.place - 1, vector_store.vector_of(c, u.used ->> 0) ->> 'column'
  from json_array_elements(operation -> 'uses') with ordinality u(used, place)
$$;

-- All vectors are written: of those that the client doesn't know of, a row has none then.
create or replace function vector_store.upsert_managed(c vector_store.catalog, operation json, records json) returns void
language plpgsql as $$
declare
  names text;
  vals text;
  parts text;
begin
  select string_agg(format(', %I', u.name), ''), string_agg(', r.v' || u.place, ''), string_agg(format(', v%s vector', u.place), '')
  into names, vals, parts from vector_store.upserted_vectors(c, operation) u;
  -- In the order of the ids, so that two batches don't wait for each other.
  execute format(
    'insert into %1$s (id, payload, terms, termed%2$s)
     select decode(r.i, ''hex''), r.p, r.t, %4$s%3$s
     from json_to_recordset($1) as r(i text, p jsonb, t text[]%6$s)
     order by decode(r.i, ''hex'')
     on conflict (id) do %5$s',
    c.relation, names, vals, c.text_revision,
    case when (operation ->> 'insertOnly')::boolean then 'nothing' else
      'update set payload = excluded.payload, terms = excluded.terms, termed = excluded.termed' || coalesce((
        select string_agg(format(', %1$I = excluded.%1$I', v ->> 'column'), '') from jsonb_array_elements(c.vectors) e(v)), '')
    end,
    parts)
  using records;
end
$$;

-- The id of a row whose key has these texts; null where these are no key.
create or replace function vector_store.id_of_key(kinds text[], texts text[]) returns bytea
language sql immutable as $$
  select case
    when cardinality(kinds) <> cardinality(texts) then null
    when cardinality(kinds) = 1 and kinds[1] in ('int2', 'int4', 'int8') then vector_store.id_of(texts[1]::bigint)
    when cardinality(kinds) = 1 and kinds[1] = 'uuid' then vector_store.id_of(texts[1]::uuid)
    when cardinality(kinds) = 1 and kinds[1] in ('text', 'varchar') then vector_store.id_of(texts[1])
    else vector_store.id_of('[' || (
      select string_agg(
        case when kind in ('int2', 'int4', 'int8') then value::bigint::text
          when kind = 'bool' then value::boolean::text
          when kind = 'uuid' then vector_store.quoted(value::uuid::text) else vector_store.quoted(value) end,
        ',' order by place)
      from unnest(kinds, texts) with ordinality k(kind, value, place)) || ']') end
$$;

-- Refuses records that the columns of a table can't hold, and ids that would be others once they are keys.
create or replace function vector_store.check_rows(c vector_store.catalog, records json, plain boolean) returns void
language plpgsql as $$
declare
  kinds text[] := array(select vector_store.type_of(c.relation, k) from unnest(c.key_columns) k);
  keys text[] := array(select e ->> 'key' from jsonb_array_elements(c.columns) e);
  r record;
begin
  for r in select decode(i, 'hex') as id, p from json_to_recordset(records) as r(i text, p jsonb) loop
    if r.p - keys <> '{}' then
      perform vector_store.fail('PT400', vector_store.id_name(r.id)
        || ' has a key that is no column of the table; put it below a column of jsonb, or add the column and adopt'
        || ' the table again; nothing of the batch was written');
    elsif vector_store.id_of_key(kinds, vector_store.key_texts(r.id, cardinality(kinds), plain)) is distinct from r.id then
      perform vector_store.fail('PT400', vector_store.id_name(r.id) || ' isn''t written as a key of this table is: '
        || array_to_string(kinds, ', ') || '; nothing of the batch was written');
    end if;
  end loop;
end
$$;

-- The value of a column for a row r: a missing key gets the column's default, as a new row would.
create or replace function vector_store.column_value_sql(c vector_store.catalog, entry jsonb) returns text
language sql stable as $$
  select case
    when place is not null then format('r.k[%s]::%s', place, type)
    when fallback is null then format('(x).%I', entry ->> 'column')
    else format('case when r.p ? %L then (x).%I else %s end', entry ->> 'key', entry ->> 'column', fallback) end
  from (
    select array_position(c.key_columns, entry ->> 'column') as place,
      format_type(a.atttypid, a.atttypmod) as type, pg_get_expr(d.adbin, d.adrelid) as fallback
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.relation and a.attname = entry ->> 'column') a
$$;

-- The payload with the names of the columns.
create or replace function vector_store.row_of_sql(c vector_store.catalog) returns text
language sql immutable as $$
  select 'r.p' || coalesce(string_agg(
    format(' - %1$L || jsonb_build_object(%2$L::text, r.p -> %1$L)', e ->> 'key', e ->> 'column'), ''), '')
  from jsonb_array_elements(c.columns) e where e ->> 'key' <> e ->> 'column'
$$;

-- What an adopted row has in a column of vectors once it is written. Zeros are no vector, so that whoever read a record
-- has none there, and they stay where none comes.
create or replace function vector_store.replaced_vector_sql(v jsonb) returns text
language sql immutable as $$
  select format(
    case v ->> 'metric' when 'COSINE'
      then '%1$I = case when excluded.%1$I is null and vector_norm(t.%1$I::vector) = 0 then t.%1$I else excluded.%1$I end'
      else '%1$I = excluded.%1$I' end, v ->> 'column')
$$;

create or replace function vector_store.upsert_adopted(c vector_store.catalog, operation json, records json) returns void
language plpgsql as $$
declare
  columns text[];
  vals text[];
  sets text;
  parts text;
  written jsonb := (select coalesce(jsonb_agg(v order by place), '[]')
    from jsonb_array_elements(c.vectors) with ordinality e(v, place)
    join pg_attribute a on a.attrelid = c.relation and a.attname = v ->> 'column' and a.attgenerated = '');
  plain boolean := cardinality(c.key_columns) = 1 and vector_store.type_of(c.relation, c.key_columns[1]) in ('text', 'varchar');
begin
  perform vector_store.check_rows(c, records, plain);
  select array_agg(quote_ident(e ->> 'column') order by place),
    array_agg(vector_store.column_value_sql(c, e) order by place)
  into columns, vals
  from jsonb_array_elements(c.columns) with ordinality e(e, place) where not (e ->> 'generated')::boolean;
  select string_agg(set, ', ') into sets from (
    select format('%1$s = excluded.%1$s', name) as set from unnest(columns) name
    where name <> all (array(select quote_ident(k) from unnest(c.key_columns) k))
    union all
    select vector_store.replaced_vector_sql(v) from jsonb_array_elements(written) e(v)) s;
  select string_agg(format(', v%s vector', u.place), ''),
    columns || array_agg(quote_ident(u.name)) filter (where w.name is not null),
    vals || array_agg('r.v' || u.place) filter (where w.name is not null)
  into parts, columns, vals
  from vector_store.upserted_vectors(c, operation) u
  left join (select v ->> 'column' from jsonb_array_elements(written) e(v)) w(name) on w.name = u.name;
  perform set_config('vector_store.writes', c.id::text, true);
  execute format(
    'with put as (insert into %1$s as t (%2$s) overriding system value
     select %3$s from (
       select r.*, vector_store.key_texts(decode(i, ''hex''), %4$s, %5$L) as k
       from json_to_recordset($1) as r(i text, p jsonb%11$s)) r,
       lateral jsonb_populate_record(null::%1$s, %6$s) x
     order by decode(r.i, ''hex'')
     on conflict (%7$s) do %8$s returning %9$s as vs_id) %10$s',
    c.relation, array_to_string(columns, ', '), array_to_string(vals, ', '), cardinality(c.key_columns), plain,
    vector_store.row_of_sql(c), (select string_agg(quote_ident(k), ', ') from unnest(c.key_columns) k),
    case when (operation ->> 'insertOnly')::boolean or sets is null then 'nothing' else 'update set ' || sets end,
    c.id_sql,
    case when vector_store.is_watched(c) then format(
      'insert into %s (id, terms) select vs_id, coalesce(r.t, ''{}'')
       from put join json_to_recordset($1) as r(i text, t text[]) on decode(r.i, ''hex'') = vs_id
       on conflict (id) do update set terms = excluded.terms', vector_store.terms_table(c))
    else 'select from put' end,
    parts)
  using records;
  perform set_config('vector_store.writes', '', true);
end
$$;

-- What a row breaks, without its values.
create or replace function vector_store.broken(state text, constraint_name text, column_name text) returns text
language sql immutable as $$
  select case
    when constraint_name <> '' then format('breaks the constraint %I of its table', constraint_name)
    when column_name <> '' then format('has no value for the column %I', column_name)
    when state like '22%' then 'has a value that doesn''t fit its column'
    else 'is refused by a trigger or constraint of its table' end || ' (' || state || ')'
$$;

create or replace function vector_store.upsert_rows(c vector_store.catalog, operation json, records json) returns void
language plpgsql as $$
begin
  if c.adopted then
    perform vector_store.upsert_adopted(c, operation, records);
  else
    perform vector_store.upsert_managed(c, operation, records);
  end if;
end
$$;

-- Where one of the rows is refused, says which; nothing of the transaction stays then.
create or replace function vector_store.upsert(c vector_store.catalog, operation json) returns void
language plpgsql as $$
declare
  record json;
  broken_constraint text;
  broken_column text;
begin
  perform vector_store.upsert_rows(c, operation, operation -> 'upsert');
exception when data_exception or integrity_constraint_violation or raise_exception then
  for record in select json_array_elements(operation -> 'upsert') loop
    begin
      perform vector_store.upsert_rows(c, operation, json_build_array(record));
    exception when data_exception or integrity_constraint_violation or raise_exception then
      get stacked diagnostics broken_constraint = constraint_name, broken_column = column_name;
      perform vector_store.fail('PT400', vector_store.id_name(decode(record ->> 'i', 'hex')) || ' '
        || vector_store.broken(sqlstate, broken_constraint, broken_column) || '; nothing of the batch was written');
    end;
  end loop;
  raise;
end
$$;

-- Deletes what a condition selects, locking rows in the order of the ids.
create or replace function vector_store.delete_where(c vector_store.catalog, condition text) returns void
language plpgsql as $$
begin
  if condition is null or condition in ('', 'true') then
    perform vector_store.fail('PT400', 'a delete without a condition is refused');
  end if;
  execute format(
    'with doomed as materialized (select %2$s as vs_id from %1$s t where %3$s order by %2$s for update)
     delete from %1$s t using doomed where %2$s = doomed.vs_id',
    c.relation, c.id_sql, condition);
end
$$;

create or replace function vector_store.run(c vector_store.catalog, operation json) returns void
language plpgsql as $$
declare
  ids text := format('%s = any (%L::bytea[])', c.id_sql, vector_store.ids_of((operation -> 'delete')::jsonb));
begin
  if operation -> 'upsert' is not null then
    perform vector_store.upsert(c, operation);
  elsif operation -> 'delete' is not null then
    perform vector_store.delete_where(c, ids || case when operation -> 'where' is null then ''
      else ' and ' || vector_store.where_sql(c, operation -> 'where') end);
  elsif operation -> 'where' is not null then
    perform vector_store.delete_where(c, vector_store.where_sql(c, operation -> 'where'));
  elsif operation ->> 'all' = 'true' then
    execute format('delete from %s', c.relation);
  else
    perform vector_store.fail('PT400', 'the write has no known operation; run the newest vector-store.sql');
  end if;
end
$$;

create or replace function public.vector_store_write(json) returns json
language plpgsql security definer as $$
declare
  operation json;
begin
  perform pg_advisory_xact_lock_shared(1986359923, c.id) from (
    select c.id from vector_store.catalog c
    where c.name in (select o ->> 'collection' from json_array_elements($1 -> 'operations') o)
    order by c.id) c;
  -- Batches of the same collections run one after the other: each of their statements sees what the one
  -- before has written. Writes of one operation are atomic as they are, and stay beside each other.
  if json_array_length($1 -> 'operations') > 1 then
    perform pg_advisory_xact_lock(1986359924, c.id) from (
      select c.id from vector_store.catalog c
      where c.name in (select o ->> 'collection' from json_array_elements($1 -> 'operations') o)
      order by c.id) c;
  end if;
  for operation in select json_array_elements($1 -> 'operations') loop
    perform vector_store.run(vector_store.opened(operation), operation);
  end loop;
  return to_json(true);
end
$$;

create or replace function vector_store.patch_sql(c vector_store.catalog, changes jsonb, removed text[]) returns text
language plpgsql stable as $$
declare
  keys text[] := array(select jsonb_object_keys(changes)) || removed;
  entry jsonb;
  key text;
  sets text[] := '{}';
begin
  if not c.adopted then
    return 'payload = (t.payload - $2) || $3, terms = nullif('
      || 'array(select e from unnest(t.terms) e where split_part(e, '':'', 1) <> all ($4)) || $5, ''{}'')';
  end if;
  foreach key in array keys loop
    entry := vector_store.entry(c, key);
    if entry is null then
      -- What isn't there can be removed.
      continue when key = any (removed);
      perform vector_store.fail('PT400', 'the patch sets a key that is no column of the table; put it below a column'
        || ' of jsonb, or add the column and adopt the table again');
    elsif entry ->> 'column' = any (c.key_columns) or (entry ->> 'generated')::boolean then
      perform vector_store.fail('PT400', format('the column %I is of the key or generated, and can''t be patched',
        entry ->> 'column'));
    end if;
    sets := sets || case when key = any (removed) then format('%I = null', entry ->> 'column')
      else format('%1$I = (select (x).%1$I from jsonb_populate_record(null::%2$s, jsonb_build_object(%3$L::text, $3 -> %4$L)) x)',
        entry ->> 'column', c.relation, entry ->> 'column', key) end;
  end loop;
  return case when sets = '{}' then format('%1$I = t.%1$I', c.key_columns[1]) else array_to_string(sets, ', ') end;
end
$$;

create or replace function public.vector_store_patch(json) returns json
language plpgsql security definer as $$
declare
  request alias for $1;
  c vector_store.catalog := vector_store.locked(request);
  patched bigint;
  broken_constraint text;
  broken_column text;
begin
  perform set_config('vector_store.writes', c.id::text, true);
  execute format(
    'with chosen as materialized (select %2$s as vs_id from %1$s t where %2$s = any ($1) order by %2$s for update)
     update %1$s t set %3$s from chosen where %2$s = chosen.vs_id',
    c.relation, c.id_sql,
    vector_store.patch_sql(c, (request -> 'set')::jsonb, vector_store.strings((request -> 'remove')::jsonb)))
  using vector_store.ids_of((request -> 'ids')::jsonb), vector_store.strings((request -> 'remove')::jsonb),
    (request -> 'set')::jsonb, vector_store.strings((request -> 'termFields')::jsonb),
    vector_store.strings((request -> 'terms')::jsonb);
  get diagnostics patched = row_count;
  if vector_store.is_watched(c) then
    execute format(
      'update %s s set terms = array(select e from unnest(s.terms) e where split_part(e, '':'', 1) <> all ($2)) || $3
       where s.id = any ($1)', vector_store.terms_table(c))
    using vector_store.ids_of((request -> 'ids')::jsonb), vector_store.strings((request -> 'termFields')::jsonb),
      vector_store.strings((request -> 'terms')::jsonb);
  end if;
  perform set_config('vector_store.writes', '', true);
  return to_json(patched);
exception when data_exception or integrity_constraint_violation or raise_exception then
  get stacked diagnostics broken_constraint = constraint_name, broken_column = column_name;
  perform vector_store.fail('PT400', 'a record that the patch changes '
    || vector_store.broken(sqlstate, broken_constraint, broken_column) || '; nothing was changed');
end
$$;

-- Who may call what -------------------------------------------------------------------------------------

do $$
declare
  f record;
  path text := current_setting('search_path');
  caller text := coalesce(nullif(current_setting('vector_store.role', true), ''), 'service_role');
  others text;
  scans boolean := (select string_to_array(regexp_replace(extversion, '[^0-9.].*', ''), '.')::integer[] >= '{0,8}'
    from pg_extension where extname = 'vector');
begin
  for f in
    select p.oid::regprocedure as signature, p.proname as name, n.nspname as schema, p.prosecdef as definer
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'vector_store' or n.nspname = 'public' and p.proname like 'vector\_store\_%'
  loop
    execute format('revoke all on function %s from public', f.signature);
    for others in select rolname from pg_roles where rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', f.signature, others);
    end loop;
    if f.schema = 'public' then
      if exists (select from pg_roles where rolname = caller) then
        execute format('grant execute on function %s to %I', f.signature, caller);
      end if;
    end if;
    if f.name in ('id_of', 'quoted') then
      execute format('grant execute on function %s to public', f.signature);
    end if;
    if f.definer then
      execute format('alter function %s set search_path = %s', f.signature, path);
      execute format('alter function %s set jit = off', f.signature);
    end if;
  end loop;
  -- What it changes is changed in a moment, once it has its turn.
  alter function public.vector_store_ensure(json) set statement_timeout = '10min';
  alter function public.vector_store_drop_vector(json) set statement_timeout = '10min';
  -- With all its lists, an index of the kind ivfflat is no faster than none, and is passed by.
  alter function public.vector_store_search(json) set ivfflat.probes = 32768;
  if scans then
    alter function public.vector_store_search(json) set hnsw.iterative_scan = relaxed_order;
  end if;
end
$$;

notify pgrst, 'reload schema';
commit;
