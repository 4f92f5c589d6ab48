-- Filters -----------------------------------------------------------------------------------------------
-- A filter is an array: its kind, then its arguments. Every condition is true or false, never null. Conditions become a part
-- of statements that may run with the caller's search path, so every name in them has its schema.

-- Through objects only: an array has no keys.
create function vector_store.at_sql(c vector_store.collection, path jsonb) returns text
language plpgsql immutable as $$
begin
  return (
  select case
    when not c.adopted then '(' || c.payload_sql || steps || ')'
    when vector_store.entry(c, path ->> 0) is null then 'null::pg_catalog.jsonb'
    else '(' || vector_store.value_sql(vector_store.entry(c, path ->> 0)) || deeper || ')' end
  from (
    select coalesce(string_agg(format(' operator(pg_catalog.->) %L::pg_catalog.text', key), '' order by place), '') as steps,
      coalesce(string_agg(format(' operator(pg_catalog.->) %L::pg_catalog.text', key), '' order by place)
        filter (where place > 1), '') as deeper
    from jsonb_array_elements_text(path) with ordinality k(key, place)) k
);
end
$$;

-- Whether a column may have numbers that are others to a client, or texts: in an adopted table, one of any JSON.
create function vector_store.has_others(c vector_store.collection, path jsonb) returns boolean
language sql immutable
return c.adopted and coalesce(vector_store.entry(c, path ->> 0) ->> 'kind' in ('json', 'rawjson', 'other'), false);

-- What a client sees at a path.
create function vector_store.seen_sql(c vector_store.collection, path jsonb) returns text
language plpgsql immutable as $$
declare
  at constant text := vector_store.at_sql(c, path);
begin
  return case when vector_store.has_others(c, path)
    then format('(case when pg_catalog.jsonb_typeof(%1$s) operator(pg_catalog.=) ''string'' then %1$s'
      || ' else vector_store.seen(%1$s) end)', at) else at end;
end
$$;

