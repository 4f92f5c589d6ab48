-- Numbers of columns ------------------------------------------------------------------------------------
-- A number has one meaning whoever asks: the one that it has for a client that reads it, which knows int64 and double.
-- Any other is a text there, so it is one in filters too. A double that is whole is compared with all of its digits.

-- A double with all of its digits; of float8's own cast to numeric, 15 are right.
create function vector_store.exact(value double precision) returns numeric
language sql immutable strict parallel safe
return (
  select trim_scale(case when value = 0 then 0
    when power < 0 then sign(value)::integer * trunc(5::numeric ^ -power) * mantissa * ('1e' || power)::numeric
    else sign(value)::integer * trunc(2::numeric ^ power) * mantissa end)
  from (select case when exponent = 0 then bits & 4503599627370495 else bits & 4503599627370495 | 4503599627370496 end
      as mantissa, greatest(exponent, 1) - 1075 as power
    from (select bits, (bits >> 52 & 2047)::integer as exponent
      from (select ('x' || encode(float8send(value), 'hex'))::bit(64)::bigint as bits) b) e) m
);

-- With a point, so that a whole number stays a double.
create function vector_store.float_value(value double precision) returns jsonb
language sql immutable strict parallel safe
return case when value in ('NaN', 'Infinity', '-Infinity') then to_jsonb(value::text)
  when abs(value) >= 9007199254740992 then to_jsonb(vector_store.exact(value) + 0.0)
  else to_jsonb(value::text::numeric + 0.0) end;

-- Of half as many digits, which a double would make others of: 0.1 is 0.1.
create function vector_store.float_value(value real) returns jsonb
language sql immutable strict parallel safe
return vector_store.float_value(value::text::double precision);

-- An array of floats, of which jsonb makes integers where they are whole: a client has read those of 16 digits with an
-- exponent, as doubles.
create function vector_store.floats_value(value jsonb) returns jsonb
language plpgsql immutable strict parallel safe as $$
begin
  return case
    when pg_catalog.jsonb_typeof(value) operator(pg_catalog.=) 'array' then (
      select coalesce(pg_catalog.jsonb_agg(vector_store.floats_value(e) order by place), value)
      from pg_catalog.jsonb_array_elements(value) with ordinality a(e, place))
    when pg_catalog.jsonb_typeof(value) operator(pg_catalog.=) 'number'
      and pg_catalog.abs(value::numeric) operator(pg_catalog.>=) 1e15 then vector_store.float_value(value::double precision)
    else value end;
end
$$;

-- The place of the last of so many digits, as a power of ten.
create function vector_store.last_place(value numeric, digits integer) returns integer
language sql immutable parallel safe
return case when trunc(abs(value)) <> 0 and length(trunc(abs(value))::text) >= digits
  then length(trunc(abs(value))::text) - digits else -scale(trim_scale(value)) end;

-- Whether a number with so many digits is what a longer one is rounded to; a tie may go either way. Beside a power of two
-- that can be another double's, whose neighbour it is then.
create function vector_store.is_rounded(value numeric, exact numeric, digits integer) returns boolean
language sql immutable parallel safe
return (
  select abs(exact - value) * 2 <= ulp or digits <= 17 and abs(exact - value) < ulp
    and vector_store.exact(round(exact, -place)::double precision) <> exact
  from (select place, ('1e' || place)::numeric as ulp from (select vector_store.last_place(value, digits) as place) p) u
);

-- Whether a client reads a decimal as a double: that one's exact value, rounded to as many digits as the decimal has, is
-- the decimal, or it is the shortest text that gives the double. Each of 15 digits is, unless it is as small as those
-- that have fewer bits.
create function vector_store.is_given_back(value numeric, nearest double precision) returns boolean
language plpgsql immutable parallel safe as $$
declare
  digits integer := pg_catalog.length(pg_catalog.btrim(pg_catalog.replace(pg_catalog.abs(value)::pg_catalog.text, '.', ''), '0'));
begin
  if digits operator(pg_catalog.<=) 15 and pg_catalog.abs(nearest) operator(pg_catalog.>=) 2.2250738585072014e-308 then
    return true;
  elsif digits operator(pg_catalog.>) 1100 then
    return false;
  end if;
  return nearest::pg_catalog.text::numeric operator(pg_catalog.=) value
    or vector_store.is_rounded(value, vector_store.exact(nearest), digits);
