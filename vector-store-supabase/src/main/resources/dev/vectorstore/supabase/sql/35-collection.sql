-- Collections -------------------------------------------------------------------------------------------

-- A collection, with the SQL of a row's parts over the alias t, which is made anew for each call. An adopted table that
-- was dropped is none.
create view vector_store.collection as
select k.id, k.name, k.vectors, k.id_kinds, k.fields, k.labels, k.text_revision, k.terms_ready, k.terms_version, k.relation,
  k.adopted, k.key_columns, k.key_types, k.columns,
  case when k.adopted then vector_store.row_id_sql(k.key_columns, k.key_types, 't.') else 't.id' end as id_sql,
  case when k.adopted then vector_store.row_payload_sql(k.columns) else 't.payload' end as payload_sql
from vector_store.catalog k
where not k.adopted or exists (select from pg_catalog.pg_class r where r.oid = k.relation);

create function vector_store.is_ranked(c vector_store.collection) returns boolean
language sql immutable
return vector_store.ranked_fields(c.fields) <> '{}';

-- What a payload's key is in an adopted table.
create function vector_store.entry(c vector_store.collection, key text) returns jsonb
language plpgsql immutable as $$
begin
  return (select e from jsonb_array_elements(c.columns) e where e ->> 'key' = entry.key limit 1);
end
$$;

-- What begins none of the table's columns: the names of what a statement has beside these begin so.
create function vector_store.free(c vector_store.collection) returns text
language plpgsql immutable as $$
begin
  return case when not c.adopted then 'vs_' else (
  select 'vs' || repeat('_', n) from generate_series(1, 60) n
  where not exists (
    select from jsonb_array_elements(c.columns || c.vectors) e where starts_with(e ->> 'column', 'vs' || repeat('_', n)))
  order by n limit 1) end;
end
$$;

create function vector_store.find(collection text) returns vector_store.collection
language sql stable
return (select c from vector_store.collection c where c.name = collection collate "C");

-- By its name as it is: to_regclass would cut a long one.
create function vector_store.table_in_public(name text) returns oid
language sql stable
return (
  select t.oid from pg_class t
  where t.relnamespace = 'public'::regnamespace and t.relname = name and t.relkind in ('r', 'p', 'f', 'v', 'm')
);

-- A collection by its own name, or an adopted table by that of its table: behind its schema's, or in public alone.
create function vector_store.named(collection text) returns vector_store.collection
language plpgsql stable security definer as $$
declare
  c vector_store.collection := vector_store.find(collection);
begin
  if c.id is null then
    select f.* into c
    from vector_store.catalog k
    cross join lateral vector_store.find(k.name) f
    join pg_class t on t.oid = k.relation
    join pg_namespace n on n.oid = t.relnamespace
    where k.adopted and (n.nspname = 'public' and t.relname = named.collection
      or n.nspname || '.' || t.relname = named.collection and vector_store.table_in_public(named.collection) is null)
    order by n.nspname = 'public' and t.relname = named.collection desc limit 1;
  end if;
  return c;
end
$$;
