-- Terms -------------------------------------------------------------------------------------------------
-- The client makes the terms. Each text of a record is one element of terms: the position of its field, a
-- colon, and its terms, each with a space before and behind it: '3: red fox '.

-- The positions and paths of the text fields: what the terms of a row are made for.
create function vector_store.text_fields(fields jsonb) returns jsonb
language plpgsql immutable as $$
begin
  return (
  select coalesce(jsonb_agg(jsonb_build_array(f.place - 1, f.field -> 'path') order by f.place), '[]')
  from jsonb_array_elements(fields) with ordinality f(field, place)
  where f.field ->> 'type' in ('TEXT', 'TERMS')
);
end
$$;

-- The positions of the fields whose texts are ranked.
create function vector_store.ranked_fields(fields jsonb) returns text[]
language plpgsql immutable as $$
begin
  return array(
    select (f.place - 1)::text from jsonb_array_elements(fields) with ordinality f(field, place)
    where f.field ->> 'type' = 'TEXT' order by f.place);
end
$$;

create or replace function vector_store.hashes(terms text[]) returns bigint[]
language sql immutable strict parallel safe
return (
  select array_agg(distinct hashtextextended((split_part(e, ':', 1) || ':' || term) collate "C", 0))
  from unnest(terms) e, unnest(string_to_array(substr(e, strpos(e, ':') + 1), ' ')) term
  where term <> ''
);

-- A gap between two runs, which a phrase can have, is no term of postings.
create function vector_store.term_hashes(field text, terms text[]) returns bigint[]
language sql immutable
return (
  select array_agg(distinct hashtextextended((field || ':' || term) collate "C", 0)) from unnest(terms) term where term <> '|'
);
