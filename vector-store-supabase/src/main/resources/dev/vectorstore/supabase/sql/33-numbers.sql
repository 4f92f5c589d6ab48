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

-- Whether a client reads a decimal as a double: that one's exact value, rounded to as many digits as the decimal has, is
-- the decimal, or it is the shortest text that gives the double.
create function vector_store.is_given_back(value numeric, nearest double precision) returns boolean
language plpgsql immutable parallel safe as $$
declare
  digits integer := pg_catalog.length(pg_catalog.btrim(pg_catalog.replace(pg_catalog.abs(value)::pg_catalog.text, '.', ''), '0'));
begin
  if digits operator(pg_catalog.<=) 15 then
    return true;
  elsif digits operator(pg_catalog.>) 1100 then
    return false;
  end if;
  return nearest::pg_catalog.text::numeric operator(pg_catalog.=) value
    or vector_store.is_rounded(value, vector_store.exact(nearest), digits);
end
$$;

-- Whether a number with so many digits is what a longer one is rounded to; a tie may go either way.
create function vector_store.is_rounded(value numeric, exact numeric, digits integer) returns boolean
language sql immutable parallel safe
return (
  select abs(exact - value) * 2 <= ('1e' || ulp)::numeric
  from (select case when length(trunc(abs(value))::text) >= digits and trunc(abs(value)) <> 0
    then length(trunc(abs(value))::text) - digits else -scale(trim_scale(value)) end as ulp) u
);

-- A decimal as a client reads it.
create function vector_store.number_value(value numeric) returns jsonb
language plpgsql immutable strict parallel safe as $$
declare
  nearest double precision;
begin
  if value operator(pg_catalog.=) 'NaN' or pg_catalog.abs(value) operator(pg_catalog.=) 'Infinity' then
    return pg_catalog.to_jsonb(value::pg_catalog.text);
  elsif pg_catalog.scale(value) operator(pg_catalog.=) 0 then
    return case when value operator(pg_catalog.>=) -9223372036854775808 and value operator(pg_catalog.<=) 9223372036854775807
      then pg_catalog.to_jsonb(value) else pg_catalog.to_jsonb(value::pg_catalog.text) end;
  end if;
  begin
    nearest := value::double precision;
  exception when numeric_value_out_of_range then
    return pg_catalog.to_jsonb(value::pg_catalog.text);
  end;
  return case when vector_store.is_given_back(value, nearest) then vector_store.float_value(nearest)
    else pg_catalog.to_jsonb(value::pg_catalog.text) end;
end
$$;

-- A number of a jsonb as a client reads it, which may be a text; anything else as it is.
create function vector_store.seen(value jsonb) returns jsonb
language sql immutable strict parallel safe
return case when jsonb_typeof(value) = 'number' and jsonb_typeof(vector_store.number_value(value::numeric)) = 'string'
  then to_jsonb(value::text) else value end;

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
