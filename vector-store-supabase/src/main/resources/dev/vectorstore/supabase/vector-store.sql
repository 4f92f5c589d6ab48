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
  dimension integer,
  metric text,
  id_kinds jsonb not null,
  fields jsonb not null,
  labels jsonb not null,
  -- Counts up whenever text fields are added; a row's terms are of the revision in its column termed.
  text_revision integer not null default 0,
  terms_ready boolean not null default true,
  -- How a row's parts are written in SQL, over the alias t.
  relation regclass not null,
  id_sql text not null default 't.id',
  vector_sql text,
  payload_sql text not null default 't.payload',
  adopted boolean not null default false
);
create unique index if not exists catalog_name on vector_store.catalog (lower(name));

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
  where f.field ->> 'type' = 'TEXT'
$$;

-- Changes with whatever a client must know of a collection to write to it and to search it.
create or replace function vector_store.token(c vector_store.catalog) returns text
language sql immutable as $$
  select md5(jsonb_build_array(
    c.dimension, c.metric, c.id_kinds, c.adopted, vector_store.text_fields(c.fields))::text)
$$;

create or replace function vector_store.described(c vector_store.catalog) returns json
language sql stable as $$
  select json_build_object(
    'name', c.name, 'dimension', c.dimension, 'metric', c.metric, 'idKinds', c.id_kinds,
    'fields', c.fields, 'labels', c.labels, 'token', vector_store.token(c),
    'termsReady', c.terms_ready, 'adopted', c.adopted)
$$;

create or replace function vector_store.find(collection text) returns vector_store.catalog
language sql stable as $$
  select * from vector_store.catalog c
  where lower(c.name) = lower(collection) and c.name = collection collate "C"
$$;

-- A collection as the client knows it, for a read.
create or replace function vector_store.opened(request json) returns vector_store.catalog
language plpgsql stable as $$
declare
  c vector_store.catalog := vector_store.find(request ->> 'collection');
begin
  if c.id is null then
    perform vector_store.fail('PT404', 'there is no collection of this name');
  elsif request ->> 'token' <> vector_store.token(c) then
    perform vector_store.fail('PT409', 'its dimension, metric or text fields were changed since they were'
      || ' read; ask the store for the collection again');
  end if;
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

create or replace function vector_store.operator(metric text) returns text
language sql immutable as $$
  select case metric when 'COSINE' then '<=>' when 'DOT' then '<#>' else '<->' end
$$;

-- What of a collection's vectors is indexed: the vectors up to 2,000 dimensions, half as precise ones up to
-- 4,000 where they fit into that type, which longer components may not.
create or replace function vector_store.indexed_sql(c vector_store.catalog) returns text
language sql immutable as $$
  select case
    when c.vector_sql is null then null
    when c.dimension <= 2000 then c.vector_sql
    when c.dimension <= 4000 and c.metric = 'COSINE' then format('(%s::halfvec(%s))', c.vector_sql, c.dimension)
  end
$$;

create or replace function vector_store.make_table(c vector_store.catalog) returns regclass
language plpgsql as $$
declare
  relation text := format('vector_store.%I', 'c' || c.id);
  indexed text;
begin
  execute format(
    'create table %s (
       id bytea primary key,
       payload jsonb not null,
       terms text[],
       termed integer not null default 0)', relation);
  execute format('create index on %s using gin (payload jsonb_path_ops)', relation);
  execute format('create index on %s using gin (vector_store.hashes(terms))', relation);
  if c.dimension is not null then
    execute format('alter table %s add column embedding vector(%s)', relation, c.dimension);
    indexed := replace(vector_store.indexed_sql(c), 't.', '');
  end if;
  if indexed is not null then
    execute format(
      'create index on %s using hnsw (%s %s)', relation, indexed,
      case when c.dimension <= 2000 then 'vector' else 'halfvec' end
        || case c.metric when 'COSINE' then '_cosine_ops' when 'DOT' then '_ip_ops' else '_l2_ops' end);
  end if;
  return relation::regclass;
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

