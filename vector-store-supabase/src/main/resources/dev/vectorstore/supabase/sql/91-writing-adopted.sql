-- Writing to adopted tables -------------------------------------------------------------------------------
-- This is done by whoever calls, with their search path where a statement changes the table: its triggers may need it. The
-- functions that run these statements set none themselves, so every name in them has its schema too.

-- Whether the key is one text, which an id is as it stands.
create function vector_store.has_plain_key(c vector_store.collection) returns boolean
language sql immutable
return cardinality(c.key_types) = 1 and c.key_types[1] in ('text', 'varchar');

-- Refuses records that the columns of a table can't hold, and ids that would be others once they are keys.
create function vector_store.check_rows(c vector_store.collection, records json) returns void
language plpgsql as $$
declare
  kinds text[] := c.key_types;
  plain boolean := vector_store.has_plain_key(c);
  keys text[] := array(select e ->> 'key' from jsonb_array_elements(c.columns) e);
  r record;
begin
  for r in select decode(i, 'hex') as id, p from json_to_recordset(records) as r(i text, p jsonb) loop
    if r.p - keys <> '{}' then
      perform vector_store.fail('PT400', vector_store.id_name(r.id)
        || ' has a key that is no column of the table; put it below a column of jsonb, or add the column and adopt'
        || ' the table again; nothing of the batch was written');
    elsif vector_store.id_of_key(kinds, vector_store.key_texts(r.id, plain)) is distinct from r.id then
      perform vector_store.fail('PT400', vector_store.id_name(r.id) || ' isn''t written as a key of this table is: '
        || array_to_string(kinds, ', ') || '; nothing of the batch was written');
    end if;
  end loop;
end
$$;

-- What a row r gets in a column, by its place among all the table's columns.
create function vector_store.column_value_sql(c vector_store.collection, name text, place bigint) returns text
language plpgsql stable as $$
begin
  return (
  select case when name = any (c.key_columns)
    then format('r.k[%s]::%s', array_position(c.key_columns, name), case
      when a.atttypid in ('text'::regtype, 'uuid'::regtype) then 'pg_catalog.' else '' end || format_type(a.atttypid, a.atttypmod))
    else 'x.c' || place end
  from pg_attribute a where a.attrelid = c.relation and a.attname = name
);
end
$$;

-- The payload of a row r with the names of the columns.
create function vector_store.row_of_sql(c vector_store.collection) returns text
language plpgsql immutable as $$
begin
  return (
  select repeat('(', count(*)::integer) || 'r.p' || coalesce(string_agg(format(
    ' operator(pg_catalog.-) %1$L::pg_catalog.text operator(pg_catalog.||)'
      || ' pg_catalog.jsonb_build_object(%2$L::pg_catalog.text, r.p operator(pg_catalog.->) %1$L::pg_catalog.text))',
    e ->> 'key', e ->> 'column'), ''), '')
  from jsonb_array_elements(c.columns) e where e ->> 'key' <> e ->> 'column'
);
end
$$;

-- What an adopted row has in a column of vectors once it is written. What is no vector there reads as none: zeros under
-- cosine, and those of another dimension. So they stay where none comes, for whoever writes back what was read.
create function vector_store.replaced_vector_sql(v jsonb) returns text
language plpgsql immutable as $$
begin
  return format(
    '%1$I = case when excluded.%1$I is null and (%3$s.vector_dims(t.%1$I) operator(pg_catalog.<>) %2$s or %4$s'
      || ' %3$s.vector_norm(t.%1$I::%3$s.vector) operator(pg_catalog.=) 0) then t.%1$I else excluded.%1$I end',
    v ->> 'column', v ->> 'dimension', vector_store.pgvector(), case v ->> 'metric' when 'COSINE' then '' else 'false and' end);
end
$$;

-- The columns that a row without their key gets from the table: those with a default, and what it counts.
create function vector_store.columns_with_defaults(c vector_store.collection) returns text[]
language plpgsql stable as $$
begin
  return array(
  select e ->> 'key' from jsonb_array_elements(c.columns) e
  join pg_attribute a on a.attrelid = c.relation and a.attname = e ->> 'column'
  where (a.atthasdef or a.attidentity <> '') and a.attgenerated = '' and e ->> 'column' <> all (c.key_columns));
end
$$;

