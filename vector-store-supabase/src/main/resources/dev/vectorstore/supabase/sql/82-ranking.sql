-- Ranking texts -----------------------------------------------------------------------------------------
-- BM25 with k1 = 1.2 and b = 0.75. Nothing is kept of a collection as a whole, so that writers share no row and no
-- figure is old: how many texts there are, how long they are and how many have a term is found out by each search.

-- Of the pages of postings, so many of them as there are, the number of texts and their mean length; and of up to 8 rows
-- a page, how many are texts and how many of these have each term.
create function vector_store.sample_sql(
  c vector_store.collection, place integer, pages bigint, looked_at integer, hashes bigint[]) returns text
language plpgsql immutable as $$
begin
  return (
  select format(
    'select count(*), avg(s.lengths[%1$s]), count(*) filter (where s.nth <= 8), array[%2$s]::double precision[]
     from generate_series(0, %3$s - 1) n
     cross join lateral (select format(''(%%s,0)'', n * %4$s / %3$s)::tid as first,
       format(''(%%s,0)'', n * %4$s / %3$s + 1)::tid as next) page
     cross join lateral (select s.*, row_number() over () as nth
       from %5$s s where s.%6$s >= page.first and s.%6$s < page.next and s.lengths[%1$s] > 0) s',
    place,
    string_agg(format('count(*) filter (where s.nth <= 8 and s.hashes @> %L::bigint[])', array[hash]), ', ' order by i),
    looked_at, pages || '::bigint', vector_store.readable_postings(c),
    case when c.adopted then 'place' else 'ctid' end)
  from unnest(hashes) with ordinality q(hash, i)
);
end
$$;

-- Exact up to 128 pages, some 1,000 texts. Beyond, the number and the length of texts are those of 128 pages spread over
-- the table, and so is how many have a term that one in ten has. Of rarer terms the index knows it, which is looked at
-- up to 5,000 texts, or two in a hundred.
create function vector_store.text_statistics(
  c vector_store.collection, place integer, hashes bigint[],
  out texts double precision, out length double precision, out counts double precision[])
language plpgsql stable as $$
declare
  postings text := vector_store.readable_postings(c);
  pages bigint := pg_relation_size(vector_store.kept_postings(c)::regclass) / current_setting('block_size')::integer;
  looked_at constant integer := 128;
  asked double precision;
  frequent double precision := 'infinity';
  most bigint;
begin
  if pages > looked_at then
    execute vector_store.sample_sql(c, place, pages, looked_at, hashes) into texts, length, asked, counts;
  end if;
  if asked >= 100 then
    texts := texts * pages / looked_at;
    counts := array(select n * texts / asked from unnest(counts) with ordinality q(n, i) order by i);
    frequent := texts / 10;
    most := greatest(5000, texts / 50);
  else
    execute format('select count(*), avg(s.lengths[%1$s]) from %2$s s where s.lengths[%1$s] > 0', place, postings)
    into texts, length;
    counts := array_fill(0::double precision, array[cardinality(hashes)]);
  end if;
  execute format(
    'select array(
       select case when q.n >= $3 then q.n when found.n > $4 then greatest(found.n, q.n) else found.n end
       from unnest($1, $2) with ordinality q(hash, n, i)
       cross join lateral (select count(*) as n from (
         select from %s s where s.hashes @> array[q.hash] and q.n < $3 limit $4 + 1) s) found
       order by i)', postings)
  into counts using hashes, counts, frequent, most;
  texts := greatest(texts, (select max(n) from unnest(counts) n));
end
$$;

-- What terms add to the score of a row s of postings, with s.k of its length, as SQL. Each part is a multiple of 2^-36,
-- so that sums are exact, whatever the order in which terms are added.
create function vector_store.score_sql(hashes bigint[], weights double precision[]) returns text
language plpgsql immutable as $$
begin
  return case
    when coalesce(cardinality(hashes), 0) = 0 then '0'
    when cardinality(hashes) <= 16 then (
      select string_agg(format('coalesce(floor(%L::double precision / (1 + s.k / s.frequencies[array_position(s.hashes, %L)])'
        || ' * 68719476736 + 1) / 68719476736, 0)', weight, hash), ' + ')
      from unnest(hashes, weights) q(hash, weight))
    else format('(select coalesce(sum(floor(q.weight / (1 + s.k / s.frequencies[array_position(s.hashes, q.hash)])'
      || ' * 68719476736 + 1) / 68719476736), 0) from unnest(%L::bigint[], %L::double precision[]) q(hash, weight))',
      hashes, weights) end;