create or replace function vector_store.extend(c vector_store.catalog, request json)
returns vector_store.catalog
language plpgsql as $$
declare
  merged jsonb := vector_store.merged_fields(c.fields, (request -> 'fields')::jsonb);
  more boolean := vector_store.text_fields(merged) <> vector_store.text_fields(c.fields);
  rows_there boolean := false;
begin
  if more then
    execute format('select exists (select from %s)', c.relation) into rows_there;
  end if;
  update vector_store.catalog k
  set fields = merged,
    labels = (request -> 'labels')::jsonb || c.labels,
    text_revision = c.text_revision + more::integer,
    terms_ready = c.terms_ready and not rows_there
  where k.id = c.id
  returning * into c;
  return c;
end
$$;

create or replace function public.vector_store_ensure(json) returns json
language plpgsql security definer as $$
declare
  request alias for $1;
  c vector_store.catalog;
begin
  perform pg_advisory_xact_lock(1986359923, 0);
  select * into c from vector_store.catalog k where lower(k.name) = lower(request ->> 'name');
  if c.id is null then
    return vector_store.described(vector_store.make(request));
  elsif c.name <> request ->> 'name' then
    perform vector_store.fail('PT409', 'there is a collection whose name differs in case only; choose another name');
  elsif c.dimension is distinct from (request ->> 'dimension')::integer
      or c.metric is distinct from request ->> 'metric' then
    perform vector_store.fail('PT409', format(
      'it is there with %s, and was asked for with %s; use another name, or drop it',
      vector_store.vectors_text(c.dimension, c.metric),
      vector_store.vectors_text((request ->> 'dimension')::integer, request ->> 'metric')));
  end if;
  perform pg_advisory_xact_lock(1986359923, c.id);
  return vector_store.described(vector_store.extend(c, request));
end
$$;

create or replace function vector_store.vectors_text(dimension integer, metric text) returns text
language sql immutable as $$
  select coalesce('vectors of dimension ' || dimension || ' under ' || metric, 'no vectors')
$$;

create or replace function vector_store.make(request json) returns vector_store.catalog
language plpgsql as $$
declare
  c vector_store.catalog;
begin
  if (request ->> 'dimension')::integer > 16000 then
    perform vector_store.fail('PT501', 'pgvector holds vectors of up to 16,000 dimensions');
  end if;
  if to_regclass(format('public.%I', request ->> 'name')) is not null then
    perform vector_store.fail('PT409', 'there is a table of this name in the schema public; adopt it'
      || ' (vector-store supabase adopt), or choose another name');
  end if;
  insert into vector_store.catalog (name, dimension, metric, id_kinds, fields, labels, relation, vector_sql)
  values (
    request ->> 'name', (request ->> 'dimension')::integer, request ->> 'metric',
    (request -> 'idKinds')::jsonb, (request -> 'fields')::jsonb, (request -> 'labels')::jsonb,
    'vector_store.catalog', case when request ->> 'metric' is not null then 't.embedding' end)
  returning * into c;
  update vector_store.catalog k set relation = vector_store.make_table(c) where k.id = c.id returning * into c;
  return c;
end
$$;

create or replace function public.vector_store_describe(json) returns json
language sql stable security definer as $$
  select vector_store.described(c) from vector_store.find($1 ->> 'collection') c where c.id is not null
$$;

create or replace function public.vector_store_collections(json) returns json
language sql stable security definer as $$
  select coalesce(json_agg(name order by name), '[]') from vector_store.catalog
$$;

create or replace function public.vector_store_drop(json) returns json
language plpgsql security definer as $$
declare
  c vector_store.catalog;
begin
  perform pg_advisory_xact_lock(1986359923, 0);
  c := vector_store.find($1 ->> 'collection');
  if c.id is null then
    return to_json(false);
  elsif c.adopted then
    perform vector_store.fail('PT409', 'it is an adopted table, whose rows are not dropped from here; to let it'
      || ' go, run: select public.vector_store_release(json_build_object(''collection'', ''NAME''))');
  end if;
  perform pg_advisory_xact_lock(1986359923, c.id);
  execute format('drop table %s', c.relation);
  delete from vector_store.catalog k where k.id = c.id;
  return to_json(true);
