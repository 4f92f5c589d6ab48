-- Terms of rows that were written without them -------------------------------------------------------------
-- Of our own tables these are rows older than a text field; of an adopted table, those that others wrote.

-- A row that others insert or change is without terms until they are made again, and so is its collection; a row that is
-- deleted has none. It runs in the transaction of whoever changes the table, with the rights of this schema's owner.
create or replace function vector_store.changed() returns trigger
language plpgsql security definer as $$
declare
  c vector_store.collection;
begin
  select k.* into c from vector_store.collection k
  where k.adopted and (k.relation = tg_relid or k.relation = any (array(select p.relid from pg_partition_ancestors(tg_relid) p)));
  if c.id is null then
    return null;
  elsif tg_op in ('INSERT', 'UPDATE') then
    -- Whoever begins to keep terms is waited for, so that it overlooks no row.
    perform pg_advisory_xact_lock_shared(1986359923, c.id);
  end if;
  if not vector_store.is_watched(c) then
    return null;
  elsif tg_op = 'TRUNCATE' then
    execute format('delete from %s where id <> ''''', vector_store.kept_terms(c));
    return null;
  end if;
  if tg_op = 'DELETE' then
    execute format('delete from %s s using (select ($1).*) t where s.id = %s', vector_store.kept_terms(c), c.id_sql)
    using old;
    return null;
  elsif current_setting('vector_store.writes', true) = c.id || ':' || pg_trigger_depth() - 1 then
    return null; -- our own statement, behind which the terms are kept
  end if;
  if tg_op = 'UPDATE' then
    execute format('delete from %s s using (select ($1).*) t where s.id = %s', vector_store.kept_terms(c), c.id_sql)
    using old;
  end if;
  execute format('insert into %s as s (id, terms) select %s, null from (select ($1).*) t on conflict (id) do update set'
    || ' terms = null where s.terms is not null', vector_store.kept_terms(c), c.id_sql)
  using new;
  return null;
end
$$;

-- Begins to make terms, or goes on: what an adopted table's caller can't do.
create function vector_store.begin_terms(request json) returns vector_store.collection
language plpgsql security definer as $$
declare
  c vector_store.collection;
begin
  if request ->> 'after' is null then
    -- Whoever writes past us is waited for, so that no row of theirs is overlooked.
    perform pg_advisory_xact_lock(1986359923, k.id) from vector_store.catalog k
    where k.name = (request ->> 'collection') collate "C";
  end if;
  c := vector_store.locked(request);
  if request ->> 'after' is null and c.terms_version < (request ->> 'termsVersion')::integer then
    -- All are made anew. The token is another now, so the client asks for the collection again.
    update vector_store.catalog k set terms_version = (request ->> 'termsVersion')::integer where k.id = c.id;
    c := vector_store.with_more_texts(vector_store.find(c.name));
  end if;
  if c.adopted and not exists (
      select from pg_trigger where tgrelid = c.relation and tgfoid = 'vector_store.changed()'::regprocedure) then
    perform vector_store.fail('PT409', 'the table lacks the triggers that say which of its rows are changed; have its owner'
      || ' adopt it again');
  elsif c.adopted and not vector_store.is_watched(c) then
    perform vector_store.keep_terms(c);
  end if;
  return c;
end
$$;

-- Rows whose terms are to be made, by pages; none of a row that can't be a record.
create function vector_store.untermed(c vector_store.collection, request json) returns json
language plpgsql stable as $$
declare
  answer json;
begin
  execute format(
    'select coalesce(json_agg(json_build_array(encode(t.id, ''hex''), md5(t.p::text), t.p) order by t.id), ''[]'') from (
       select %2$s as id, coalesce(%3$s, ''{}'') as p from %1$s t where %4$s and %2$s > $1 order by %2$s limit $2) t',
    c.relation, c.id_sql, c.payload_sql,
    case when c.adopted
      then format('not exists (select from %s s where s.id = %s and s.terms is not null)', vector_store.readable_terms(c), c.id_sql)
      else 't.termed < ' || c.text_revision end)
  into answer
  using decode(coalesce(request ->> 'after', ''), 'hex'), (request ->> 'limit')::integer;
  return answer;
end
$$;

create function vector_store.untermed_managed(request json) returns json
language plpgsql security definer as $$
declare
  c vector_store.collection := vector_store.begin_terms(request);
  answer json;
begin
  perform vector_store.require_ours(c);
  answer := vector_store.untermed(c, request);
  if request ->> 'after' is null and json_array_length(answer) = 0 then
    update vector_store.catalog k set terms_ready = true where k.id = c.id and not k.terms_ready;
  end if;
  return answer;
end
$$;

create function vector_store.untermed_adopted(request json) returns json
language plpgsql as $$
declare
  c vector_store.collection := vector_store.begin_terms(request);
  answer json;
begin
  if row_security_active(c.relation) or not has_table_privilege(c.relation, 'insert, update') then
    perform vector_store.fail('PT403', format('the role %I may not make the terms of the table: it needs to read all of its rows'
      || ' and to write to it; use its owner, or the service_role key', current_user));
  end if;
  answer := vector_store.untermed(c, request);
  if request ->> 'after' is null and json_array_length(answer) = 0 then
    perform vector_store.complete(c);
  end if;
  return answer;
end
$$;

-- Stores terms of rows that are still as they were read; others get theirs at the next turn.
create function vector_store.store_terms(c vector_store.collection, request json) returns void
language plpgsql as $$
begin
  execute format(
    'with r as (select * from json_to_recordset($1) as r(i text, h text, t text[]) order by i) '
    || case when c.adopted then
      'insert into %4$s as s (id, terms) select %2$s, coalesce(r.t, ''{}'') from r, %1$s t where %2$s = decode(r.i, ''hex'')
         and md5(coalesce(%3$s, ''{}'')::text) = r.h on conflict (id) do update set terms = excluded.terms where s.terms is null'
    else
      'update %1$s t set terms = nullif(r.t, ''{}''), termed = %5$s from r
       where t.id = decode(r.i, ''hex'') and md5(t.payload::text) = r.h'
    end, c.relation, c.id_sql, c.payload_sql, vector_store.writable_terms(c), c.text_revision)
  using request -> 'rows';
end
$$;

create function vector_store.store_terms_managed(request json) returns void
language plpgsql security definer as $$
declare
  c vector_store.collection := vector_store.locked(request);
begin
  perform vector_store.require_ours(c);
  perform vector_store.store_terms(c, request);
end
$$;

create function vector_store.store_terms_adopted(request json) returns void
language plpgsql as $$
begin
  perform vector_store.store_terms(vector_store.locked(request), request);
end
$$;
