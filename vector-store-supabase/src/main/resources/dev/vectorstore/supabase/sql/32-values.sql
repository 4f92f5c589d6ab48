-- Values in filters --------------------------------------------------------------------------------------
-- These run for each row, in plans of statements that may have the caller's search path, so every name in them has its
-- schema.

-- The time of day is added to days since the one before 1970.
create function vector_store.micros_of(days integer, hour integer, minute integer, second integer, fraction text,
  sign text, zone_hours integer, zone_minutes integer) returns bigint
language sql immutable parallel safe
return ((days - 1)::bigint * 86400 + hour * 3600 + minute * 60 + second
    - coalesce((sign || '1')::integer * (zone_hours * 3600 + zone_minutes * 60), 0)) * 1000000
  + coalesce(rpad(left(fraction, 6), 6, '0'), '0')::integer;

-- RFC 3339 as microseconds since 1970, or null for any other text.
create function vector_store.micros(value text) returns bigint
language plpgsql immutable strict parallel safe as $$
declare
  p text[];
  day integer;
  first date;
begin
  if pg_catalog.length(value) operator(pg_catalog.<) 20 then
    return null;
  end if;
  p := pg_catalog.regexp_match(value, '^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):([0-5][0-9])'
    ':([0-5][0-9])(?:\.([0-9]{1,64}))?(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))$');
  if p is null or p[1] operator(pg_catalog.=) '0000' then
    return null;
  end if;
  first := pg_catalog.make_date(p[1]::integer, p[2]::integer, 1);
  day := p[3]::integer;
  if day operator(pg_catalog.>) 28 and pg_catalog.date_part('month', first operator(pg_catalog.+)
      (day operator(pg_catalog.-) 1)) operator(pg_catalog.<>) p[2]::double precision then
    return null;
  end if;
  return vector_store.micros_of(first operator(pg_catalog.-) pg_catalog.make_date(1970, 1, 1) operator(pg_catalog.+) day,
    p[4]::integer, p[5]::integer, p[6]::integer, p[7], p[8], p[9]::integer, p[10]::integer);
end
$$;

create function vector_store.instant_is(value jsonb, comparison text, bound numeric) returns boolean
language sql immutable parallel safe
return case when jsonb_typeof(value) = 'string' then coalesce(
  case comparison when 'GT' then vector_store.micros(value #>> '{}') > bound
    when 'GTE' then vector_store.micros(value #>> '{}') >= bound
    when 'LT' then vector_store.micros(value #>> '{}') < bound
    else vector_store.micros(value #>> '{}') <= bound end, false) else false end;

create function vector_store.instant_holds(value jsonb, comparison text, bound numeric) returns boolean
language plpgsql immutable parallel safe as $$
declare
  kind text := pg_catalog.jsonb_typeof(value);
begin
  if kind operator(pg_catalog.=) 'string' then
    return vector_store.instant_is(value, comparison, bound);
  elsif kind operator(pg_catalog.=) 'array' then
    return exists (select from pg_catalog.jsonb_array_elements(value) e where vector_store.instant_is(e, comparison, bound));
  end if;
  return false;
end
$$;

create function vector_store.part_is_in(value jsonb, part text, variants text, folded text) returns boolean
language sql immutable parallel safe
return jsonb_typeof(value) = 'string'
  and strpos(translate(value #>> '{}', variants, folded) collate "C", part) > 0;

-- Whether a text, or a text of a list, has a part. Where case doesn't count, the part is folded by the client, and so are
-- the characters in the text that its fold makes those of the part: no fold of the database's has a say.
create function vector_store.has_part(value jsonb, part text, variants text, folded text) returns boolean
language plpgsql immutable parallel safe as $$
declare
  kind text := pg_catalog.jsonb_typeof(value);
begin
  if kind operator(pg_catalog.=) 'string' then
    return vector_store.part_is_in(value, part, variants, folded);
  elsif kind operator(pg_catalog.=) 'array' then
    return exists (
      select from pg_catalog.jsonb_array_elements(value) e where vector_store.part_is_in(e, part, variants, folded));
  end if;
  return false;
end
$$;

-- A value inside of the objects that a path names: what the containment of a payload is compared with.
create function vector_store.wrapped(path jsonb, value jsonb) returns jsonb
language plpgsql immutable as $$
begin
  for i in reverse jsonb_array_length(path) - 1 .. 0 loop
    value := jsonb_build_object(path ->> i, value);
  end loop;
  return value;
end
$$;
