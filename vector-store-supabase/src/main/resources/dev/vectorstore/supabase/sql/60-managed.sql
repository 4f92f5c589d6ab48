-- Collections of ours -------------------------------------------------------------------------------------

create function vector_store.make_table(c vector_store.collection) returns regclass
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
create function vector_store.with_vectors(c vector_store.collection, more jsonb) returns vector_store.collection
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
    execute format('alter table %s add column %I %s.vector(%s)', c.relation, v ->> 'column', vector_store.pgvector(),
      v ->> 'dimension');
    indexed := replace(vector_store.indexed_sql(c, v), 't.', '');
    if indexed is not null then
      execute format('create index on %s using hnsw (%s %s.%s)', c.relation, indexed, vector_store.pgvector(),
        case when (v ->> 'dimension')::integer <= 2000 then 'vector' else 'halfvec' end
          || vector_store.index_ops(v ->> 'metric'));
    end if;
  end loop;
  update vector_store.catalog k set vectors = c.vectors where k.id = c.id;
  return vector_store.find(c.name);
end
$$;

-- Takes a collection for a change of its columns. Whoever reads at length is waited for, but a moment at a time, since
-- all readers who come later wait behind; between, they and the writers go on.
create function vector_store.take(c vector_store.collection) returns void
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

create function vector_store.merged_fields(old jsonb, new jsonb) returns jsonb
language sql immutable
return old || coalesce(
    (select jsonb_agg(n.field order by n.place)
     from jsonb_array_elements(new) with ordinality n(field, place)
     where not exists (
       select from jsonb_array_elements(old) o(field) where o.field -> 'path' = n.field -> 'path')),
    '[]');

-- Refuses another type of a field: what its filters and searches find would change for every client. Where terms are
-- asked for, a ranked text has them; to be ranked, a field is declared with its collection.
create function vector_store.check_types(old jsonb, new jsonb) returns void
language plpgsql stable as $$
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

-- The vectors that are asked for and aren't there. The plain one is declared with its collection, and none can be another.
create function vector_store.lacking_vectors(c vector_store.collection, wanted jsonb) returns jsonb
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

-- Whether a request to make a collection asks for nothing that isn't there.
create function vector_store.lacks_nothing(c vector_store.collection, request json) returns boolean
language plpgsql stable as $$
begin
  if vector_store.lacking_vectors(c, coalesce((request -> 'vectors')::jsonb, '[]')) = '[]'
      and vector_store.merged_fields(c.fields, (request -> 'fields')::jsonb) = c.fields
      and (request -> 'labels')::jsonb || c.labels = c.labels then
    perform vector_store.check_types(c.fields, (request -> 'fields')::jsonb);
    return true;
  end if;
  return false;
end
$$;

-- A collection that has just got text fields: rows that are there have no terms of them. Whether an adopted table has rows,
-- its caller sees.
create function vector_store.with_more_texts(c vector_store.collection) returns vector_store.collection
language plpgsql as $$
declare
  rows_there boolean := false;
begin
  if not c.adopted then
    execute format('select exists (select from %s)', c.relation) into rows_there;
  end if;
  update vector_store.catalog k
  set text_revision = c.text_revision + 1, terms_ready = c.terms_ready and not rows_there
  where k.id = c.id;
  c := vector_store.find(c.name);
  if c.adopted and vector_store.text_fields(c.fields) <> '[]' then
    perform vector_store.keep_terms(c);
  end if;
  return c;
end
$$;

create function vector_store.extend(c vector_store.collection, request json) returns vector_store.collection
language plpgsql as $$
declare
  merged jsonb := vector_store.merged_fields(c.fields, (request -> 'fields')::jsonb);
  more boolean := vector_store.text_fields(merged) <> vector_store.text_fields(c.fields);
begin
  update vector_store.catalog k set fields = merged, labels = (request -> 'labels')::jsonb || c.labels
  where k.id = c.id and (k.fields, k.labels) is distinct from (merged, (request -> 'labels')::jsonb || c.labels);
  c := vector_store.find(c.name);
  return case when more then vector_store.with_more_texts(c) else c end;
end
$$;

-- Adopted tables that were dropped are forgotten, so that their names are free again.
create function vector_store.forget_dropped() returns void
language plpgsql security definer as $$
declare
  gone vector_store.catalog;
begin
  for gone in
    select * from vector_store.catalog k where k.adopted and not exists (select from pg_class r where r.oid = k.relation)
  loop
    perform vector_store.drop_beside(gone.id);
    delete from vector_store.catalog k where k.id = gone.id;
  end loop;
end
$$;

create function vector_store.make(request json) returns vector_store.collection
language plpgsql as $$
declare
  made integer;