end
$$;

-- The best of some rows of postings, by the terms that all of them can have (first) and by those that only those need be
-- asked for which $1, the most that these add, could bring to the score $2 (rest). $3 are wanted.
create function vector_store.best_of_sql(rows text, first text, rest text) returns text
language plpgsql immutable as $$
begin
  return format(
    'select array_agg(id order by score desc, id), array_agg(score order by score desc, id) from (
       select s.id, s.score + %3$s as score
       from (select s.*, %2$s as score
         -- Longer ones are kept out of their page, and fetched once by this.
         from (select s.id, s.k, s.frequencies, array_cat(s.hashes, ''{}'') as hashes from (%1$s) s offset 0) s offset 0) s
       where s.score + $1 >= $2 order by score desc, id limit $3) b', rows, first, rest);
end
$$;

-- The same for many terms, of which a row has few: by what each adds to the rows that have it. $4 and $5 are the hashes
-- and weights of the first; the rest is asked for the best by these, and then for those that could be better.
create function vector_store.best_of_many_sql(
  c vector_store.collection, rows text, condition text, rest text) returns text
language plpgsql immutable as $$
begin
  return format(
    'with found as (
       select s.id, sum(floor(q.weight / (1 + s.k / s.n) * 68719476736 + 1) / 68719476736) as score
       from unnest($4, $5) q(hash, weight)
       cross join lateral (
         select s.id, s.k, s.frequencies[array_position(s.hashes, q.hash)] as n
         from (%1$s) s where s.hashes @> array[q.hash] offset 0) s
       group by s.id),
     passed as materialized (select f.id, f.score from found f %2$s),
     likely as (
       select p.score + %3$s as score
       from (select * from passed order by score desc, id limit $3 + 100) p
       cross join lateral (select * from (%1$s) s where s.id = p.id offset 0) s),
     best as (
       select s.id, p.score + %3$s as score
       from passed p cross join lateral (select * from (%1$s) s where s.id = p.id offset 0) s
       where p.score + $1 >= greatest($2, (select score from likely order by score desc offset $3 - 1 limit 1))
       order by score desc, id limit $3)
     select array_agg(id order by score desc, id), array_agg(score order by score desc, id) from best',
    rows,
    case when condition <> 'true' then format('join %s t on %s = f.id where (%s)', c.relation, c.id_sql, condition) end,
    rest);
end
$$;

-- The terms of a query that texts have, from the rarest, which are the fewest texts. A weight is how rare a term is, which
-- no text's score for it reaches; others is what the terms behind each could add, and looked_up how many texts have
-- one of the terms up to each, if none has two.
create function vector_store.weighed(
  c vector_store.collection, place integer, inout hashes bigint[], out length double precision,
  out weights double precision[], out others double precision[], out looked_up double precision[])
language plpgsql stable as $$
declare
  found record := vector_store.text_statistics(c, place, hashes);
begin
  length := found.length;
  select array_agg(q.hash order by q.n, q.hash), array_agg(q.weight order by q.n, q.hash),
    array_agg(coalesce(q.others, 0) order by q.n, q.hash), array_agg(q.looked_up order by q.n, q.hash)
  into hashes, weights, others, looked_up
  from (
    -- A little more than the weights, since a part of a score is rounded up.
    select *, sum(w.weight + 1e-10) over (order by w.n desc, w.hash desc rows between unbounded preceding and 1 preceding)
      as others, sum(w.n) over (order by w.n, w.hash) as looked_up
    from (
      select q.hash, q.n, ln(1 + (found.texts - q.n + 0.5) / (q.n + 0.5)) as weight
      from unnest(hashes, found.counts) q(hash, n) where q.n > 0) w) q;
end
$$;

