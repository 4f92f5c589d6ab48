-- Ids of rows --------------------------------------------------------------------------------------------
-- Bytes in the order of the ids: a kind, then a number's eight, a UUID's sixteen, or a text's UTF-8. A key of
-- several columns, and a negative number, is the text of a JSON array. Indexes of adopted tables are on these,
-- so whoever writes to such a table runs them: they stay open to all, need nothing else of this schema, and must
-- give the same from version to version.

create or replace function vector_store.id_of(key text) returns bytea
language sql immutable strict parallel safe
return '\x02'::bytea || convert_to(key, 'UTF8');

create or replace function vector_store.id_of(key uuid) returns bytea
language sql immutable strict parallel safe
return '\x01'::bytea || uuid_send(key);

create or replace function vector_store.id_of(key bigint) returns bytea
language sql immutable strict parallel safe
return case when key >= 0 then '\x00'::bytea || int8send(key)
    else '\x02'::bytea || convert_to('[' || key || ']', 'UTF8') end;

create or replace function vector_store.quoted(key text) returns text
language sql immutable strict parallel safe
return to_json(key)::text;

-- The texts of the columns of a key.
create function vector_store.key_texts(id bytea, plain boolean) returns text[]
language sql immutable parallel safe
return case get_byte(id, 0)
    when 0 then array[(('x' || encode(substr(id, 2), 'hex'))::bit(64)::bigint)::text]
    when 1 then array[encode(substr(id, 2), 'hex')]
    else case when plain then array[convert_from(substr(id, 2), 'UTF8')]
      else array(select jsonb_array_elements_text(convert_from(substr(id, 2), 'UTF8')::jsonb)) end end;

-- The id of a row whose key has these texts; null where these are no key.
create function vector_store.id_of_key(kinds text[], texts text[]) returns bytea
language sql immutable
return case
    when cardinality(kinds) <> cardinality(texts) then null
    when cardinality(kinds) = 1 and kinds[1] in ('int2', 'int4', 'int8') then vector_store.id_of(texts[1]::bigint)
    when cardinality(kinds) = 1 and kinds[1] = 'uuid' then vector_store.id_of(texts[1]::uuid)
    when cardinality(kinds) = 1 and kinds[1] in ('text', 'varchar') then vector_store.id_of(texts[1])
    else vector_store.id_of('[' || (
      select string_agg(
        case when kind in ('int2', 'int4', 'int8') then value::bigint::text
          when kind = 'bool' then value::boolean::text
          when kind = 'uuid' then vector_store.quoted(value::uuid::text) else vector_store.quoted(value) end,
        ',' order by place)
      from unnest(kinds, texts) with ordinality k(kind, value, place)) || ']') end;

-- An id for a message.
create function vector_store.id_name(id bytea) returns text
language sql immutable
return case get_byte(id, 0)
    when 0 then 'the record with number id ' || (('x' || encode(substr(id, 2), 'hex'))::bit(64)::bigint)
    when 1 then 'the record with uuid id ' || encode(substr(id, 2), 'hex')::uuid
    else 'the record with text id ' || left(convert_from(substr(id, 2), 'UTF8'), 80) end;

create function vector_store.ids_of(hex jsonb) returns bytea[]
language sql immutable
return array(select decode(h, 'hex') from jsonb_array_elements_text(hex) h);

create function vector_store.strings(list jsonb) returns text[]
language sql immutable
return array(select jsonb_array_elements_text(list));
