-- Reading -----------------------------------------------------------------------------------------------
-- These run as whoever may read the rows: our own collections' owner, or the caller for an adopted table.

-- The parts of a row that a request asks for, as the elements of an array; the vectors last, in the order of its names.
create function vector_store.parts_sql(c vector_store.collection, request json) returns text
language plpgsql stable as $$
begin
  return format('encode(%s, ''hex''), %s%s', c.id_sql,
    case
      when coalesce(json_typeof(request -> 'fields'), 'null') = 'null' then c.payload_sql
      when json_array_length(request -> 'fields') = 0 then '''{}''::jsonb'
      else format('case when %1$s is not null then coalesce((select jsonb_object_agg(key, value) from jsonb_each(%1$s)'
        || ' where key = any (%2$L::text[])), ''{}'') end',
        c.payload_sql, vector_store.strings((request -> 'fields')::jsonb))
    end,
    -- A third of the time of their texts, which would be twice as long.
    (select string_agg(format(', encode(%s.vector_send(%s), ''base64'')',
       vector_store.pgvector(), vector_store.vector_sql(vector_store.vector_of(c, name))), '' order by place)
     from json_array_elements_text(request -> 'vectors') with ordinality e(name, place)));
end
$$;

create function vector_store.fetch(c vector_store.collection, request json) returns json
language plpgsql stable as $$
declare
  answer json;
begin
  execute format('select coalesce(json_agg(json_build_array(%s)), ''[]'') from %s t where %s = any ($1)',
    vector_store.parts_sql(c, request), c.relation, c.id_sql)
  into answer using vector_store.ids_of((request -> 'ids')::jsonb);
  return answer;
end
$$;

-- The columns that these parts are made of: a row as a whole would bring all its vectors.
create function vector_store.names_read(c vector_store.collection, request json) returns text[]
language plpgsql stable as $$
begin
  return array(
  select distinct name from (
    select unnest(case when c.adopted then c.key_columns else '{id,payload}' end)
    union all
    select e ->> 'column' from jsonb_array_elements(c.columns) e
    union all
    select vector_store.vector_of(c, v) ->> 'column' from json_array_elements_text(request -> 'vectors') v) n(name));
end
$$;

create function vector_store.columns_read(c vector_store.collection, request json) returns text
language plpgsql stable as $$
begin
  return (
  select string_agg(format('t.%I', name), ', ') from unnest(vector_store.names_read(c, request)) name);
end
$$;

-- What a column takes in an answer: large values are kept compressed, which a text of one letter is a hundredfold.
create function vector_store.size_sql(c vector_store.collection, request json) returns text
language plpgsql stable as $$
begin
  return (
  select string_agg(format('coalesce(case when pg_column_compression(t.%1$I) is null then pg_column_size(t.%1$I)'
    || ' else octet_length(t.%1$I::text) end, 0)::bigint', name), ' + ')
  from unnest(vector_store.names_read(c, request)) name
);
end
$$;

-- A page is cut short where it would be too large for one answer.
create function vector_store.scan(c vector_store.collection, request json) returns json
language plpgsql stable as $$
declare
  answer json;
begin
  execute format(
    'with page as materialized (
       select t.*, %2$s as %6$sid, row_number() over (order by %2$s) as %6$splace,
         sum(%7$s) over (order by %2$s rows unbounded preceding) as %6$sbytes
       from (select %5$s from %1$s t where (%3$s) and %2$s > $1 order by %2$s limit $2 + 1) t),
     shown as materialized (
       select * from page t where %6$splace <= $2 and (%6$splace = 1 or %6$sbytes <= $3))
     select json_build_object(
       ''rows'', coalesce(json_agg(json_build_array(%4$s)), ''[]''),
       ''next'', case when (select count(*) from page) > count(*)
         then (select encode(%6$sid, ''hex'') from shown order by %6$splace desc limit 1) end)
     from (select * from shown order by %6$splace) t',
    c.relation, c.id_sql, vector_store.where_sql(c, request -> 'filter'), vector_store.parts_sql(c, request),
    vector_store.columns_read(c, request), vector_store.free(c), vector_store.size_sql(c, request))
  into answer
  using decode(coalesce(request ->> 'after', ''), 'hex'), (request ->> 'limit')::integer,
    (request ->> 'bytes')::bigint;
  return answer;
end
$$;

create function vector_store.count(c vector_store.collection, request json) returns json
language plpgsql stable as $$
declare
  answer bigint;
begin
  execute format('select count(*) from %s t where %s', c.relation, vector_store.where_sql(c, request -> 'filter'))
  into answer;
  return to_json(answer);
end
$$;
