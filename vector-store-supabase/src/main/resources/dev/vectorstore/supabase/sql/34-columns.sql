-- Columns of adopted tables ------------------------------------------------------------------------------
-- What is made here becomes a part of statements that may run with the caller's search path, so every name in it has its
-- schema.

create function vector_store.type_of(relation regclass, name text) returns text
language sql stable
return (
  select t.typname::text from pg_attribute a join pg_type t on t.oid = a.atttypid
  where a.attrelid = relation and a.attname = name and a.attnum > 0 and not a.attisdropped
    and (t.typnamespace = 'pg_catalog'::regnamespace or t.typname in ('vector', 'halfvec'))
);

-- The columns of the primary key, or of another unique index that no null can escape.
create function vector_store.key_of(relation regclass) returns text[]
language sql stable
return (
  select array(
    select a.attname::text from unnest(i.indkey::smallint[]) with ordinality k(attnum, place)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum where k.place <= i.indnkeyatts order by place)
  from pg_index i
  where i.indrelid = relation and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null
    and i.indexprs is null
    and not exists (
      select from unnest(i.indkey::smallint[]) k(attnum)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum where not a.attnotnull)
  order by i.indisprimary desc, i.indexrelid limit 1
);

-- The types of a key's columns, of which ids are made.
create function vector_store.key_types_of(relation regclass, keys text[]) returns text[]
language plpgsql stable as $$
declare
  kinds text[] := array(select vector_store.type_of(relation, k) from unnest(keys) with ordinality u(k, place) order by place);
begin
  if exists (select from pg_attribute a join pg_collation l on l.oid = a.attcollation
      where a.attrelid = relation and a.attname = any (keys) and not l.collisdeterministic) then
    perform vector_store.fail('PT501', 'its key has a collation that finds equal what has other letters, so that two ids'
      || ' could be one row');
  elsif array_position(kinds, null) is not null or not kinds <@ array['int2', 'int4', 'int8', 'uuid', 'text', 'varchar', 'bool'] then
    perform vector_store.fail('PT501', 'its key has a column that is neither an integer, a uuid, a text nor a boolean');
  end if;
  return kinds;
end
$$;

-- A row's id in SQL; the index on it must stay the same from version to version.
create function vector_store.row_id_sql(keys text[], kinds text[], alias text) returns text
language plpgsql immutable as $$
begin
  return case
  when cardinality(keys) = 1 and kinds[1] in ('int2', 'int4', 'int8') then format('vector_store.id_of(%s%I::bigint)', alias, keys[1])
  when cardinality(keys) = 1 and kinds[1] = 'uuid' then format('vector_store.id_of(%s%I)', alias, keys[1])
  when cardinality(keys) = 1 and kinds[1] in ('text', 'varchar') then format('vector_store.id_of(%s%I::pg_catalog.text)', alias, keys[1])
  else (
    select 'vector_store.id_of(''['' operator(pg_catalog.||) ' || string_agg(
      case when kind in ('int2', 'int4', 'int8', 'bool') then format('%s%I::pg_catalog.text', alias, key)
        else format('vector_store.quoted(%s%I::pg_catalog.text)', alias, key) end,
      ' operator(pg_catalog.||) '','' operator(pg_catalog.||) ' order by place) || ' operator(pg_catalog.||) '']'')'
    from unnest(keys, kinds) with ordinality k(key, kind, place)) end;
end
$$;

-- A type, or what a domain is over in the end.
create function vector_store.base_type(type oid) returns text
language sql stable
return (
  with recursive over as (
    select t.oid, t.typname, t.typbasetype from pg_type t where t.oid = type
    union all
    select t.oid, t.typname, t.typbasetype from over o join pg_type t on t.oid = o.typbasetype)
  select o.typname::text from over o where o.typbasetype = 0
);