begin
  if vector_store.table_in_public(request ->> 'name') is not null then
    perform vector_store.fail('PT409', 'there is a table of this name in the schema public; adopt it'
      || ' (vector-store supabase adopt), or choose another name');
  end if;
  insert into vector_store.catalog (terms_version, name, id_kinds, fields, labels, relation)
  values (
    coalesce((request ->> 'termsVersion')::integer, 0), request ->> 'name',
    (request -> 'idKinds')::jsonb, (request -> 'fields')::jsonb, (request -> 'labels')::jsonb, 'vector_store.catalog')
  returning id into made;
  update vector_store.catalog k set relation = vector_store.make_table(vector_store.find(k.name)) where k.id = made;
  return vector_store.with_vectors(vector_store.find(request ->> 'name'), coalesce((request -> 'vectors')::jsonb, '[]'));
end
$$;

-- The collection of a name, or else one whose name differs in case only.
create function vector_store.alike(name text) returns vector_store.collection
language sql stable
return (
  select f from vector_store.catalog k cross join lateral vector_store.find(k.name) f
  where lower(k.name) = lower(alike.name) order by k.name = alike.name desc limit 1
);

-- Makes a collection, or gives it what it lacks.
create function vector_store.ensured(request json) returns vector_store.collection
language plpgsql security definer as $$
declare
  c vector_store.collection := vector_store.alike(request ->> 'name');
  more jsonb;
begin
  if c.id is not null and c.name = request ->> 'name' and vector_store.lacks_nothing(c, request) then
    return c; -- without a lock or a write, which a standby doesn't take
  end if;
  perform pg_advisory_xact_lock(1986359923, 0);
  perform vector_store.forget_dropped();
  c := vector_store.alike(request ->> 'name');
  if c.id is null then
    return vector_store.make(request);
  elsif c.name <> request ->> 'name' then
    perform vector_store.fail('PT409', 'there is a collection whose name differs in case only; choose another name');
  end if;
  more := vector_store.lacking_vectors(c, coalesce((request -> 'vectors')::jsonb, '[]'));
  perform vector_store.check_types(c.fields, (request -> 'fields')::jsonb);
  if more <> '[]' then
    perform vector_store.take(c);
    c := vector_store.with_vectors(c, more);
  end if;
  perform pg_advisory_xact_lock(1986359923, c.id);
  return vector_store.extend(c, request);
end
$$;

create function vector_store.dropped(request json) returns boolean
language plpgsql security definer as $$
declare
  c vector_store.collection;
begin
  perform pg_advisory_xact_lock(1986359923, 0);
  perform vector_store.forget_dropped();
  c := vector_store.named(request ->> 'collection');
  if c.id is null then
    return false;
  elsif c.adopted then
    perform vector_store.fail('PT409', 'it is an adopted table, whose rows are not dropped from here; to let it'
      || ' go, run: select public.vector_store_release(json_build_object(''collection'', ''NAME''))');
  end if;
  perform pg_advisory_xact_lock(1986359923, c.id);
  execute format('drop table %s', c.relation);
  perform vector_store.drop_beside(c.id);
  delete from vector_store.catalog k where k.id = c.id;
  return true;
end
$$;

create function vector_store.dropped_vector(request json) returns boolean
language plpgsql security definer as $$
declare
  c vector_store.collection;
  dropped jsonb;
begin
  perform pg_advisory_xact_lock(1986359923, 0);
  c := vector_store.named(request ->> 'collection');
  if c.id is null then
    perform vector_store.fail('PT404', 'there is no collection of this name');
  elsif c.adopted then
    perform vector_store.fail('PT501', 'it is an adopted table, whose columns are its owner''s; drop the column (alter table'
      || ' ... drop column ...) and adopt the table again');
  end if;
  select v into dropped from jsonb_array_elements(c.vectors) e(v) where v ->> 'name' = request ->> 'vector';
  if dropped is null then
    return false;
  end if;
  perform vector_store.take(c);
  execute format('alter table %s drop column %I', c.relation, dropped ->> 'column');
  update vector_store.catalog k set vectors = (
    select coalesce(jsonb_agg(v order by place), '[]') from jsonb_array_elements(c.vectors) with ordinality e(v, place)
    where v <> dropped) where k.id = c.id;
  return true;
end
$$;

-- The names, and if they are asked for the tables that adopted ones are.
create function vector_store.listed(request json) returns json
language sql stable security definer
return (
  select coalesce(json_agg(case when request ->> 'tables' is null then to_json(c.name)
      else json_build_object('name', c.name, 'table', n.nspname || '.' || t.relname) end order by c.name), '[]')
  from vector_store.catalog c
  left join pg_class t on t.oid = c.relation and c.adopted
  left join pg_namespace n on n.oid = t.relnamespace
  where not c.adopted or t.oid is not null
);

create function vector_store.described_by_name(request json) returns json
language sql stable security definer
return (
  select vector_store.described(c) from vector_store.named(request ->> 'collection') c where c.id is not null
);
