-- Adopting a table ---------------------------------------------------------------------------------------
-- What changes the table runs as whoever calls, who must be its owner; the catalog is changed by functions of its own
-- owner, which ask for what only the table's can have made.

-- The fields with those ranked that an adoption asks for: texts of columns, or within a column of jsonb.
create function vector_store.with_ranked(c vector_store.collection, paths jsonb) returns jsonb
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
    if entry is null or entry ->> 'kind' not in ('text', 'json', 'rawjson') or jsonb_array_length(path) > 1 and entry ->> 'kind' = 'text' then
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
create function vector_store.metric_of(relation regclass, name text, said text) returns text
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
create function vector_store.dimension_of(relation regclass, name text) returns integer
language plpgsql stable as $$
declare
  dimension integer := (select atttypmod from pg_attribute where attrelid = relation and attname = name);
begin
  if dimension < 1 then
    execute format('select %3$s.vector_dims(%1$I) from %2$s where %1$I is not null limit 1', name, relation, vector_store.pgvector())
    into dimension;
  end if;
  return dimension;
end
$$;

-- The vectors of a table: those of all its columns that have vectors, by the names of these. The plain one is the one that
-- is chosen, that was plain when the table was adopted before, or the only one.
create function vector_store.vectors_of(
  known jsonb, relation regclass, request json, dimensions json) returns jsonb
