-- Who may call what -------------------------------------------------------------------------------------
-- Callers are service_role, or the roles that vector_store.role names, and whoever installs this. What a function of theirs
-- does for them with the rights of vector_store_owner (security definer) is done to collections of ours and to the
-- catalog; all else it does with theirs.

do $$
declare
  f record;
  callers text[];
  role text;
  terms text;
begin
  select array_agg(distinct quote_ident(r.rolname)) into callers from pg_roles r
  where r.rolname = current_user or r.rolname = any (array(
    select trim(name) from regexp_split_to_table(coalesce(nullif(current_setting('vector_store.role', true), ''),
      'service_role'), ',') name));
  set local role vector_store_owner;
  grant usage on schema vector_store to public; -- for those functions alone
  for f in
    select p.oid::regprocedure as signature, p.proname as name, l.lanname as language
    from pg_proc p join pg_language l on l.oid = p.prolang where p.pronamespace = 'vector_store'::regnamespace
  loop
    execute format('revoke all on function %s from public', f.signature);
    for role in
      select distinct a.grantee::regrole::text from pg_proc p, aclexplode(p.proacl) a
      where p.oid = f.signature and a.grantee not in (0, p.proowner)
    loop
      execute format('revoke all on function %s from %s', f.signature, role);
    end loop;
    if f.name <> 'posted' then
      execute format('grant execute on function %s to %s', f.signature, array_to_string(callers, ', '));
    end if;
    -- An index or a trigger runs them for whoever writes to its table.
    if f.name in ('id_of', 'quoted', 'mark', 'watched_table') then
      execute format('grant execute on function %s to public', f.signature);
    end if;
    -- Those that run for each row, and those that run a statement with the caller's path, have the schemas of all names.
    if f.language = 'plpgsql' and f.name not in ('micros', 'instant_holds', 'has_part', 'is_given_back', 'number_value',
        'floats_value', 'seen', 'seen_within', 'value_compares', 'json_value', 'upsert_adopted', 'write_adopted', 'patch_adopted') then
      execute format('alter function %s set search_path = pg_catalog, pg_temp', f.signature);
    end if;
  end loop;
  for terms in
    select c.relname from pg_class c where c.relnamespace = 'vector_store'::regnamespace and c.relkind = 'v'
      and c.relname ~ '^[tpw][0-9]+$'
  loop
    for role in
      select distinct a.grantee::regrole::text from pg_class c, aclexplode(c.relacl) a
      where c.oid = format('vector_store.%I', terms)::regclass and a.grantee not in (0, c.relowner)
    loop
      execute format('revoke all on vector_store.%I from %s', terms, role);
    end loop;
    execute format('grant select on vector_store.%I to %s', terms, array_to_string(callers, ', '));
    if terms like 'w%' then
      execute format('grant insert, update on vector_store.%I to %s', terms, array_to_string(callers, ', '));
    end if;
  end loop;
  alter function vector_store.search(vector_store.collection, json) set jit = off;
  alter function vector_store.scan(vector_store.collection, json) set jit = off;
  alter function vector_store.fetch(vector_store.collection, json) set jit = off;
  alter function vector_store.count(vector_store.collection, json) set jit = off;
  -- With all its lists, an index of the kind ivfflat is no faster than none, and is passed by.
  alter function vector_store.search(vector_store.collection, json) set ivfflat.probes = 32768;
  if current_setting('vector_store.scans')::boolean then
    alter function vector_store.search(vector_store.collection, json) set hnsw.iterative_scan = relaxed_order;
  end if;
  -- Who gets the views of terms that are made later.
  execute format('create function vector_store.callers() returns text language sql immutable return %L',
    array_to_string(callers, ', '));
  revoke all on function vector_store.callers() from public;
  execute format('grant execute on function vector_store.callers() to %s', array_to_string(callers, ', '));
  execute format('set local role %I', current_setting('vector_store.installer'));
  for f in
    select p.oid::regprocedure as signature from pg_proc p where pg_temp.vector_store_is_ours(p.oid)
  loop
    execute format('revoke all on function %s from public', f.signature);
    for role in select rolname from pg_roles where rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', f.signature, role);
    end loop;
    execute format('grant execute on function %s to %s', f.signature, array_to_string(callers, ', '));
  end loop;
  -- What these change is changed in a moment, once they have their turn.
  alter function public.vector_store_ensure(json) set statement_timeout = '10min';
  alter function public.vector_store_drop_vector(json) set statement_timeout = '10min';
end
$$;

drop function pg_temp.vector_store_is_ours(oid);
notify pgrst, 'reload schema';
commit;
