-- Searching ---------------------------------------------------------------------------------------------
-- These run as whoever may read the rows, too.

-- The vector that a query is about.
create function vector_store.using_of(c vector_store.collection, query json) returns jsonb
language sql stable
return vector_store.vector_of(c, coalesce(query ->> 'using', ''));

-- The score of a distance.
create function vector_store.score_of_sql(v jsonb, distance text) returns text
language sql immutable
return case v ->> 'metric' when 'COSINE' then '1 - ' else '-' end || distance;

create function vector_store.hit_sql(c vector_store.collection, query json) returns text
language plpgsql stable as $$
begin
  return 'json_build_array(' || vector_store.parts_sql(c, query) || ', '
    || vector_store.score_of_sql(vector_store.using_of(c, query), vector_store.free(c) || 'distance') || ')';
end
$$;

-- The nearest rows; kind is 'index', 'half' (an index of less precise vectors, whose candidates are
-- compared again) or 'exact' (the order of the scores, and of the ids of equal ones, which no index has).
create function vector_store.nearest_sql(c vector_store.collection, query json, kind text) returns text
language plpgsql stable as $$
begin
  return (
  select format(
    'select %1$s as hit, %10$sdistance from (
       select t.*, %2$s %3$s $1::%11$s.vector as %10$sdistance from %4$s t
       where %8$s and (%5$s) order by %6$s limit %7$s) t
     where %10$sdistance < ''NaN'' order by %9$s limit $2',
    vector_store.hit_sql(c, query),
    vector_store.vector_sql(v), vector_store.operator(v ->> 'metric'), c.relation,
    vector_store.where_sql(c, query -> 'filter'),
    case kind
      when 'exact' then format('-(%s), %s', vector_store.score_of_sql(v,
        format('(%s %s $1::%s.vector)', vector_store.vector_sql(v), vector_store.operator(v ->> 'metric'),
          vector_store.pgvector())), c.id_sql)
      when 'half' then format('%s %s $1::%s.halfvec(%s)', vector_store.indexed_sql(c, v), vector_store.operator(v ->> 'metric'),
        vector_store.pgvector(), v ->> 'dimension')
      else format('%s %s $1::%s.vector', vector_store.vector_sql(v), vector_store.operator(v ->> 'metric'),
        vector_store.pgvector()) end,
    case kind when 'half' then '4 * $2 + 40' else '$2' end,
    vector_store.searched_sql(c, v),
    case kind when 'exact' then format('-(%s), %s', vector_store.score_of_sql(v, vector_store.free(c) || 'distance'), c.id_sql)
      else vector_store.free(c) || 'distance' end,
    vector_store.free(c), vector_store.pgvector())
  from vector_store.using_of(c, query) v
);
end
$$;

-- How Postgres would go about a query of the nearest. Only a volatile function may ask; it reads no rows.
create function vector_store.plan_of(query text, near text, wanted integer, few bigint) returns json
language plpgsql as $$
declare
  plan json;
begin
  execute 'explain (format json) ' || query into plan using near, wanted, few;
  return plan;
end
$$;

-- The nearest of the rows that pass a filter, by comparing all of these; null if that wouldn't pay: if more pass
-- than twice as many rows as the index would visit, since a visit is about twice the work, or if there is no short
-- way to the rows that pass. Of the candidates nearest to the query so many have passed: Postgres has no statistics
-- of large payloads that would tell.
create function vector_store.nearest_of_few(
  c vector_store.collection, query json, wanted integer, passed integer, candidates integer) returns json
language plpgsql stable as $$
declare
  v jsonb := vector_store.using_of(c, query);
  share numeric := greatest(passed, 0.5) / candidates;
  visits bigint := wanted / share;
  few bigint := least(2 * visits, 100000);
  n numeric := (select sum(greatest(r.reltuples, 0)) from pg_class r where r.relkind = 'r'
    and (r.oid = c.relation or r.oid in (select p.relid from pg_partition_tree(c.relation) p)));
  passing text := format(
    'select t.tableoid as in_table, t.ctid as at, %s %s $1::%s.vector as %sdistance from %s t where %s and (%s) limit $3 + 1',
    vector_store.vector_sql(v), vector_store.operator(v ->> 'metric'), vector_store.pgvector(), vector_store.free(c),
    c.relation, vector_store.searched_sql(c, v), vector_store.where_sql(c, query -> 'filter'));
  plan json;
  answer json;