language plpgsql stable as $$
declare
  names text[] := array(
    select a.attname::text from pg_attribute a join pg_type t on t.oid = a.atttypid
    where a.attrelid = relation and a.attnum > 0 and not a.attisdropped and t.typname in ('vector', 'halfvec')
    order by a.attnum);
  plain text := coalesce(request ->> 'vectorColumn',
    (select v ->> 'column' from jsonb_array_elements(known) e(v)
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
    dimension := dimensions ->> name;
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
create function vector_store.notes_on(c vector_store.collection) returns jsonb
language sql stable
return (
  select coalesce(jsonb_agg(note), '[]') from (
    select format('the index %s is of the kind ivfflat, whose lists are those of the rows that were there when it was'
      || ' made; made on an empty table it finds few of the true neighbours, so it is passed by and searches compare every row.'
      || ' For fast ones: create index concurrently on %s using hnsw (%I %s); drop index %1$s;',
      i.index, c.relation, v ->> 'column', v ->> 'type' || vector_store.index_ops(v ->> 'metric')) as note
    from jsonb_array_elements(c.vectors) e(v), vector_store.indexes_of(c.relation, v ->> 'column') i
    where i.kind = 'ivfflat'
    union all
    select format('the index %s is by the distance of %s, which no collection has: searches by its column are by %s, and pass'
      || ' it by', i.indexrelid::regclass, o.opcname, v ->> 'metric')
    from jsonb_array_elements(c.vectors) e(v)
    join pg_attribute a on a.attrelid = c.relation and a.attname = v ->> 'column'
    join pg_index i on i.indrelid = c.relation and a.attnum = any (i.indkey::smallint[])
    join pg_opclass o on o.oid = any (i.indclass::oid[]) and o.opcname ~ '^(vector|halfvec)_l1_ops$'
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
    select 'row-level security is on: a role that it applies to reads and writes the rows that its policies let it, and can''t search'
      || ' texts by their terms; service_role passes it by'
    from pg_class k where k.oid = c.relation and k.relrowsecurity) n
);

-- The table that an adoption means: of the schema that it says, else of the client's usual one, else with a schema before
-- the name.
create function vector_store.table_of(request json) returns regclass
language sql stable
return (
  select t.oid::regclass from pg_class t join pg_namespace n on n.oid = t.relnamespace
  where t.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname not in ('vector_store', 'pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
    and case when request ->> 'schema' is not null
      then n.nspname = request ->> 'schema' and t.relname = request ->> 'table'
      else n.nspname = coalesce(request ->> 'usualSchema', 'public') and t.relname = request ->> 'table'
        or n.nspname || '.' || t.relname = request ->> 'table' end
  order by n.nspname = coalesce(request ->> 'usualSchema', 'public') and t.relname = request ->> 'table' desc,
    length(n.nspname) limit 1
);

create function vector_store.adoptable(request json) returns regclass
language plpgsql stable as $$
declare
  relation regclass := vector_store.table_of(request);
  owner text := (select relowner::regrole from pg_class where oid = relation);
begin
  if relation is null then
    perform vector_store.fail('PT404', 'there is no such table ' || case when request ->> 'schema' is null
      then 'of this name alone, nor with that of its schema before it' else 'in the schema ' || (request ->> 'schema') end);
  elsif (select relkind from pg_class where oid = relation) not in ('r', 'p') then
    perform vector_store.fail('PT400', 'it isn''t a table');
  elsif not pg_has_role(current_user, (select relowner from pg_class where oid = relation), 'usage') then
    perform vector_store.fail('PT403', format('only the owner of the table %s, the role %s, can adopt it and let it go, since it'
      || ' gets an index and triggers; run this as that role, in the SQL editor: select public.vector_store_adopt(%L);',
      relation, owner, (request::jsonb - 'termsVersion' - 'usualSchema') || jsonb_build_object('schema', (
        select n.nspname from pg_class t join pg_namespace n on n.oid = t.relnamespace where t.oid = relation),
        'table', (select relname from pg_class where oid = relation), 'termsVersion', request -> 'termsVersion')));
  elsif row_security_active(relation) then
    perform vector_store.fail('PT409', 'row-level security hides rows of it from its own owner (alter table ... force row level'
      || ' security); its vectors and ids can''t be known then');
  elsif exists (select from pg_inherits where inhparent = relation)
      and (select relkind from pg_class where oid = relation) = 'r' then
    perform vector_store.fail('PT501', 'other tables inherit from it, whose rows would be read as its own and have keys of'
      || ' their own; adopt each of these alone');
  elsif vector_store.key_of(relation) is null then
    perform vector_store.fail('PT501', 'it has no primary key, so its rows have no ids; add one: alter table '
      || relation || ' add primary key (...)');
  end if;
  return relation;
end
$$;

create function vector_store.renamed(relation regclass, request json) returns jsonb
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
create function vector_store.adopted_name(wanted regclass, request json) returns text
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

-- Which columns can have texts, and those of the key: a row whose others change keeps its terms.
create function vector_store.watched_columns(relation regclass, keys text[]) returns text[]
language sql stable
return array(
  select a.attname::text from pg_attribute a join pg_type t on t.oid = a.atttypid
  where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
    and (a.attname = any (keys) or t.typname in ('text', 'varchar', 'bpchar', 'jsonb', 'json') or t.typcategory = 'A')
  order by a.attnum);

-- Has a table say which of its rows are changed, whoever does so.
create function vector_store.watch(relation regclass, keys text[]) returns void
language plpgsql as $$
declare
  names constant text[] := vector_store.watched_columns(relation, keys);
  known text := (select convert_from(rtrim(tgargs, '\x00'), 'UTF8') from pg_trigger
    where tgrelid = relation and tgname = 'vector_store_changed' and tgfoid = 'vector_store.changed()'::regprocedure);
begin
  if known = array_to_string(names, ',') then
    return;
  end if;
  perform vector_store.unwatch(relation);
  execute format('create trigger vector_store_added after insert or delete on %s for each row'
    || ' execute function vector_store.changed()', relation);
  execute format('create trigger vector_store_changed after update on %s for each row when (%s)'
    || ' execute function vector_store.changed(%L)', relation,
    (select string_agg(format('old.%1$I::text is distinct from new.%1$I::text', name), ' or ') from unnest(names) name),
    array_to_string(names, ','));
  execute format('create trigger vector_store_emptied after truncate on %s for each statement'
    || ' execute function vector_store.changed()', relation);
end
$$;

create function vector_store.unwatch(relation regclass) returns void
language plpgsql as $$
declare
  name text;
begin
  for name in
    select tgname from pg_trigger where tgrelid = relation and tgname like 'vector\_store\_%' and tgparentid = 0
  loop
    execute format('drop trigger %I on %s', name, relation);
  end loop;
end
$$;

-- The indexes on the ids of a table's rows, which only its owner can make: one is there while it is adopted.
create function vector_store.id_indexes(relation regclass) returns regclass[]
language sql stable
return array(
  select i.indexrelid::regclass from pg_index i join pg_class k on k.oid = i.indexrelid
  where i.indrelid = relation and k.relname ~ '^[0-9]+_vector_store_id$');

-- What is there of an adoption before its table is changed: its collection's lock.
create function vector_store.begin_adoption(relation regclass) returns void
language plpgsql security definer as $$
begin
  perform pg_advisory_xact_lock(1986359923, 0);
  perform vector_store.forget_dropped();
  perform pg_advisory_xact_lock(1986359923, k.id) from vector_store.catalog k where k.adopted and k.relation = begin_adoption.relation;
end
$$;

-- Writes an adoption into the catalog. Whoever calls is the table's owner: it has the index of ids.
create function vector_store.registered(relation regclass, request json, dimensions json) returns vector_store.collection
language plpgsql security definer as $$
declare
  c vector_store.collection;
  texts jsonb;
  ranked text[];
  made integer;
begin
  if vector_store.id_indexes(relation) = '{}' then
    perform vector_store.fail('PT403', 'only the owner of a table can adopt it, which gives it an index');
  end if;
  select k.* into c from vector_store.collection k where k.adopted and k.relation = registered.relation;
  texts := vector_store.text_fields(coalesce(c.fields, '[]'));
  ranked := vector_store.ranked_fields(coalesce(c.fields, '[]'));
  if c.id is null then
    c.name := vector_store.adopted_name(relation, request);
  elsif c.name <> request ->> 'collection' then
    perform vector_store.fail('PT409', 'it is adopted under the name ' || c.name || '; release it first');
  end if;
  c.key_columns := vector_store.key_of(relation);
  c.key_types := vector_store.key_types_of(relation, c.key_columns);
  c.columns := vector_store.columns_of(relation, vector_store.renamed(relation, request));
  c.vectors := vector_store.vectors_of(coalesce(c.vectors, '[]'), relation, request, dimensions);
  c.fields := vector_store.merged_fields(coalesce(c.fields, '[]'), vector_store.declared_fields(c.columns));
  c.fields := vector_store.with_ranked(c, (request -> 'ranked')::jsonb);
  if c.id is null then
    insert into vector_store.catalog (terms_version, name, id_kinds, fields, labels, relation, adopted)
    values (coalesce((request ->> 'termsVersion')::integer, 0), c.name,
      (case when cardinality(c.key_types) > 1 or c.key_types[1] in ('text', 'varchar', 'bool') then '["TEXT"]'
        when c.key_types[1] = 'uuid' then '["UUID"]' else '["NUMBER", "TEXT"]' end)::jsonb,
      '[]', '{}', relation, true)
    returning id into made;
  end if;
  update vector_store.catalog k set vectors = c.vectors, fields = c.fields, key_columns = c.key_columns,
    key_types = c.key_types, columns = c.columns
  where k.id = coalesce(made, c.id);
  c := vector_store.find(c.name);
  return case when vector_store.text_fields(c.fields) <> texts or vector_store.ranked_fields(c.fields) <> ranked
    then vector_store.with_more_texts(c) else c end;
end
$$;

-- The dimensions of a table's vectors, by the names of their columns.
create function vector_store.dimensions_of(relation regclass) returns json
language sql stable
return (
  select coalesce(json_object_agg(a.attname, vector_store.dimension_of(relation, a.attname)), '{}')
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  where a.attrelid = relation and a.attnum > 0 and not a.attisdropped and t.typname in ('vector', 'halfvec')
);

-- Where an adopted table has no rows, all of its terms are there.
create function vector_store.complete_if_empty(c vector_store.collection) returns void
language plpgsql as $$
declare
  rows_there boolean;
begin
  if vector_store.text_fields(c.fields) <> '[]' and not vector_store.terms_there(c, vector_store.readable_terms(c)) then
    execute format('select exists (select from %s)', c.relation) into rows_there;
    if not rows_there and has_table_privilege(c.relation, 'insert, update') then
      perform vector_store.complete(c);
    end if;
  end if;
end
$$;

create function vector_store.complete(c vector_store.collection) returns void
language plpgsql as $$
begin
  execute format('insert into %s (id, terms) values ('''', ''{}'') on conflict do nothing', vector_store.writable_terms(c));
end
$$;

-- Makes an existing table a collection, without touching a row: it gets one more index, on its rows' ids, and triggers.
-- Doing it again takes in columns that were added since; the name stays.
create function vector_store.adopt(request json) returns json
language plpgsql as $$
declare
  relation regclass := vector_store.adoptable(request);
  keys text[] := vector_store.key_of(relation);
  c vector_store.collection;
begin
  perform vector_store.begin_adoption(relation);
  if vector_store.id_indexes(relation) = '{}' then
    -- Not unique, which the key is already: an insert that meets another's would be refused by this one.
    execute format('create index %I on %s ((%s))', relation::oid || '_vector_store_id', relation,
      vector_store.row_id_sql(keys, vector_store.key_types_of(relation, keys), ''));
    execute format('analyze %s', relation);
  end if;
  perform vector_store.watch(relation, keys);
  c := vector_store.registered(relation, request, vector_store.dimensions_of(relation));
  perform vector_store.complete_if_empty(c);
  return json_build_object('described', vector_store.described_by_name(json_build_object('collection', c.name)),
    'notes', vector_store.notes_on(c));
end
$$;

-- Takes what isn't adopted any more out of the catalog: its table has no index of ids.
create function vector_store.forget(relation regclass) returns void
language plpgsql security definer as $$
declare
  gone vector_store.collection;
begin
  if vector_store.id_indexes(relation) <> '{}' then
    perform vector_store.fail('PT403', 'only the owner of a table can let it go');
  end if;
  select k.* into gone from vector_store.collection k where k.adopted and k.relation = forget.relation;
  if gone.id is not null then
    perform vector_store.drop_beside(gone.id);
    delete from vector_store.catalog k where k.id = gone.id;
  end if;
end
$$;

-- Lets an adopted table go; its rows stay.
create function vector_store.release(request json) returns boolean
language plpgsql as $$
declare
  c vector_store.collection := vector_store.named(request ->> 'collection');
  index regclass;
begin
  if c.id is null then
    return vector_store.forgotten(request ->> 'collection');
  elsif not c.adopted then
    return false;
  elsif not pg_has_role(current_user, (select relowner from pg_class where oid = c.relation), 'usage') then
    perform vector_store.fail('PT403', format('only the owner of the table %s, the role %s, can let it go', c.relation,
      (select relowner::regrole from pg_class where oid = c.relation)));
  end if;
  perform vector_store.begin_adoption(c.relation);
  perform vector_store.unwatch(c.relation);
  foreach index in array vector_store.id_indexes(c.relation) loop
    execute format('drop index %s', index);
  end loop;
  perform vector_store.forget(c.relation);
  return true;
end
$$;

-- Whether a collection of this name was an adopted table that was dropped, and is forgotten now.
create function vector_store.forgotten(name text) returns boolean
language plpgsql security definer as $$
declare
  there boolean := exists (
    select from vector_store.catalog k where k.name = forgotten.name collate "C" and k.adopted
      and not exists (select from pg_class r where r.oid = k.relation));
begin
  perform pg_advisory_xact_lock(1986359923, 0);
  perform vector_store.forget_dropped();
  return there;
end
$$;