-- How a jsonb may have what a client sees: a scalar as it may be written, null if in many ways, or beyond int64; of a list
-- what is the same there. Some may be seen otherwise.
create function vector_store.written(value jsonb) returns jsonb[]
language plpgsql immutable strict parallel safe as $$
begin
  return case jsonb_typeof(value)
    when 'string' then case when length(value #>> '{}') < 1100
      then array[value, to_jsonb((value #>> '{}')::numeric)] end
    when 'number' then case when trunc(value::numeric) <> value::numeric
      then array(select distinct to_jsonb(n) from unnest(vector_store.spellings(value)) n) end
    else array[vector_store.sure_part(value)] end;
end
$$;

-- What all rows pass that are meant by a scalar at a path, alone or in a list, or by a list there, and that an index finds;
-- null if there is none.
create function vector_store.narrowing_sql(c vector_store.collection, path jsonb, value jsonb) returns text
language plpgsql stable as $$
declare
  entry constant jsonb := vector_store.entry(c, path ->> 0);
  scalar constant boolean := jsonb_typeof(value) <> 'array';
  below constant text[] := array(select jsonb_array_elements_text(path - 0));
  around constant jsonb := vector_store.wrapped(path, 'null') -> (path ->> 0);
begin
  return case when entry ->> 'kind' = 'json' and (not scalar or vector_store.has_gin(c.relation, entry ->> 'column')) then (
    select format('t.%I is not null and (', entry ->> 'column')
      || string_agg(format('t.%I operator(pg_catalog.@>) %L::pg_catalog.jsonb', entry ->> 'column',
        case when below = '{}' then w else jsonb_set(around, below, w) end), ' or ')
      || ') and '
    from unnest(vector_store.written(value)) e
    cross join lateral unnest(array[e] || case when scalar then array[jsonb_build_array(e)] end) w) end;
end
$$;

create function vector_store.has_gin(relation regclass, name text) returns boolean
language sql stable
return exists (
  select from pg_index i join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey::smallint[])
  where i.indrelid = relation and a.attname = name and m.amname = 'gin'
);

-- That a payload, or a column as a value of it, contains what a path leads to. Bare columns have indexes.
create function vector_store.holds_sql(c vector_store.collection, path jsonb, value jsonb) returns text
language plpgsql stable as $$
declare
  entry jsonb := case when c.adopted then vector_store.entry(c, path ->> 0) end;
  wanted jsonb := vector_store.wrapped(path, value);
  part jsonb := wanted -> (path ->> 0);
begin
  if not c.adopted then
    return format('(%s operator(pg_catalog.@>) %L::pg_catalog.jsonb)', c.payload_sql, wanted);
  elsif entry is null then
    return 'false';
  elsif entry ->> 'kind' = 'json' and jsonb_typeof(part) in ('object', 'array') then
    return format('(t.%1$I is not null and t.%1$I operator(pg_catalog.@>) %2$L::pg_catalog.jsonb)', entry ->> 'column', part);
  elsif entry ->> 'kind' = 'text' and jsonb_typeof(part) = 'string' then
    return format(case when entry ? 'blind'
        then '(t.%1$I is not null and t.%1$I operator(pg_catalog.=) %2$L and t.%1$I::pg_catalog.text collate pg_catalog."C"'
          || ' operator(pg_catalog.=) %2$L)'
        else '(t.%1$I is not null and t.%1$I operator(pg_catalog.=) %2$L)' end, entry ->> 'column', part #>> '{}');
  elsif entry ->> 'kind' = 'integer' and jsonb_typeof(part) = 'number' and part::text ~ '^-?[0-9]{1,18}$' then
    return format('(t.%1$I is not null and t.%1$I operator(pg_catalog.=) %2$L::bigint)', entry ->> 'column', part::text);
  end if;
  return format('(pg_catalog.jsonb_build_object(%L::pg_catalog.text, %s) operator(pg_catalog.@>) %L::pg_catalog.jsonb)',
    path ->> 0, vector_store.value_sql(entry), wanted);
end
$$;

-- The same as a client sees it.
create function vector_store.seen_holds_sql(c vector_store.collection, path jsonb, value jsonb) returns text
language plpgsql stable as $$
begin
  if not vector_store.has_others(c, path) or vector_store.all_sure(value) then
    return vector_store.holds_sql(c, path, value);
  elsif jsonb_typeof(value) = 'object' then
    return (
      select '(' || vector_store.holds_sql(c, path, vector_store.sure_part(value))
        || string_agg(' and ' || vector_store.seen_holds_sql(c, path || jsonb_build_array(o.key), o.part), '') || ')'
      from jsonb_each(value) o(key, part) where not vector_store.all_sure(o.part));
  end if;
  return format('(%s pg_catalog.jsonb_build_object(''v'', %s) operator(pg_catalog.@>) %L::pg_catalog.jsonb)',
    vector_store.narrowing_sql(c, path, value), vector_store.seen_sql(c, path), jsonb_build_object('v', value));
end
$$;

-- A scalar at a path, or in the list that is there, which contains it as itself does.
create function vector_store.scalar_sql(c vector_store.collection, path jsonb, value jsonb) returns text
language plpgsql stable as $$
declare
  kind constant text := case when c.adopted then vector_store.entry(c, path ->> 0) ->> 'kind' end;
begin
  if vector_store.has_others(c, path) and not vector_store.is_sure(value) then
    return format('(%s coalesce(%s operator(pg_catalog.@>) %L::pg_catalog.jsonb, false))',
      vector_store.narrowing_sql(c, path, value), vector_store.seen_sql(c, path), value);
  elsif coalesce(kind in ('json', 'text', 'integer'), true) then
    return '(' || vector_store.holds_sql(c, path, value) || ' or '
      || vector_store.holds_sql(c, path, jsonb_build_array(value)) || ')';
  end if;
  return format('coalesce(%s operator(pg_catalog.@>) %L::pg_catalog.jsonb, false)', vector_store.at_sql(c, path), value);
end
$$;

create function vector_store.scalars_sql(c vector_store.collection, path jsonb, choices jsonb) returns text
language plpgsql stable as $$
begin
  -- What isn't sure is asked of what a client sees, which is made for each row: once for many.
  return case when jsonb_array_length(choices) <= case when vector_store.has_others(c, path)
      and not vector_store.all_sure(choices) then 3 else 100 end then (
    select '(' || string_agg(vector_store.scalar_sql(c, path, choice), ' or ') || ')'
    from jsonb_array_elements(choices) choice)
  else format(
    'coalesce(case when pg_catalog.jsonb_typeof(%1$s) operator(pg_catalog.=) ''array'' then exists ('
      || 'select from pg_catalog.jsonb_array_elements(%1$s) e(v) where e.v operator(pg_catalog.=) any (%2$L::pg_catalog.jsonb[]))'
      || ' else %1$s operator(pg_catalog.=) any (%2$L::pg_catalog.jsonb[]) end, false)',
    vector_store.seen_sql(c, path), array(select jsonb_array_elements(choices)))
  end;
end
$$;

-- Numbers with a number, and texts with a text: SQL/JSON compares these by code point, whatever the collation.
create function vector_store.path_compares_sql(value text, comparison text, bound jsonb) returns text
language plpgsql immutable as $$
declare
  o constant text := vector_store.comparison_sql(comparison);
begin
  return format(
    '(coalesce(pg_catalog.jsonb_path_exists(%1$s, %2$L, %4$L, true), false)'
      || ' or coalesce(pg_catalog.jsonb_path_exists(%1$s, %3$L, %4$L, true), false))',
    value, 'strict $ ? (@ ' || o || ' $bound)', 'strict $[*] ? (@ ' || o || ' $bound)', jsonb_build_object('bound', bound));
end
$$;

create function vector_store.comparison_sql(comparison text) returns text
language sql immutable
return case comparison when 'GT' then '>' when 'GTE' then '>=' when 'LT' then '<' when 'LTE' then '<=' end;

-- In an adopted table a number of many digits may be another one to a client, or a text, which is asked where there is one.
create function vector_store.compared_sql(
  c vector_store.collection, path jsonb, comparison text, bound jsonb) returns text
language plpgsql immutable as $$
declare
  entry constant jsonb := case when c.adopted and jsonb_array_length(path) = 1 then vector_store.entry(c, path ->> 0) end;
  value constant text := vector_store.at_sql(c, path);
  number constant boolean := jsonb_typeof(bound) = 'number';
begin
  if not c.adopted then
    return vector_store.path_compares_sql(value, comparison, bound);
  elsif entry ->> 'kind' = 'integer' and number then
    return format('(t.%1$I is not null and t.%1$I::numeric operator(pg_catalog.%2$s) %3$L::numeric)', entry ->> 'column',
      vector_store.comparison_sql(comparison), bound::text);
  elsif entry ->> 'kind' = 'text' and not number then
    return format('(t.%1$I is not null and t.%1$I::pg_catalog.text collate pg_catalog."C" operator(pg_catalog.%2$s) %3$L)',
      entry ->> 'column', vector_store.comparison_sql(comparison), bound #>> '{}');
  elsif entry ->> 'kind' in ('integer', 'text') then
    return 'false';
  elsif entry ->> 'kind' in ('float', 'decimal', 'floats') then
    return vector_store.path_compares_sql(value, comparison, bound);
  end if;
  return format(
    case when not number then '(%1$s or coalesce(pg_catalog.jsonb_typeof(%2$s) operator(pg_catalog.=) any (''{number,array}'')'
        || ' and pg_catalog.length((%2$s)::pg_catalog.text) operator(pg_catalog.>) 15'
        || ' and vector_store.value_compares(%2$s, %3$L, %4$L::pg_catalog.jsonb), false))'
      -- On the other side of such a bound is nothing that is seen on this one.
      when vector_store.is_sure(bound) then '(%1$s and (pg_catalog.length((%2$s)::pg_catalog.text) operator(pg_catalog.<=) 15'
        || ' or vector_store.value_compares(%2$s, %3$L, %4$L::pg_catalog.jsonb)))'
      else '(case when pg_catalog.jsonb_typeof(%2$s) operator(pg_catalog.=) any (''{number,array}'')'
        || ' and pg_catalog.length((%2$s)::pg_catalog.text) operator(pg_catalog.>) 15'
        || ' then vector_store.value_compares(%2$s, %3$L, %4$L::pg_catalog.jsonb) else %1$s end)' end,
    vector_store.path_compares_sql(value, comparison, bound), value, comparison, bound);
end
$$;

create function vector_store.contains_sql(c vector_store.collection, path jsonb, value jsonb) returns text
language plpgsql stable as $$
begin
  return case
    when jsonb_typeof(value) not in ('object', 'array') then vector_store.scalar_sql(c, path, value)
    when jsonb_array_length(path) > 0 then vector_store.seen_holds_sql(c, path, value)
    when not c.adopted then format('(%s operator(pg_catalog.@>) %L::pg_catalog.jsonb)', c.payload_sql, value)
    else (select '(' || coalesce(string_agg(vector_store.seen_holds_sql(c, jsonb_build_array(key), part), ' and '), 'true') || ')'
      from jsonb_each(value) e(key, part)) end;
end
$$;

create function vector_store.text_sql(
  c vector_store.collection, field text, parts text[], terms text[]) returns text
language plpgsql immutable as $$
begin
  return (
  select case when c.adopted
    then format('(%s operator(pg_catalog.=) any (select t.id from %s t where %s))', c.id_sql,
      vector_store.readable_terms(c), made)
    else format('(t.terms is not null and %s)', made) end
  from (
    select format(
      case when vector_store.is_ranked(c)
        then 't.id operator(pg_catalog.=) any (select s.id from ' || vector_store.readable_postings(c)
          || ' s where s.hashes operator(pg_catalog.@>) %L::bigint[])'
        else 'vector_store.hashes(t.terms) operator(pg_catalog.@>) %L::bigint[]' end
        || ' and exists (select from pg_catalog.unnest(t.terms) e where pg_catalog.starts_with(e, %L) and %s)',
      vector_store.term_hashes(field, terms), field || ':',
      (select string_agg(format('pg_catalog.strpos(e, %L) operator(pg_catalog.>) 0', ' ' || part || ' '), ' and ')
       from unnest(parts) part)) as made) f
);
end
$$;

create function vector_store.require_terms(c vector_store.collection) returns void
language plpgsql stable as $$
begin
  if not vector_store.terms_there(c, vector_store.readable_terms(c)) then
    if c.adopted and row_security_active(c.relation) then
      perform vector_store.fail('PT501', format('row-level security hides rows of the table from the role %I, which may not'
        || ' search its texts by their terms then', current_user));
    end if;
    perform vector_store.fail('PT501', 'the terms of records that were there already are still to be made; run'
      || ' SupabaseTables.makeTerms (vector-store supabase adopt --terms), which goes on where it was');
  end if;
end
$$;

create function vector_store.group_sql(c vector_store.collection, filter jsonb, connective text) returns text
language plpgsql stable as $$
begin
  if jsonb_array_length(filter) < 2 then
    perform vector_store.fail('PT400', 'a group of a filter is empty');
  end if;
  return '(' || (
    select string_agg(vector_store.condition(c, part), connective order by place)
    from jsonb_array_elements(filter) with ordinality p(part, place) where place > 1) || ')';
end
$$;

-- What a filter compares with: our own collections have doubles as their writer's client wrote them.
create function vector_store.wanted(c vector_store.collection, value jsonb) returns jsonb
language sql immutable
return case when c.adopted then vector_store.asked(value) else value end;

-- What selects the rows of a filter.
create function vector_store.condition(c vector_store.collection, filter jsonb) returns text
language plpgsql stable as $$
declare
  made text;
begin
  if filter ->> 0 in ('text', 'phrase') then
    perform vector_store.require_terms(c);
  end if;
  made := case filter ->> 0
    when 'and' then vector_store.group_sql(c, filter, ' and ')
    when 'or' then vector_store.group_sql(c, filter, ' or ')
    when 'not' then '(not ' || vector_store.condition(c, filter -> 1) || ')'
    when 'ids' then format('(%s operator(pg_catalog.=) any (%L::pg_catalog.bytea[]))', c.id_sql, vector_store.ids_of(filter -> 1))
    when 'eq' then vector_store.scalar_sql(c, filter -> 1, vector_store.wanted(c, filter -> 2))
    when 'in' then vector_store.scalars_sql(c, filter -> 1, vector_store.wanted(c, filter -> 2))
    when 'number' then vector_store.compared_sql(c, filter -> 1, filter ->> 2, vector_store.wanted(c, filter -> 3))
    when 'string' then vector_store.compared_sql(c, filter -> 1, filter ->> 2, filter -> 3)
    when 'instant' then format('vector_store.instant_holds(%s, %L, %L::numeric)',
      vector_store.at_sql(c, filter -> 1), filter ->> 2, filter ->> 3)
    when 'exists' then '(' || vector_store.at_sql(c, filter -> 1) || ' is not null)'
    when 'null' then vector_store.scalar_sql(c, filter -> 1, 'null')
    when 'contains' then vector_store.contains_sql(c, filter -> 1, vector_store.wanted(c, filter -> 2))
    when 'part' then format('vector_store.has_part(%s, %L, %L, %L)',
      vector_store.seen_sql(c, filter -> 1), filter ->> 2, filter ->> 3, filter ->> 4)
    when 'text' then vector_store.text_sql(
      c, filter ->> 1, vector_store.strings(filter -> 2), vector_store.strings(filter -> 2))
    when 'phrase' then vector_store.text_sql(
      c, filter ->> 1, array[array_to_string(vector_store.strings(filter -> 2), ' ')],
      vector_store.strings(filter -> 2))
  end;
  if made is null then
    perform vector_store.fail('PT400', 'the filter has a part that this version doesn''t know; run the newest'
      || ' vector-store.sql');
  end if;
  return made;
end
$$;

create function vector_store.where_sql(c vector_store.collection, filter json) returns text
language sql stable
return case when filter is null or json_typeof(filter) = 'null' then 'true'
    else vector_store.condition(c, filter::jsonb) end;
