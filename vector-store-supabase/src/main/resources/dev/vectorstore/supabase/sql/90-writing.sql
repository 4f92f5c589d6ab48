-- Writing to collections of ours --------------------------------------------------------------------------

-- The vectors of the records of an upsert, of which each has its place in what the operation uses: a record has them as
-- v0, v1 and so on.

create function vector_store.upserted_vectors(c vector_store.collection, operation json)
returns table (place bigint, name text)
language sql stable
begin atomic
  select u.place - 1, vector_store.vector_of(c, u.used ->> 0) ->> 'column'
  from json_array_elements(operation -> 'uses') with ordinality u(used, place);
end;

-- All vectors are written: of those that the client doesn't know of, a row has none then.
create function vector_store.upsert_managed(c vector_store.collection, operation json, records json) returns void
language plpgsql as $$
declare
  names text;
  vals text;
  parts text;
begin
  select string_agg(format(', %I', u.name), ''), string_agg(', r.v' || u.place, ''), string_agg(format(', v%s %s.vector', u.place, vector_store.pgvector()), '')
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

-- Deletes what a condition selects, locking rows in the order of the ids.
create function vector_store.delete_sql(c vector_store.collection, operation json) returns text
language plpgsql stable as $$
declare
  ids text := format('%s operator(pg_catalog.=) any (%L::pg_catalog.bytea[])', c.id_sql,
    vector_store.ids_of((operation -> 'delete')::jsonb));
  condition text;
begin
  if operation -> 'delete' is not null then
    condition := ids || case when operation -> 'where' is null then ''
      else ' and ' || vector_store.where_sql(c, operation -> 'where') end;
  elsif operation -> 'where' is not null then
    condition := vector_store.where_sql(c, operation -> 'where');
    if condition = 'true' then
      perform vector_store.fail('PT400', 'a delete without a condition is refused');
    end if;
  elsif operation ->> 'all' = 'true' then
    return format('delete from %s', c.relation);
  else
    perform vector_store.fail('PT400', 'the write has no known operation; run the newest vector-store.sql');
  end if;
  return format(
    'with doomed as materialized (select %2$s as id from %1$s t where %3$s order by 1 for update)
     delete from %1$s t using doomed where %2$s operator(pg_catalog.=) doomed.id',
    c.relation, c.id_sql, condition);
end
$$;

-- Where one of the rows is refused, says which; nothing of the transaction stays then.
create function vector_store.write_managed(operation json) returns void
language plpgsql security definer as $$
declare
  c vector_store.collection := vector_store.opened(operation);
  record json;
  broken_constraint text;
  broken_column text;
begin
  perform vector_store.require_ours(c);
  if operation -> 'upsert' is null then
    execute vector_store.delete_sql(c, operation);
    return;
  end if;
  begin
    perform vector_store.upsert_managed(c, operation, operation -> 'upsert');
  exception when data_exception or integrity_constraint_violation or raise_exception then
    for record in select json_array_elements(operation -> 'upsert') loop
      begin
        perform vector_store.upsert_managed(c, operation, json_build_array(record));
      exception when data_exception or integrity_constraint_violation or raise_exception then
        get stacked diagnostics broken_constraint = constraint_name, broken_column = column_name;
        perform vector_store.refuse(record, sqlstate, broken_constraint, broken_column);
      end;
    end loop;
    raise;
  end;
end
$$;

create function vector_store.require_ours(c vector_store.collection) returns void
language plpgsql immutable as $$
begin
  if c.adopted then
    perform vector_store.fail('PT409', 'it is an adopted table, which is read and written with the rights of whoever calls');
  end if;
end
$$;

create function vector_store.refuse(record json, state text, broken_constraint text, broken_column text) returns void
language plpgsql as $$
begin
  perform vector_store.fail('PT400', vector_store.id_name(decode(record ->> 'i', 'hex')) || ' '
    || vector_store.broken(state, broken_constraint, broken_column) || '; nothing of the batch was written');
end
$$;

create function vector_store.patch_managed(request json) returns bigint
language plpgsql security definer as $$
declare
  c vector_store.collection := vector_store.locked(request);
  patched bigint;
begin
  perform vector_store.require_ours(c);
  execute format(
    'with chosen as materialized (select t.id from %1$s t where t.id = any ($1) order by t.id for update)
     update %1$s t set payload = (t.payload - $2) || $3, terms = nullif(
       array(select e from unnest(t.terms) e where split_part(e, '':'', 1) <> all ($4)) || $5, ''{}'')
     from chosen where t.id = chosen.id', c.relation)
  using vector_store.ids_of((request -> 'ids')::jsonb), vector_store.strings((request -> 'remove')::jsonb),
    (request -> 'set')::jsonb, vector_store.strings((request -> 'termFields')::jsonb),
    vector_store.strings((request -> 'terms')::jsonb);
  get diagnostics patched = row_count;
  return patched;
end
$$;

-- Until the transaction ends, none of the collections is dropped or given fields.
create function vector_store.lock_for_write(request json) returns void
language plpgsql security definer as $$
begin
  perform pg_advisory_xact_lock_shared(1986359923, c.id) from (
    select c.id from vector_store.catalog c
    where c.name in (select o ->> 'collection' from json_array_elements(request -> 'operations') o)
    order by c.id) c;
  -- Batches of the same collections run one after the other: each of their statements sees what the one
  -- before has written. Writes of one operation are atomic as they are, and stay beside each other.
  if json_array_length(request -> 'operations') > 1 then
    perform pg_advisory_xact_lock(1986359924, c.id) from (
      select c.id from vector_store.catalog c
      where c.name in (select o ->> 'collection' from json_array_elements(request -> 'operations') o)
      order by c.id) c;
  end if;
end
$$;
