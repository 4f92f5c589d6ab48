-- Vectors -----------------------------------------------------------------------------------------------

do $$
begin
  execute format('create function vector_store.pgvector() returns text language sql immutable return %L',
    current_setting('vector_store.pgvector'));
end
$$;

-- The vectors of a column as full floats.
create function vector_store.vector_sql(v jsonb) returns text
language plpgsql immutable as $$
begin
  return format(case v ->> 'type' when 'halfvec' then '(t.%I::%s.vector)' else 't.%I' end, v ->> 'column',
  vector_store.pgvector());
end
$$;

-- The indexes of nearest neighbours on a column or an expression of it.
create function vector_store.indexes_of(relation regclass, name text)
returns table (index regclass, kind text, ops text)
language sql stable
begin atomic
  select distinct i.indexrelid::regclass, m.amname::text, o.opcname::text
  from pg_index i
  join pg_class k on k.oid = i.indexrelid
  join pg_am m on m.oid = k.relam
  join pg_opclass o on o.oid = any (i.indclass::oid[])
  join pg_attribute a on a.attrelid = i.indrelid
  join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
    and d.refclassid = 'pg_class'::regclass and d.refobjid = i.indrelid and d.refobjsubid = a.attnum
  where i.indrelid = relation and a.attname = name and o.opcname ~ '^(vector|halfvec)_(ip|l2|cosine)_ops$';
end;

create function vector_store.operator(metric text) returns text
language plpgsql immutable as $$
begin
  return format('operator(%s.%s)', vector_store.pgvector(),
  case metric when 'COSINE' then '<=>' when 'DOT' then '<#>' else '<->' end);
end
$$;

-- Which rows a search looks at. Whether a vector is one of zeros shows in its distance, and isn't asked here: the
-- planner takes such a question for one that few rows pass, and leaves the index out. Only a column that takes vectors
-- of any dimension needs another.
create function vector_store.searched_sql(c vector_store.collection, v jsonb) returns text
language plpgsql stable as $$
begin
  if c.adopted and exists (
      select from pg_attribute a where a.attrelid = c.relation and a.attname = v ->> 'column' and a.atttypmod < 1) then
    return format('(t.%1$I is not null and %3$s.vector_dims(t.%1$I) = %2$s)', v ->> 'column', v ->> 'dimension',
      vector_store.pgvector());
  end if;
  return format('t.%I is not null', v ->> 'column');
end
$$;

create function vector_store.index_ops(metric text) returns text
language sql immutable
return case metric when 'COSINE' then '_cosine_ops' when 'DOT' then '_ip_ops' else '_l2_ops' end;

-- What of a collection's vectors is indexed: the vectors up to 2,000 dimensions, half as precise ones up to
-- 4,000 where they fit into that type, which longer components may not. Of an adopted table, half as precise
-- ones if its owner has indexed them so.
create function vector_store.indexed_sql(c vector_store.collection, v jsonb) returns text
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
  return format(case when half then 't.%1$I' else '(t.%1$I::%3$s.halfvec(%2$s))' end, v ->> 'column', dimension,
    vector_store.pgvector());
end
$$;