-- The statements of an upsert, each for the records that lack the same columns with a default.
create function vector_store.upserts(c vector_store.collection, operation json, records json)
returns table (statement text, those json)
language plpgsql stable as $$
declare
  defaults text[] := vector_store.columns_with_defaults(c);
  lacking text[];
begin
  if defaults = '{}' then
    return query select vector_store.upsert_sql(c, operation, '{}'), records;
    return;
  end if;
  for lacking, those in
    select l.lacking, json_agg(r order by place)
    from json_array_elements(records) with ordinality e(r, place)
    cross join lateral (select array(select d from unnest(defaults) d where not (r -> 'p')::jsonb ? d) as lacking) l
    group by l.lacking order by l.lacking
  loop
    statement := vector_store.upsert_sql(c, operation, lacking);
    return next;
  end loop;
end
$$;

-- It runs with the caller's search path, so every name in it has its schema.
create function vector_store.upsert_sql(c vector_store.collection, operation json, lacking text[]) returns text
language plpgsql stable as $$
declare
  columns text[];
  vals text[];
  sets text;
  parts text;
  written jsonb := (select coalesce(jsonb_agg(v order by place), '[]')
    from jsonb_array_elements(c.vectors) with ordinality e(v, place)
    join pg_attribute a on a.attrelid = c.relation and a.attname = v ->> 'column' and a.attgenerated = '');
  row_columns text := (select string_agg('c' || place, ', ' order by place) from (
    select row_number() over (order by attnum) as place from pg_attribute
    where attrelid = c.relation and attnum > 0 and not attisdropped) a);
begin
  select array_agg(quote_ident(a.attname) order by a.place),
    array_agg(vector_store.column_value_sql(c, a.attname, a.place) order by a.place)
  into columns, vals
  from (
    select attname::text, attgenerated, row_number() over (order by attnum) as place from pg_attribute
    where attrelid = c.relation and attnum > 0 and not attisdropped) a
  join jsonb_array_elements(c.columns) e on e ->> 'column' = a.attname
  where a.attgenerated = '' and e ->> 'key' <> all (lacking);
  select string_agg(set, ', ') into sets from (
    select format('%1$I = excluded.%1$I', e ->> 'column') as set from jsonb_array_elements(c.columns) e
    where e ->> 'column' <> all (c.key_columns) and not (e ->> 'generated')::boolean
    union all
    select vector_store.replaced_vector_sql(v) from jsonb_array_elements(written) e(v)) s;
  select string_agg(format(', v%s %s.vector', u.place, vector_store.pgvector()), ''),
    columns || array_agg(quote_ident(u.name)) filter (where w.name is not null),
    vals || array_agg('r.v' || u.place) filter (where w.name is not null)
  into parts, columns, vals
  from vector_store.upserted_vectors(c, operation) u
  left join (select v ->> 'column' from jsonb_array_elements(written) e(v)) w(name) on w.name = u.name;
  return format(
    'insert into %1$s as t (%2$s) overriding system value
     select %3$s from (
       select r.*, vector_store.key_texts(pg_catalog.decode(r.i, ''hex''), %4$L) as k
       from pg_catalog.json_to_recordset($1) as r(i pg_catalog.text, p pg_catalog.jsonb%8$s)) r,
       lateral pg_catalog.jsonb_populate_record(null::%1$s, %5$s) x(%9$s)
     order by pg_catalog.decode(r.i, ''hex'')
     on conflict (%6$s) do %7$s',
    c.relation, array_to_string(columns, ', '), array_to_string(vals, ', '), vector_store.has_plain_key(c),
    vector_store.row_of_sql(c), (select string_agg(quote_ident(k), ', ') from unnest(c.key_columns) k),
    case when (operation ->> 'insertOnly')::boolean or sets is null then 'nothing' else 'update set ' || sets end,
    parts, row_columns);
end
$$;

-- The texts of a row, as its terms are made of them, over the alias t; null is the same as none.
create function vector_store.texts_sql(c vector_store.collection, fields jsonb) returns text
language plpgsql immutable as $$
begin
  return (
  select 'jsonb_build_array(' || coalesce(string_agg(format('coalesce(%s, ''null'')', vector_store.at_sql(c, f -> 1)), ', '
    order by place), '') || ')'
  from jsonb_array_elements(fields) with ordinality e(f, place)
);
end
$$;