end
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

create or replace function vector_store.text_sql(field text, parts text[], terms text[]) returns text
language sql immutable as $$
  select format(
    'coalesce(vector_store.hashes(t.terms) @> %L::bigint[] and exists ('
      || 'select from unnest(t.terms) e where starts_with(e, %L) and %s), false)',
    (select array_agg(hashtextextended((field || ':' || term) collate "C", 0)) from unnest(terms) term),
    field || ':',
    (select string_agg(format('strpos(e, %L) > 0', ' ' || part || ' '), ' and ') from unnest(parts) part))
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

-- Through objects only: an array has no keys.
create or replace function vector_store.at_sql(c vector_store.catalog, path jsonb) returns text
language sql immutable as $$
  select '(' || c.payload_sql || coalesce(string_agg(format(' -> %L::text', key), '' order by place), '') || ')'
  from jsonb_array_elements_text(path) with ordinality k(key, place)
$$;

-- A scalar at a path, or in the list that is there.
create or replace function vector_store.scalar_sql(c vector_store.catalog, path jsonb, value jsonb) returns text
language sql immutable as $$
  select format('(%1$s @> %2$L::jsonb or %1$s @> %3$L::jsonb)', c.payload_sql,
    vector_store.wrapped(path, value), vector_store.wrapped(path, jsonb_build_array(value)))
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

