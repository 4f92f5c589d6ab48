-- Tables beside a collection -----------------------------------------------------------------------------
-- The terms of an adopted table are in a table a<id>, those of a collection of ours in its own column. Where texts are
-- ranked, the index is on what they are ranked by: a table r<id> of postings, with a row for each row of terms. Of each
-- term, the hash and how often it is there; of each ranked field, how many terms it has. Its rows are narrow, for a search
-- reads many, and they stay in their page up to some thousand words.
--
-- Terms are the words of a table that others made, so whoever may not read that table may not read them: callers have the
-- views t<id> and p<id>, which show them to those alone who may read all of its rows, and w<id>, by which whoever may
-- write to the table keeps them.

create function vector_store.kept_terms(c vector_store.collection) returns text
language sql immutable
return format('vector_store.%I', 'a' || c.id);

create function vector_store.kept_postings(c vector_store.collection) returns text
language sql immutable
return format('vector_store.%I', 'r' || c.id);

create function vector_store.readable_terms(c vector_store.collection) returns text
language sql immutable
return format('vector_store.%I', 't' || c.id);

create function vector_store.writable_terms(c vector_store.collection) returns text
language sql immutable
return format('vector_store.%I', 'w' || c.id);

create function vector_store.readable_postings(c vector_store.collection) returns text
language sql immutable
return format('vector_store.%I', case when c.adopted then 'p' else 'r' end || c.id);

-- Whether terms of an adopted table are kept.
create function vector_store.is_watched(c vector_store.collection) returns boolean
language sql stable
return c.adopted and to_regclass(vector_store.kept_terms(c)) is not null;

-- Makes the index on the terms that a table holds.
create function vector_store.index_terms(c vector_store.collection, relation text) returns void
language plpgsql as $$
declare
  postings text := vector_store.kept_postings(c);
begin
  if not vector_store.is_ranked(c) then
    execute format('create index on %s using gin (vector_store.hashes(terms))', relation);
    return;
  end if;
  execute format(
    'create table %s (
       id bytea primary key,
       lengths integer[] not null,
       hashes bigint[] not null,
       frequencies smallint[] not null) with (toast_tuple_target = 8160)', postings);
  -- What was written lately is searched one by one, by each term; four times as much, as usual, takes twice as long.
  execute format('create index on %s using gin (hashes) with (gin_pending_list_limit = 1024)', postings);
  execute format('create trigger vector_store_added after insert on %s referencing new table as fresh'
    || ' for each statement execute function vector_store.posted(%L)', relation, c.id);
  execute format('create trigger vector_store_changed after update on %s referencing old table as gone new table as fresh'
    || ' for each statement execute function vector_store.posted(%L)', relation, c.id);
  execute format('create trigger vector_store_removed after delete on %s referencing old table as gone'
    || ' for each statement execute function vector_store.posted(%L)', relation, c.id);
  execute format('create trigger vector_store_emptied after truncate on %s'
    || ' for each statement execute function vector_store.posted(%L)', relation, c.id);
end
$$;

-- What a text is ranked by follows its terms, whoever writes these. Frequencies end at 32,767, where one more would
-- change a score in its fifth digit.
create or replace function vector_store.posted() returns trigger
language plpgsql security definer as $$
declare
  c vector_store.collection;
begin
  select k.* into c from vector_store.collection k where k.id = tg_argv[0]::integer;
  if tg_op = 'TRUNCATE' then
    execute format('delete from %s', vector_store.kept_postings(c));
    return null;
  elsif tg_op = 'DELETE' then
    execute format('delete from %s s using gone where s.id = gone.id', vector_store.kept_postings(c));
    return null;
  elsif not exists (select from fresh) then
    return null; -- an upsert is an insert and an update, of which one has no rows, as a rule
  end if;
  execute format(
    'insert into %s (id, lengths, hashes, frequencies)
     select t.id, l.lengths, coalesce(w.hashes, ''{}''), coalesce(w.frequencies, ''{}'')
     from %s t
     cross join lateral (select array(
       select coalesce((select sum(length(words) - length(replace(words, '' '', '''')) - 1)
         from unnest(t.terms) e
         -- A gap between two runs, for phrases, is no word.
         cross join lateral (select replace(e, '' | '', '' '') as words) w
         where starts_with(e, field || '':'')), 0)::integer
       from unnest(%L::text[]) with ordinality f(field, place) order by place) as lengths) l
     cross join lateral (
       select array_agg(hashtextextended((field || '':'' || term) collate "C", 0)) as hashes,
         array_agg(least(n, 32767)::smallint) as frequencies
       from (
         select field, term, count(*) as n
         from unnest(t.terms) e
         cross join lateral (select split_part(e, '':'', 1) as field, substr(e, strpos(e, '':'') + 1) as words offset 0) p,
           unnest(string_to_array(words, '' '')) term
         where term not in ('''', ''|'') group by field, term) n) w
     on conflict (id) do update
     set lengths = excluded.lengths, hashes = excluded.hashes, frequencies = excluded.frequencies',
    vector_store.kept_postings(c),
    case when tg_op = 'INSERT' then 'fresh' else
      '(select fresh.* from fresh left join gone using (id) where fresh.terms is distinct from gone.terms)' end,
    vector_store.ranked_fields(c.fields));
  return null;
end
$$;

create function vector_store.drop_beside(collection integer) returns void
language plpgsql as $$
declare
  thing record;
begin
  for thing in
    select case relkind when 'v' then 'view' else 'table' end as kind, relname as name from pg_class
    where relnamespace = 'vector_store'::regnamespace and relkind in ('v', 'r')
      and relname = any (array['t' || collection, 'w' || collection, 'p' || collection, 'a' || collection, 'r' || collection])
    order by relkind desc
  loop
    execute format('drop %s vector_store.%I', thing.kind, thing.name);
  end loop;
end
$$;

-- Begins to keep terms of an adopted table, from nothing.
create function vector_store.keep_terms(c vector_store.collection) returns void
language plpgsql as $$
declare
  -- By its number here, for a view that names the table would keep its owner from dropping it.
  its_table constant text := format('(select k.relation::oid from vector_store.catalog k where k.id = %s)', c.id);
  reads constant text := format('has_table_privilege(%1$s, ''select'') and not row_security_active(%1$s)', its_table);
  callers constant text := vector_store.callers();
begin
  perform vector_store.drop_beside(c.id);
  -- Without terms are those whose texts were changed since.
  execute format('create table %s (id bytea primary key, terms text[])', vector_store.kept_terms(c));
  execute format('create index on %s (id) where terms is null', vector_store.kept_terms(c));
  perform vector_store.index_terms(c, vector_store.kept_terms(c));
  execute format('create view %s as select id, terms from %s where %s', vector_store.readable_terms(c),
    vector_store.kept_terms(c), reads);
  execute format('create view %s as select id, terms from %s where %s and has_table_privilege(%s, ''insert, update'')'
    || ' with check option', vector_store.writable_terms(c), vector_store.kept_terms(c), reads, its_table);
  execute format('grant select on %s to %s', vector_store.readable_terms(c), callers);
  execute format('grant select, insert, update on %s to %s', vector_store.writable_terms(c), callers);
  if vector_store.is_ranked(c) then
    execute format('create view %s as select ctid as place, id, lengths, hashes, frequencies from %s where %s',
      vector_store.readable_postings(c), vector_store.kept_postings(c), reads);
    execute format('grant select on %s to %s', vector_store.readable_postings(c), callers);
  end if;
end
$$;