-- The same of the payload that was sent.
create function vector_store.sent_texts_sql(payload text, fields jsonb) returns text
language plpgsql immutable as $$
begin
  return (
  select 'jsonb_build_array(' || coalesce(string_agg(format('coalesce(%s #> %L::text[], ''null'')', payload,
    vector_store.strings(f -> 1)), ', ' order by place), '') || ')'
  from jsonb_array_elements(fields) with ordinality e(f, place)
);
end
$$;

-- Behind the table's triggers: keeps the terms of what was written where the table has stored the texts that they were made
-- of. A trigger, a default or a generated column can have made others, whose rows are without terms then.
create function vector_store.keep_upserted(c vector_store.collection, operation json, records json) returns void
language plpgsql as $$
begin
  if vector_store.is_watched(c) then
    execute format(
      'insert into %1$s as s (id, terms)
       select %2$s, case when %4$s = %5$s then coalesce(r.t, ''{}'') end
       from json_to_recordset($1) as r(i text, p jsonb, t text[]) join %3$s t on %2$s = decode(r.i, ''hex'')
       on conflict (id) do update set terms = excluded.terms %6$s',
      vector_store.writable_terms(c), c.id_sql, c.relation,
      vector_store.texts_sql(c, vector_store.text_fields(c.fields)),
      vector_store.sent_texts_sql('r.p', vector_store.text_fields(c.fields)),
      case when (operation ->> 'insertOnly')::boolean then 'where s.terms is null' end)
    using records;
  end if;
end
$$;

-- Whoever changes a table has it before it comes to its collection's lock, as its triggers do: so do we.
create function vector_store.lock_tables(operations json) returns void
language plpgsql as $$
declare
  relation regclass;
begin
  for relation in
    select distinct (vector_store.opened(o)).relation from json_array_elements(operations) o
    where vector_store.is_adopted(o) order by 1
  loop
    execute format('lock table %s in row exclusive mode', relation);
  end loop;
end
$$;

create function vector_store.upsert_adopted(c vector_store.collection, operation json, records json) returns void
language plpgsql as $$
declare
  part record;
begin
  perform vector_store.check_rows(c, records);
  for part in select u.statement, u.those from vector_store.upserts(c, operation, records) u loop
    execute part.statement using part.those;
  end loop;
  perform vector_store.keep_upserted(c, operation, records);
end
$$;

create function vector_store.write_adopted(operation json) returns void
language plpgsql as $$
declare
  c vector_store.collection := vector_store.opened(operation);
  record pg_catalog.json;
  broken_constraint pg_catalog.text;
  broken_column pg_catalog.text;
begin
  if operation operator(pg_catalog.->) 'upsert' is null then
    execute vector_store.delete_sql(c, operation);
    return;
  end if;
  begin
    perform vector_store.upsert_adopted(c, operation, operation operator(pg_catalog.->) 'upsert');
  exception when data_exception or integrity_constraint_violation or raise_exception then
    for record in select pg_catalog.json_array_elements(operation operator(pg_catalog.->) 'upsert') loop
      begin
        perform vector_store.upsert_adopted(c, operation, vector_store.alone(record));
      exception when data_exception or integrity_constraint_violation or raise_exception then
        get stacked diagnostics broken_constraint = constraint_name, broken_column = column_name;
        perform vector_store.refuse(record, sqlstate, broken_constraint, broken_column);
      end;
    end loop;
    raise;
  end;
end
$$;

create function vector_store.alone(record json) returns json
language sql immutable
return json_build_array(record);

create function vector_store.patch_sql(c vector_store.collection, request json) returns text
language plpgsql stable as $$
declare
  changes jsonb := request -> 'set';
  removed text[] := vector_store.strings((request -> 'remove')::jsonb);
  keys text[] := array(select jsonb_object_keys(changes)) || removed;
  entry jsonb;
  key text;
  sets text[] := '{}';
begin
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
      else format('%1$I = (pg_catalog.jsonb_populate_record(null::%2$s, pg_catalog.jsonb_build_object('
        || '%3$L::pg_catalog.text, $2 operator(pg_catalog.->) %4$L::pg_catalog.text))).%1$I',
        entry ->> 'column', c.relation, entry ->> 'column', key) end;
  end loop;
  return format(
    'with chosen as materialized (select %2$s as id from %1$s t where %2$s operator(pg_catalog.=) any ($1) order by 1 for update)
     update %1$s t set %3$s from chosen where %2$s operator(pg_catalog.=) chosen.id',
    c.relation, c.id_sql,
    case when sets = '{}' then format('%1$I = t.%1$I', c.key_columns[1]) else array_to_string(sets, ', ') end);