create or replace function vector_store.number_sql(
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
  select case when jsonb_typeof(value) in ('object', 'array')
    then format('(%s @> %L::jsonb)', c.payload_sql, vector_store.wrapped(path, value))
    else vector_store.scalar_sql(c, path, value) end
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

-- What selects the rows of a filter.
create or replace function vector_store.condition(c vector_store.catalog, filter jsonb) returns text
language plpgsql as $$
declare
  made text;
begin
  made := case filter ->> 0
    when 'and' then vector_store.group_sql(c, filter, ' and ')
    when 'or' then vector_store.group_sql(c, filter, ' or ')
    when 'not' then '(not ' || vector_store.condition(c, filter -> 1) || ')'
    when 'ids' then format('(%s = any (%L::bytea[]))', c.id_sql, vector_store.ids_of(filter -> 1))
    when 'eq' then vector_store.scalar_sql(c, filter -> 1, filter -> 2)
    when 'in' then vector_store.scalars_sql(c, filter -> 1, filter -> 2)
    when 'number' then vector_store.number_sql(c, filter -> 1, filter ->> 2, filter -> 3)
    when 'instant' then format('vector_store.instant_holds(%s, %L, %L::numeric)',
      vector_store.at_sql(c, filter -> 1), filter ->> 2, filter ->> 3)
    when 'exists' then '(' || vector_store.at_sql(c, filter -> 1) || ' is not null)'
    when 'null' then vector_store.scalar_sql(c, filter -> 1, 'null')
    when 'contains' then vector_store.contains_sql(c, filter -> 1, filter -> 2)
    when 'text' then vector_store.text_sql(
      filter ->> 1, vector_store.strings(filter -> 2), vector_store.strings(filter -> 2))
    when 'phrase' then vector_store.text_sql(
      filter ->> 1, array[array_to_string(vector_store.strings(filter -> 2), ' ')],
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

-- Reading -----------------------------------------------------------------------------------------------

-- The parts of a row that a request asks for, as the elements of an array.
create or replace function vector_store.parts_sql(c vector_store.catalog, request json) returns text
language sql stable as $$
  select format('encode(%s, ''hex''), %s, %s', c.id_sql,
    case
      when coalesce(json_typeof(request -> 'fields'), 'null') = 'null' then c.payload_sql
      when json_array_length(request -> 'fields') = 0 then '''{}''::jsonb'
      else format('coalesce((select jsonb_object_agg(key, value) from jsonb_each(%s)'
        || ' where key = any (%L::text[])), ''{}'')',
        c.payload_sql, vector_store.strings((request -> 'fields')::jsonb))
    end,
    case when (request ->> 'vectors')::boolean then coalesce(c.vector_sql || '::text', 'null') else 'null' end)
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
       from (select * from %1$s t where (%3$s) and %2$s > $1 order by %2$s limit $2 + 1) t),
     shown as materialized (
       select * from page t where vs_place <= $2 and (vs_place = 1 or vs_bytes <= $3))
     select json_build_object(
       ''rows'', coalesce(json_agg(json_build_array(%4$s) order by vs_place), ''[]''),
       ''next'', case when (select count(*) from page) > count(*)
         then (select encode(vs_id, ''hex'') from shown order by vs_place desc limit 1) end)
     from shown t',
    c.relation, c.id_sql, vector_store.where_sql(c, request -> 'filter'), vector_store.parts_sql(c, request))
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

-- The nearest rows; kind is 'index', 'half' (an index of less precise vectors, whose candidates are
-- compared again) or 'exact' (an order that no index has).
create or replace function vector_store.nearest_sql(c vector_store.catalog, query json, kind text) returns text
language sql stable as $$
  select format(
    'select %1$s from (
       select t.*, %2$s %3$s $1 as vs_distance from %4$s t
       where %2$s is not null and (%5$s) order by %6$s limit %7$s) t
     order by vs_distance limit $2',
    'json_build_array(' || vector_store.parts_sql(c, query) || ', '
      || case c.metric when 'COSINE' then '1 - vs_distance' else '-vs_distance' end || ') as hit, vs_distance',
    c.vector_sql, vector_store.operator(c.metric), c.relation,
    vector_store.where_sql(c, query -> 'filter'),
    case kind
      when 'exact' then format('(%s %s $1) + 0', c.vector_sql, vector_store.operator(c.metric))
      when 'half' then format('%s %s $1::halfvec(%s)', vector_store.indexed_sql(c), vector_store.operator(c.metric), c.dimension)
      else format('%s %s $1', c.vector_sql, vector_store.operator(c.metric)) end,
    case kind when 'half' then '4 * $2 + 40' else '$2' end)
$$;

create or replace function vector_store.nearest(c vector_store.catalog, query json) returns json
language plpgsql as $$
declare
  indexed text := vector_store.indexed_sql(c);
  kind text := case when (query ->> 'exact')::boolean or indexed is null then 'exact'
    when c.dimension > 2000 then 'half' else 'index' end;
  wanted integer := (query ->> 'limit')::integer;
  found integer;
  answer json;
begin
  perform set_config(
    'hnsw.ef_search', least(1000, greatest(coalesce((query ->> 'effort')::integer, 100), wanted))::text, true);
  loop
    execute format('select count(*), coalesce(json_agg(hit order by vs_distance), ''[]'') from (%s) h',
      vector_store.nearest_sql(c, query, kind))
    into found, answer using (query ->> 'vector')::vector, wanted;
    -- An index may give up early, so a short answer is asked for again without one.
    exit when found >= wanted or kind = 'exact';
    kind := 'exact';
  end loop;
  return answer;
end
$$;

create or replace function public.vector_store_search(json) returns json
language plpgsql security definer as $$
declare
  request alias for $1;
  c vector_store.catalog := vector_store.opened(request);
  query json;
  answers json[] := '{}';
begin
  if c.vector_sql is null then
    perform vector_store.fail('PT400', 'the collection has no vectors');
  end if;
  for query in select json_array_elements(request -> 'queries') loop
    answers := answers || vector_store.nearest(c, query);
  end loop;
  return array_to_json(answers);
end
$$;

-- Writing -----------------------------------------------------------------------------------------------

create or replace function vector_store.upsert(c vector_store.catalog, records json, insert_only boolean)
returns void
language plpgsql as $$
begin
  -- In the order of the ids, so that two batches don't wait for each other.
  execute format(
    'insert into %1$s (id, payload, terms, termed%2$s)
     select decode(r.i, ''hex''), r.p, r.t, %4$s%3$s
     from json_to_recordset($1) as r(i text, v vector, p jsonb, t text[])
     order by decode(r.i, ''hex'')
     on conflict (id) do %5$s',
    c.relation,
    case when c.vector_sql is null then '' else ', embedding' end,
    case when c.vector_sql is null then '' else ', r.v' end,
    c.text_revision,
    case when insert_only then 'nothing' else
      'update set payload = excluded.payload, terms = excluded.terms, termed = excluded.termed'
        || case when c.vector_sql is null then '' else ', embedding = excluded.embedding' end
    end)
  using records;
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
    perform vector_store.upsert(c, operation -> 'upsert', coalesce((operation ->> 'insertOnly')::boolean, false));
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
  for operation in select json_array_elements($1 -> 'operations') loop
    perform vector_store.run(vector_store.opened(operation), operation);
  end loop;
  return to_json(true);
end
$$;

create or replace function public.vector_store_patch(json) returns json
language plpgsql security definer as $$
declare
  request alias for $1;
  c vector_store.catalog := vector_store.locked(request);
  patched bigint;
begin
  execute format(
    'with chosen as materialized (select %2$s as vs_id from %1$s t where %2$s = any ($1) order by %2$s for update)
     update %1$s t set
       payload = (t.payload - $2) || $3,
       terms = nullif(array(select e from unnest(t.terms) e where split_part(e, '':'', 1) <> all ($4)) || $5, ''{}'')
     from chosen where %2$s = chosen.vs_id',
    c.relation, c.id_sql)
  using vector_store.ids_of((request -> 'ids')::jsonb), vector_store.strings((request -> 'remove')::jsonb),
    (request -> 'set')::jsonb, vector_store.strings((request -> 'termFields')::jsonb),
    vector_store.strings((request -> 'terms')::jsonb);
  get diagnostics patched = row_count;
  return to_json(patched);
end
$$;

-- Terms of rows that were written before their text fields were declared ------------------------------------

-- Rows whose terms are to be made, by pages; with none left, the collection can be searched by terms.
create or replace function public.vector_store_untermed(json) returns json
language plpgsql security definer as $$
declare
  request alias for $1;
  c vector_store.catalog := vector_store.locked(request);
  answer json;
begin
  execute format(
    'select coalesce(json_agg(json_build_array(encode(id, ''hex''), payload) order by id), ''[]'') from (
       select t.id, t.payload from %s t where t.termed < $1 and t.id > $2 order by t.id limit $3) t', c.relation)
  into answer
  using c.text_revision, decode(coalesce(request ->> 'after', ''), 'hex'), (request ->> 'limit')::integer;
  if json_array_length(answer) = 0 and request ->> 'after' is null then
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
    'update %s t set terms = nullif(r.t, ''{}''), termed = $2
     from (select * from json_to_recordset($1) as r(i text, p jsonb, t text[]) order by r.i) r
     where t.id = decode(r.i, ''hex'') and t.payload = r.p', c.relation)
  using request -> 'rows', c.text_revision;
  return to_json(true);
end
$$;

-- Who may call what -------------------------------------------------------------------------------------

create or replace function public.vector_store_version() returns json
language sql immutable as $$ select to_json(1) $$;

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
    select p.oid::regprocedure as signature, n.nspname as schema, p.prosecdef as definer
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'vector_store' or n.nspname = 'public' and p.proname like 'vector\_store\_%'
  loop
    execute format('revoke all on function %s from public', f.signature);
    for others in select rolname from pg_roles where rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', f.signature, others);
    end loop;
    if f.schema = 'public' then
      execute format('alter function %s set search_path = %s', f.signature, path);
      if exists (select from pg_roles where rolname = caller) then
        execute format('grant execute on function %s to %I', f.signature, caller);
      end if;
    end if;
    if f.definer then
      execute format('alter function %s set jit = off', f.signature);
    end if;
  end loop;
  if scans then
    alter function public.vector_store_search(json) set hnsw.iterative_scan = relaxed_order;
  end if;
end
$$;

notify pgrst, 'reload schema';
commit;
