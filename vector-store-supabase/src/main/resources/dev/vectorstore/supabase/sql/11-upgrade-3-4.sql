-- From version 3: a collection's SQL is made by each call, not kept; an adopted table gets its triggers from its owner
-- when it is adopted again, and its terms with them.
do $$
declare
  c record;
begin
  if exists (select from pg_attribute where attrelid = 'vector_store.catalog'::regclass and attname = 'id_sql'
      and not attisdropped) then
    alter table vector_store.catalog drop column id_sql, drop column payload_sql, drop column if exists fields_version;
    alter table vector_store.catalog add column key_types text[];
    update vector_store.catalog k set key_types = array(
      select t.typname::text from unnest(k.key_columns) with ordinality u(name, place)
      join pg_attribute a on a.attrelid = k.relation and a.attname = u.name join pg_type t on t.oid = a.atttypid order by place)
    where adopted;
    for c in select id from vector_store.catalog where adopted loop
      execute format('drop table if exists vector_store.%I, vector_store.%I', 'a' || c.id, 'r' || c.id);
    end loop;
    update vector_store.catalog set terms_ready = true where adopted;
    drop function if exists vector_store.changed() cascade;
  end if;
end
$$;
