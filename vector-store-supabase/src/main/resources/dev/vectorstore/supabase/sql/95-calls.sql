-- What clients call --------------------------------------------------------------------------------------

create function vector_store.require_there(c vector_store.collection) returns void
language plpgsql as $$
begin
  if not exists (select from pg_class r where r.oid = c.relation) then
    perform vector_store.fail('PT404', 'the collection was dropped meanwhile');
  end if;
end
$$;

create function vector_store.answer(c vector_store.collection, operation text, request json) returns json
language plpgsql stable as $$
begin
  return case operation when 'fetch' then vector_store.fetch(c, request) when 'scan' then vector_store.scan(c, request)
    when 'count' then vector_store.count(c, request) when 'search' then vector_store.search(c, request) end;
exception when syntax_error or undefined_table or internal_error then
  -- A table that is gone has a number in place of its name.
  perform vector_store.require_there(c);
  raise;
end
$$;

create function vector_store.read_managed(operation text, request json) returns json
language plpgsql stable security definer as $$
declare
  c vector_store.collection := vector_store.opened(request);
begin
  perform vector_store.require_ours(c);
  return vector_store.answer(c, operation, request);
end
$$;

create function vector_store.read(operation text, request json) returns json
language sql stable
return case when vector_store.is_adopted(request) then vector_store.answer(vector_store.opened(request), operation, request)
  else vector_store.read_managed(operation, request) end;

create function vector_store.ensure(request json) returns json
language plpgsql as $$
declare
  c vector_store.collection := vector_store.ensured(request);
begin
  if c.adopted then
    perform vector_store.complete_if_empty(c);
  end if;
  return vector_store.described_by_name(json_build_object('collection', c.name));
end
$$;

-- These are the installer's: they do nothing but call those above, as whoever calls them.
do $$
begin
  execute format('set local role %I', current_setting('vector_store.installer'));
end
$$;

create function public.vector_store_version() returns json
language sql stable
return pg_catalog.to_json(vector_store.version());

create function public.vector_store_ensure(json) returns json
language sql volatile
return vector_store.ensure($1);

create function public.vector_store_describe(json) returns json
language sql stable
return vector_store.described_by_name($1);

create function public.vector_store_collections(json) returns json
language sql stable
return vector_store.listed($1);

create function public.vector_store_drop(json) returns json
language sql volatile
return to_json(vector_store.dropped($1));

create function public.vector_store_drop_vector(json) returns json
language sql volatile
return to_json(vector_store.dropped_vector($1));

create function public.vector_store_adopt(json) returns json
language sql volatile
return vector_store.adopt($1);

create function public.vector_store_release(json) returns json
language sql volatile
return to_json(vector_store.release($1));

create function public.vector_store_fetch(json) returns json
language sql stable
return vector_store.read('fetch', $1);

create function public.vector_store_scan(json) returns json
language sql stable
return vector_store.read('scan', $1);

create function public.vector_store_count(json) returns json
language sql stable
return vector_store.read('count', $1);

create function public.vector_store_search(json) returns json
language sql stable
return vector_store.read('search', $1);

create function public.vector_store_write(json) returns json
language plpgsql as $$
declare
  operation pg_catalog.json;
begin
  perform vector_store.lock_tables($1 operator(pg_catalog.->) 'operations');
  perform vector_store.lock_for_write($1);
  for operation in select pg_catalog.json_array_elements($1 operator(pg_catalog.->) 'operations') loop
    if vector_store.is_adopted(operation) then
      perform vector_store.write_adopted(operation);
    else
      perform vector_store.write_managed(operation);
    end if;
  end loop;
  return pg_catalog.to_json(true);
end
$$;

create function public.vector_store_patch(json) returns json
language sql volatile
return to_json(case when vector_store.is_adopted($1) then vector_store.patch_adopted($1) else vector_store.patch_managed($1) end);

create function public.vector_store_untermed(json) returns json
language sql volatile
return case when vector_store.is_adopted($1) then vector_store.untermed_adopted($1)
  else vector_store.untermed_managed($1) end;

create function public.vector_store_terms(json) returns json
language plpgsql as $$
begin
  if vector_store.is_adopted($1) then
    perform vector_store.store_terms_adopted($1);
  else
    perform vector_store.store_terms_managed($1);
  end if;
  return pg_catalog.to_json(true);
end
$$;