create function vector_store.ranked_hits(
  c vector_store.collection, query json, ids bytea[], scores double precision[]) returns json
language plpgsql stable as $$
declare
  answer json;
begin
  execute format(
    'select coalesce(json_agg(json_build_array(%s, b.score)), ''[]'')
     from unnest($1, $2) b(id, score) join %s t on %s = b.id',
    vector_store.parts_sql(c, query), c.relation, c.id_sql)
  into answer using ids, scores;
  return answer;
end
$$;

-- The most relevant rows by the texts of one field. A text that has none of a query's rarest terms, the essential ones,
-- has no higher score than the others can add together; once enough are found that have more, it needn't be looked at.
-- So the frequent terms, which most texts have, are asked of few.
create function vector_store.ranked(c vector_store.collection, query json) returns json
language plpgsql stable as $$
declare
  place integer := array_position(vector_store.ranked_fields(c.fields), query ->> 'field');
  condition text := vector_store.where_sql(c, query -> 'filter');
  wanted integer := (query ->> 'limit')::integer;
  q record; -- the query's terms
  postings text;
  passing text;
  ids bytea[];
  scores double precision[];
  essential integer := 1;
  few_rows bigint := 2000; -- are looked up at once
  reached double precision := 0;
begin
  perform vector_store.require_terms(c);
  q := vector_store.weighed(c, place,
    vector_store.term_hashes(query ->> 'field', vector_store.strings((query -> 'terms')::jsonb)));
  if q.hashes is null then
    return '[]';
  end if;
  postings := format('select s.id, s.hashes, s.frequencies, 0.3 + %L::double precision * s.lengths[%s] as k from %s s',
    0.9 / q.length, place, vector_store.readable_postings(c));
  passing := postings || case when condition = 'true' then ' where true'
    else format(' join %s t on %s = s.id where (%s)', c.relation, c.id_sql, condition) end;
  loop
    while essential < cardinality(q.hashes) and q.looked_up[essential + 1] <= few_rows loop
      essential := essential + 1;
    end loop;
    if cardinality(q.hashes) <= 16 then
      execute vector_store.best_of_sql(passing || format(' and s.hashes && %L::bigint[]', q.hashes[:essential]),
        vector_store.score_sql(q.hashes[:essential], q.weights[:essential]),
        vector_store.score_sql(q.hashes[essential + 1:], q.weights[essential + 1:]))
      into ids, scores using q.others[essential], reached, wanted;
    else
      execute vector_store.best_of_many_sql(c, postings, condition,
        vector_store.score_sql(q.hashes[essential + 1:], q.weights[essential + 1:]))
      into ids, scores using q.others[essential], reached, wanted, q.hashes[:essential], q.weights[:essential];
    end if;
    reached := coalesce(scores[wanted], 0);
    exit when essential = cardinality(q.hashes) or q.others[essential] < reached;
    if reached > 0 then
      while q.others[essential] >= reached loop
        essential := essential + 1;
      end loop;
    elsif condition = 'true' then
      essential := essential + 1;
      few_rows := 10 * few_rows;
    else
      -- Few pass the filter, so the planner chooses whether to go by the terms or by the filter.
      execute vector_store.best_of_sql(passing || format(' and s.hashes && %L::bigint[]', q.hashes),
        vector_store.score_sql(q.hashes, q.weights), '0')
      into ids, scores using 0, 0, wanted;
      exit;
    end if;
  end loop;
  return vector_store.ranked_hits(c, query, ids, scores);
end
$$;

-- It is stable, so that all queries are answered from one state of the collection: that which the caller's statement sees.
create function vector_store.search(c vector_store.collection, request json) returns json
language plpgsql stable as $$
declare
  query json;
  answers json[] := '{}';
begin
  for query in select json_array_elements(request -> 'queries') loop
    if query -> 'terms' is not null then
      answers := answers || vector_store.ranked(c, query);
    elsif (query ->> 'lacking')::boolean then
      answers := answers || vector_store.lacking(c, query);
    else
      answers := answers || vector_store.nearest(c, query);
    end if;
  end loop;
  return array_to_json(answers);
end
$$;
