-- What a client knows of a collection ----------------------------------------------------------------------

-- Changes with whatever a client must know of a collection to write to it and to search it, but for its vectors: of these
-- a request says which ones it is about (uses), so that whoever doesn't know of one that was added goes on.
create function vector_store.token(c vector_store.collection) returns text
language plpgsql immutable as $$
begin
  return md5((jsonb_build_array(
      c.id_kinds, c.adopted, vector_store.text_fields(c.fields), c.columns, c.terms_version)
    || case when vector_store.is_ranked(c) then to_jsonb(vector_store.ranked_fields(c.fields)) else '[]' end)::text);
end
$$;

-- What a request says of a vector that it is about: a vector of that name which was made anew is the same if this is. Of an
-- adopted table, which can be adopted with other names for its columns, it has the column too.
create function vector_store.vector_token(c vector_store.collection, v jsonb) returns text
language sql stable
return concat_ws(' ', v ->> 'metric', v ->> 'dimension', case when c.adopted then v ->> 'column' end);

-- The columns of an adopted table's texts.
create function vector_store.text_columns(c vector_store.collection) returns text[]
language sql stable
return array(
  select distinct vector_store.entry(c, f -> 1 ->> 0) ->> 'column' from jsonb_array_elements(vector_store.text_fields(c.fields)) f
  where vector_store.entry(c, f -> 1 ->> 0) is not null);

-- The columns whose changes a table's trigger tells; null where none does, or it is off.
create function vector_store.watched_now(relation regclass) returns text[]
language plpgsql stable as $$
declare
  told constant regprocedure := 'vector_store.changed()';
begin
  return (
    select convert_from(rtrim(t.tgargs, '\x00'), 'UTF8')::text[] from pg_trigger t
    where t.tgrelid = relation and t.tgname = 'vector_store_changed' and t.tgfoid = told
      and 3 = (select count(*) from pg_trigger o where o.tgrelid = relation and o.tgfoid = told and o.tgenabled in ('O', 'A')));
end
$$;

-- The partitions of a table that is one of many.
create function vector_store.partitions_of(relation regclass) returns text[]
language sql stable
return array(select p.relid::oid::text from pg_partition_tree(relation) p where p.isleaf and p.relid <> relation order by 1);

-- Whether the terms of all rows are made: of a collection of ours, the catalog says so. Of an adopted table they are in a
-- table beside it, which has a row with an empty id once all are made, and one without terms for each that was changed. Its
-- triggers must be on, and its partitions those of then: rows come and go with a partition, which no trigger tells.
create function vector_store.terms_there(c vector_store.collection, beside text) returns boolean
language plpgsql stable as $$
declare
  answer boolean;
begin
  if not c.adopted or vector_store.text_fields(c.fields) = '[]' then
    return c.terms_ready;
  elsif to_regclass(beside) is null
      or not coalesce(vector_store.text_columns(c) <@ vector_store.watched_now(c.relation), false) then
    return false;
  end if;
  execute format('select exists (select from %1$s where id = '''' and terms = $1) and not exists (select from %1$s where terms'
    || ' is null)', beside)
  into answer using vector_store.partitions_of(c.relation);
  return answer;
end
$$;

create function vector_store.described(c vector_store.collection) returns json
language sql stable
return json_build_object(
    'version', vector_store.version(), 'name', c.name,
    'vectors', (
      select coalesce(json_agg(v || jsonb_build_object('token', vector_store.vector_token(c, v)) order by place), '[]')
      from jsonb_array_elements(c.vectors) with ordinality e(v, place)),
    'idKinds', c.id_kinds, 'fields', c.fields, 'labels', c.labels, 'token', vector_store.token(c),
    'termsReady', vector_store.terms_there(c, vector_store.kept_terms(c)), 'termsVersion', c.terms_version,
    'adopted', c.adopted,
    'columns', (select json_agg(e -> 'key') from jsonb_array_elements(c.columns) e),
    'keyTypes', (select json_agg(format_type(a.atttypid, null) order by k.place)
      from unnest(c.key_columns) with ordinality k(name, place)
      join pg_attribute a on a.attrelid = c.relation and a.attname = k.name));

-- Vectors for a message.
create function vector_store.vectors_text(vectors jsonb) returns text
language plpgsql immutable as $$
begin
  return (
  select coalesce(string_agg(format('%s (%s of %s dimensions)',
    case when v ->> 'name' = '' then 'a plain vector' else 'the vector ' || (v -> 'name')::text end, v ->> 'metric',
    v ->> 'dimension'), ', ' order by place), 'no vectors')
  from jsonb_array_elements(vectors) with ordinality e(v, place)
);
end
$$;

-- The vector of a name.
create function vector_store.vector_of(c vector_store.collection, name text) returns jsonb
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

-- Whether a request is about an adopted table.
create function vector_store.is_adopted(request json) returns boolean
language sql stable security definer
return exists (
  select from vector_store.catalog k where k.adopted and k.name = (request ->> 'collection') collate "C");

-- A collection as the client knows it, for a read.
create function vector_store.opened(request json) returns vector_store.collection
language plpgsql stable security definer as $$
declare
  c vector_store.collection := vector_store.find(request ->> 'collection');
  used json;
begin
  if c.id is null then
    perform vector_store.fail('PT404', 'there is no collection of this name');
  elsif request ->> 'token' <> vector_store.token(c) then
    perform vector_store.fail('PT409', 'its text fields or columns were changed since they were read; ask the store for the'
      || ' collection again');
  elsif c.adopted and exists (select from pg_inherits i join pg_class p on p.oid = i.inhparent
      where i.inhparent = c.relation and p.relkind <> 'p') then
    perform vector_store.fail('PT409', 'tables inherit from this one since it was adopted, and their rows would be taken for its'
      || ' own; end that (alter table ... no inherit ...), or give the rows a table of their own');
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
create function vector_store.locked(request json) returns vector_store.collection
language plpgsql security definer as $$
begin
  perform pg_advisory_xact_lock_shared(1986359923, k.id)
  from vector_store.catalog k where k.name = (request ->> 'collection') collate "C";
  return vector_store.opened(request);
end
$$;