end
$$;

-- A decimal as a client reads it. One with a point that is whole, and no double, is an integer all the same.
create function vector_store.number_value(value numeric) returns jsonb
language plpgsql immutable strict parallel safe as $$
declare
  size numeric := pg_catalog.abs(value);
  nearest double precision;
begin
  if pg_catalog.scale(value) is null then
    return pg_catalog.to_jsonb(value::pg_catalog.text);
  elsif pg_catalog.scale(value) operator(pg_catalog.=) 0 then
    return case when value operator(pg_catalog.>=) -9223372036854775808 and value operator(pg_catalog.<=) 9223372036854775807
      then pg_catalog.to_jsonb(value) else pg_catalog.to_jsonb(value::pg_catalog.text) end;
  elsif size operator(pg_catalog.<>) 0
      and (size operator(pg_catalog.<) 3e-324 or size operator(pg_catalog.>) 1.7976931348623158e308) then
    return pg_catalog.to_jsonb(value::pg_catalog.text);
  end if;
  nearest := value::double precision;
  if size operator(pg_catalog.>) 9007199254740992 and pg_catalog.trunc(value) operator(pg_catalog.=) value
      and value operator(pg_catalog.>=) -9223372036854775808 and value operator(pg_catalog.<=) 9223372036854775807
      and vector_store.exact(nearest) operator(pg_catalog.<>) value then
    return pg_catalog.to_jsonb(pg_catalog.trunc(value));
  end if;
  return case when vector_store.is_given_back(value, nearest) then vector_store.float_value(nearest)
    else pg_catalog.to_jsonb(value::pg_catalog.text) end;
end
$$;

-- What a jsonb is to a client that reads it, in all of its numbers. A row that nests deeper than 24 is no record.
create function vector_store.seen_within(value jsonb, depth integer) returns jsonb
language plpgsql immutable parallel safe as $$
begin
  return case
    when pg_catalog.jsonb_typeof(value) operator(pg_catalog.=) 'number' then vector_store.number_value(value::numeric)
    when depth operator(pg_catalog.>) 24 then value
    when pg_catalog.jsonb_typeof(value) operator(pg_catalog.=) 'array' then (
      select coalesce(pg_catalog.jsonb_agg(vector_store.seen_within(e, depth operator(pg_catalog.+) 1) order by place), value)
      from pg_catalog.jsonb_array_elements(value) with ordinality a(e, place))
    when pg_catalog.jsonb_typeof(value) operator(pg_catalog.=) 'object' then (
      select coalesce(pg_catalog.jsonb_object_agg(key, vector_store.seen_within(e, depth operator(pg_catalog.+) 1)), value)
      from pg_catalog.jsonb_each(value) o(key, e))
    else value end;
end
$$;

-- The same. A number that isn't read as it is written has a point and 16 digits, or 19 and no point.
create function vector_store.seen(value jsonb) returns jsonb
language plpgsql immutable strict parallel safe as $$
begin
  return case
    when pg_catalog.jsonb_typeof(value) operator(pg_catalog.=) 'number' then vector_store.number_value(value::numeric)
    when pg_catalog.jsonb_typeof(value) operator(pg_catalog.=) any ('{array,object}')
      and value::pg_catalog.text operator(pg_catalog.~) '[0-9.]{17}' then vector_store.seen_within(value, 0)
    else value end;
end
$$;

-- A value of a filter, whose numbers are compared with what is seen: its doubles as the server writes them.
create function vector_store.asked(value jsonb) returns jsonb
language plpgsql immutable strict parallel safe as $$
begin
  return case jsonb_typeof(value)
    when 'number' then case when trunc(value::numeric) = value::numeric then value
      else vector_store.float_value(value::double precision) end
    when 'array' then (select coalesce(jsonb_agg(vector_store.asked(e) order by place), value)
      from jsonb_array_elements(value) with ordinality a(e, place))
    when 'object' then (select coalesce(jsonb_object_agg(key, vector_store.asked(e)), value) from jsonb_each(value) o(key, e))
    else value end;
end
$$;