-- The columns that become keys of the payload: all but the vectors. A column whose collation finds equal what has other
-- letters is compared by its bytes as well; of one with a default, what a new row gets is the table's affair. A domain is
-- what it is over, where that has numbers.
create function vector_store.columns_of(relation regclass, renamed jsonb) returns jsonb
language sql stable
return (
  select coalesce(jsonb_agg(jsonb_build_object(
      'column', a.attname, 'key', coalesce(renamed ->> a.attname::text, a.attname::text), 'type', t.typname,
      'kind', case
        when b.name = 'jsonb' then 'json' when b.name = 'json' then 'rawjson'
        when t.typname in ('text', 'varchar') then 'text'
        when t.typname in ('int2', 'int4', 'int8') then 'integer'
        when b.name in ('float4', 'float8') then 'float' when b.name = 'numeric' then 'decimal'
        when b.name in ('_float4', '_float8') then 'floats' else 'other' end,
      'generated', a.attgenerated <> '') || case when coalesce(l.collisdeterministic, true) then '{}' else '{"blind": true}'::jsonb end
      order by a.attnum), '[]')
  from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_collation l on l.oid = a.attcollation
  cross join lateral vector_store.base_type(t.oid) b(name)
  where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
    and t.typname not in ('vector', 'halfvec', 'sparsevec')
);

-- The value of a column of json; null where jsonb can't hold it, which has no \u0000 and no half of a surrogate pair.
create function vector_store.json_value(value json) returns jsonb
language plpgsql immutable strict parallel unsafe as $$
begin
  return value::pg_catalog.jsonb;
exception when others then
  return null;
end
$$;

-- A column as a value of the payload.
create function vector_store.value_sql(entry jsonb) returns text
language plpgsql immutable as $$
begin
  return format(
    case entry ->> 'kind'
      when 'float' then 'coalesce(vector_store.float_value(t.%I), ''null'')'
      when 'decimal' then 'coalesce(vector_store.number_value(t.%I), ''null'')'
      when 'floats' then 'coalesce(case when 1e15 operator(pg_catalog.<=) any (t.%1$I) or -1e15 operator(pg_catalog.>=) any'
        || ' (t.%1$I) then vector_store.floats_value(pg_catalog.to_jsonb(t.%1$I)) else pg_catalog.to_jsonb(t.%1$I) end, ''null'')'
      when 'rawjson' then 'coalesce(vector_store.json_value(t.%I), ''null'')'
      else 'coalesce(pg_catalog.to_jsonb(t.%I), ''null'')' end,
    entry ->> 'column');
end
$$;

-- A row as a payload; null where it has a column that can't be one's value.
create function vector_store.row_payload_sql(columns jsonb) returns text
language plpgsql immutable as $$
begin
  return (
  select case when raw is null then made else format('(case when %s then %s end)', raw, made) end from (
    select coalesce('(' || string_agg(part, ' operator(pg_catalog.||) ' order by part_number) || ')', '''{}''::pg_catalog.jsonb')
      as made, (
        select string_agg(format('(t.%1$I is null or vector_store.json_value(t.%1$I) is not null)', e ->> 'column'), ' and ')
        from jsonb_array_elements(columns) e where e ->> 'kind' = 'rawjson') as raw
    from (
      select 'pg_catalog.jsonb_build_object(' || string_agg(format('%L::pg_catalog.text, %s', e ->> 'key',
        vector_store.value_sql(e)), ', ' order by place) || ')' as part, place / 40 as part_number
      from jsonb_array_elements(columns) with ordinality c(e, place) group by place / 40) parts) p
);
end
$$;

create function vector_store.declared_fields(columns jsonb) returns jsonb
language sql immutable
return (
  select coalesce(jsonb_agg(jsonb_build_object('path', jsonb_build_array(e ->> 'key'), 'type',
    case when e ->> 'key' in ('content', 'summary') and e ->> 'kind' = 'text' then 'TERMS'
      when e ->> 'kind' = 'text' then 'KEYWORD' when e ->> 'kind' in ('integer', 'float') then 'NUMBER'
      when e ->> 'type' = 'bool' then 'BOOLEAN' else 'INSTANT' end) order by place), '[]')
  from jsonb_array_elements(columns) with ordinality c(e, place)
  where e ->> 'kind' in ('text', 'integer', 'float') or e ->> 'type' in ('bool', 'timestamptz')
);