begin
  if passed * n / candidates > 2 * few then
    return null;
  end if;
  plan := vector_store.plan_of(passing, query ->> 'vector', wanted, few);
  if (plan #>> '{0,Plan,Total Cost}')::numeric > 10 * visits
    or plan::text !~ '"(Index|Recheck) Cond"' and n > 4 * visits then
    return null;
  end if;
  -- Rows are named by their places, so that none has to be kept whole.
  execute format(
    'with passing as materialized (%1$s), best as materialized (
       select * from passing p where p.%4$sdistance < ''NaN'' order by p.%4$sdistance limit $2)
     select coalesce(json_agg(%2$s order by best.%4$sdistance), ''[]'')
     from best join %3$s t on t.ctid = best.at and t.tableoid = best.in_table
     having (select count(*) from passing) <= $3',
    passing, vector_store.hit_sql(c, query), c.relation, vector_store.free(c))
  into answer using query ->> 'vector', wanted, few;
  return answer;
end
$$;

-- The first rows by id that pass the filter and that a search by the vector would never find.
create function vector_store.lacking(c vector_store.collection, query json) returns json
language plpgsql stable as $$
declare
  v jsonb := vector_store.using_of(c, query);
  answer json;
begin
  execute format(
    'select coalesce(json_agg(json_build_array(%1$s, 0) order by %2$s), ''[]'') from (
       select %3$s from %4$s t
       where (%5$s) and case when %6$s then %7$s %8$s $1::%9$s.vector < ''NaN'' end is not true order by %2$s limit $2) t',
    vector_store.parts_sql(c, query), c.id_sql, vector_store.columns_read(c, query), c.relation,
    vector_store.where_sql(c, query -> 'filter'), vector_store.searched_sql(c, v), vector_store.vector_sql(v),
    vector_store.operator(v ->> 'metric'), vector_store.pgvector())
  into answer using query ->> 'vector', (query ->> 'limit')::integer;
  return answer;
end
$$;

-- Whether half precision can say where a query leads, which under cosine has a length of 1.
create function vector_store.fits_half(query text) returns boolean
language sql immutable
return (
  select max(abs(x)) between 0.001 and 65504 from unnest(translate(query, '[]', '{}')::real[]) x
);

create function vector_store.nearest(c vector_store.collection, query json) returns json
language plpgsql stable as $$
declare
  v jsonb := vector_store.using_of(c, query);
  indexed text := vector_store.indexed_sql(c, v);
  kind text := case when (query ->> 'exact')::boolean or indexed is null then 'exact'
    when v ->> 'type' = 'halfvec' and v ->> 'metric' <> 'COSINE'
      and not vector_store.fits_half(query ->> 'vector') then 'exact'
    when v ->> 'type' = 'halfvec' or (v ->> 'dimension')::integer > 2000 then 'half' else 'index' end;
  wanted integer := (query ->> 'limit')::integer;
  -- Unless asked: 200 candidates found 98 of 100 of the nearest to queries far from all rows, 100 found 91.
  candidates integer := least(1000, greatest(coalesce((query ->> 'effort')::integer, 200),
    case kind when 'half' then 4 * wanted + 40 else wanted end));
  counted constant text := 'select count(*), coalesce(json_agg(hit), ''[]'') from (%s) h';
  going_on text := current_setting('hnsw.iterative_scan', true);
  found integer;
  answer json;
begin
  perform set_config('hnsw.ef_search', candidates::text, true);
  if kind <> 'exact' and going_on <> 'off' and coalesce(json_typeof(query -> 'filter'), 'null') <> 'null' then
    -- The index goes on until enough of its rows pass the filter. At first it doesn't, to see how many do.
    perform set_config('hnsw.iterative_scan', 'off', true);
    execute format(counted, vector_store.nearest_sql(c, query, kind))
    into found, answer using query ->> 'vector', wanted;
    perform set_config('hnsw.iterative_scan', going_on, true);
    if found < wanted then
      answer := vector_store.nearest_of_few(c, query, wanted, found, candidates);
    end if;
    if answer is not null then
      return answer;
    end if;
  end if;
  loop
    execute format(counted, vector_store.nearest_sql(c, query, kind))
    into found, answer using query ->> 'vector', wanted;
    -- An index may give up early, so a short answer is asked for again without one.
    exit when found >= wanted or kind = 'exact';
    kind := 'exact';
  end loop;
  return answer;
end
$$;