end
$$;

-- Those of a patch's text fields that it changes, or that it doesn't.
create function vector_store.patched_fields(c vector_store.collection, request json, changed boolean) returns jsonb
language sql stable
return (
  select coalesce(jsonb_agg(f order by place), '[]')
  from jsonb_array_elements(vector_store.text_fields(c.fields)) with ordinality e(f, place)
  where (f ->> 0 = any (vector_store.strings((request -> 'termFields')::jsonb))) = changed
);

-- Before a patch: of each row that has terms, these, and a hash of the texts that the patch leaves alone.
create function vector_store.texts_before(c vector_store.collection, request json) returns jsonb
language plpgsql as $$
declare
  answer jsonb;
begin
  if vector_store.is_watched(c) then
    execute format(
      'select jsonb_object_agg(encode(t.id, ''hex''), jsonb_build_array(md5(t.texts::text), to_jsonb(s.terms))) from (
         select %1$s as id, %2$s as texts from %3$s t where %1$s = any ($1) order by 1 for update) t
       join %4$s s on s.id = t.id and s.terms is not null',
      c.id_sql, vector_store.texts_sql(c, vector_store.patched_fields(c, request, false)), c.relation,
      vector_store.readable_terms(c))
    into answer using vector_store.ids_of((request -> 'ids')::jsonb);
  end if;
  return answer;
end
$$;

-- Behind a patch: the terms change with the texts that the table has stored as they were sent, if the others are as before.
create function vector_store.keep_patched(c vector_store.collection, request json, before jsonb) returns void
language plpgsql as $$
begin
  if vector_store.is_watched(c) then
    execute format(
      'insert into %1$s as s (id, terms)
       select t.id, case when t.others = $2 -> encode(t.id, ''hex'') ->> 0 and t.sent
         then array(select e from jsonb_array_elements_text($2 -> encode(t.id, ''hex'') -> 1) e
           where split_part(e, '':'', 1) <> all ($4)) || $5 end
       from (select %2$s as id, md5(%3$s::text) as others, %4$s = %5$s as sent from %6$s t where %2$s = any ($1)) t
       on conflict (id) do update set terms = excluded.terms',
      vector_store.writable_terms(c), c.id_sql, vector_store.texts_sql(c, vector_store.patched_fields(c, request, false)),
      vector_store.texts_sql(c, vector_store.patched_fields(c, request, true)),
      vector_store.sent_texts_sql('$3', vector_store.patched_fields(c, request, true)), c.relation)
    using vector_store.ids_of((request -> 'ids')::jsonb), before, (request -> 'set')::jsonb,
      vector_store.strings((request -> 'termFields')::jsonb), vector_store.strings((request -> 'terms')::jsonb);
  end if;
end
$$;

create function vector_store.patch_adopted(request json) returns bigint
language plpgsql as $$
declare
  c vector_store.collection;
  ids constant pg_catalog.bytea[] := vector_store.ids_of_request(request);
  changes constant pg_catalog.jsonb := request operator(pg_catalog.->) 'set';
  before pg_catalog.jsonb;
  patched bigint;
  broken_constraint pg_catalog.text;
  broken_column pg_catalog.text;
begin
  perform vector_store.lock_tables(vector_store.alone(request));
  c := vector_store.locked(request);
  before := vector_store.texts_before(c, request);
  execute vector_store.patch_sql(c, request) using ids, changes;
  get diagnostics patched = row_count;
  perform vector_store.keep_patched(c, request, before);
  return patched;
exception when data_exception or integrity_constraint_violation or raise_exception then
  get stacked diagnostics broken_constraint = constraint_name, broken_column = column_name;
  perform vector_store.refuse_patch(sqlstate, broken_constraint, broken_column);
end
$$;

create function vector_store.ids_of_request(request json) returns bytea[]
language sql immutable
return vector_store.ids_of((request -> 'ids')::jsonb);

create function vector_store.refuse_patch(state text, broken_constraint text, broken_column text) returns void
language plpgsql as $$
begin
  perform vector_store.fail('PT400', 'a record that the patch changes '
    || vector_store.broken(state, broken_constraint, broken_column) || '; nothing was changed');
end
$$;