-- Whether a jsonb has this scalar exactly where a client sees it: no other number is read as it, nor it as another value.
create function vector_store.is_sure(value jsonb) returns boolean
language plpgsql immutable parallel safe as $$
declare
  number numeric;
begin
  if jsonb_typeof(value) = 'number' then
    number := value::numeric;
    return case when trunc(number) = number then jsonb_typeof(vector_store.number_value(trunc(number))) = 'number'
      else length(btrim(replace(abs(vector_store.exact(number::double precision))::text, '.', ''), '0')) <= 15 end;
  end if;
  return jsonb_typeof(value) <> 'string' or not (value #>> '{}') ~ '^-?(0|[1-9][0-9]*)(\.[0-9]+)?$'
    or length(value #>> '{}') < 17
    or length(value #>> '{}') < 1100 and jsonb_typeof(vector_store.number_value((value #>> '{}')::numeric)) = 'number';
end
$$;

-- The same of all scalars in a value.
create function vector_store.all_sure(value jsonb) returns boolean
language sql immutable parallel safe
return not exists (select from jsonb_path_query(value, 'strict $.**') e where not vector_store.is_sure(e));

-- What is sure of a list or an object; null of a scalar that isn't.
create function vector_store.sure_part(value jsonb) returns jsonb
language plpgsql immutable parallel safe as $$
begin
  return case jsonb_typeof(value)
    when 'array' then (select coalesce(jsonb_agg(p) filter (where p is not null), '[]')
      from jsonb_array_elements(value) e cross join lateral vector_store.sure_part(e) p)
    when 'object' then (select coalesce(jsonb_object_agg(key, p) filter (where p is not null), '{}')
      from jsonb_each(value) o(key, e) cross join lateral vector_store.sure_part(e) p)
    else case when vector_store.is_sure(value) then value end end;
end
$$;

-- The numbers of a jsonb that are read as a double which is no whole number: what it is rounded to by 15 digits and more.
-- Null if these are too many; some may be read otherwise.
create function vector_store.spellings(value jsonb) returns numeric[]
language plpgsql immutable parallel safe as $$
declare
  nearest constant double precision := value::double precision;
  exact constant numeric := vector_store.exact(nearest);
  digits constant integer := length(btrim(replace(abs(exact)::text, '.', ''), '0'));
  place constant integer := scale(exact);
  ulp constant numeric := ('1e' || digits - place - 16)::numeric;
  found numeric[] := array[trim_scale(nearest::text::numeric)];
begin
  if digits > 70 then
    return null;
  end if;
  for s in greatest(place - digits + 16, 0) .. place loop
    found := found || trim_scale(round(exact, s));
  end loop;
  -- Of 16 digits, the one beside it can be read as it too; and a tie is rounded either way.
  return found || array[round(exact, place - digits + 16) + ulp, round(exact, place - digits + 16) - ulp,
    trunc(exact, greatest(place - 1, 0))];
end
$$;

create function vector_store.compares(value jsonb, comparison text, bound jsonb) returns boolean
language sql immutable parallel safe
return case
  when jsonb_typeof(value) = 'number' and jsonb_typeof(bound) = 'number' then case comparison
    when 'GT' then value::numeric > bound::numeric when 'GTE' then value::numeric >= bound::numeric
    when 'LT' then value::numeric < bound::numeric else value::numeric <= bound::numeric end
  when jsonb_typeof(value) = 'string' and jsonb_typeof(bound) = 'string' then case comparison
    when 'GT' then (value #>> '{}') collate "C" > (bound #>> '{}')
    when 'GTE' then (value #>> '{}') collate "C" >= (bound #>> '{}')
    when 'LT' then (value #>> '{}') collate "C" < (bound #>> '{}')
    else (value #>> '{}') collate "C" <= (bound #>> '{}') end
  else false end;

-- Whether a value of an adopted table, or one of a list, is on that side of a bound.
create function vector_store.value_compares(value jsonb, comparison text, bound jsonb) returns boolean
language plpgsql immutable parallel safe as $$
begin
  if pg_catalog.jsonb_typeof(value) operator(pg_catalog.=) 'array' then
    return exists (select from pg_catalog.jsonb_array_elements(value) e
      where vector_store.compares(vector_store.seen(e), comparison, bound));
  end if;
  return value is not null and vector_store.compares(vector_store.seen(value), comparison, bound);
end
$$;
