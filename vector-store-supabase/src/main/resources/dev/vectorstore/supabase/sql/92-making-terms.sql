-- Terms of rows that were written without them -------------------------------------------------------------
-- Of our own tables these are rows older than a text field; of an adopted table, those that others wrote.

-- What the trigger of an adopted table asks: anybody who writes to the table calls it.
create function vector_store.watched_table(changed regclass, out collection integer, out id_sql text)
language plpgsql stable security definer as $$
begin
  select k.id, k.id_sql into collection, id_sql from vector_store.collection k
  where k.adopted and (k.relation = changed
    or k.relation = any (array(select p.relid from pg_partition_ancestors(changed) p)));
end
$$;

-- Takes the terms from rows that were changed (gone, come: their ids), whoever did so. It has no types but the server's own,
-- so that nothing of the table's runs with the rights of this schema's owner.
create function vector_store.mark(collection integer, gone bytea, come bytea, emptied boolean) returns void
language plpgsql security definer as $$
declare
  kept constant text := format('vector_store.%I', 'a' || collection);
begin
  if come is not null then
    -- Whoever begins to keep terms is waited for, so that it overlooks no row.
    perform pg_advisory_xact_lock_shared(1986359923, collection);
  end if;
  if to_regclass(kept) is null then
    return;
  end if;
  if emptied then
    execute format('delete from %s where id <> ''''', kept);
  end if;
  if gone is not null and gone is distinct from come then
    execute format('delete from %s where id = $1', kept) using gone;
  end if;
  if come is not null then
    execute format('insert into %s as s (id) values ($1) on conflict (id) do update set terms = null'
      || ' where s.terms is not null', kept) using come;
  end if;
end
$$;

-- A row that is inserted or changed is without terms until they are made again, and so is its collection; a row that is
-- deleted has none. What is made of its key runs with the rights of whoever changes the table.
create or replace function vector_store.changed() returns trigger
language plpgsql security invoker as $$
declare
  known record;
  gone bytea;
  come bytea;
begin
  select * into known from vector_store.watched_table(tg_relid);
  if known.collection is null then
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
      -- The table was adopted since this transaction began, which doesn't see that.
      raise serialization_failure using message = 'vector_store: the table was adopted meanwhile; try again';
    end if;
    return null;
  end if;
  if tg_op in ('UPDATE', 'DELETE') then
    execute format('select %s from (select ($1).*) t', known.id_sql) into gone using old;
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    execute format('select %s from (select ($1).*) t', known.id_sql) into come using new;
  end if;
  perform vector_store.mark(known.collection, gone, come, tg_op = 'TRUNCATE');
  return null;
end
$$;

-- Whoever calls, for functions that run with other rights: the role of the session, or the one that it took on.
create function vector_store.caller() returns name
language sql stable
return case current_setting('role') when 'none' then session_user else current_setting('role')::name end;

-- Begins to make terms, or goes on: what an adopted table's caller can't do.
create function vector_store.begin_terms(request json) returns vector_store.collection
language plpgsql security definer as $$
declare
  c vector_store.collection;
begin
  c := vector_store.opened(request);
  if c.adopted and not (has_table_privilege(vector_store.caller(), c.relation, 'insert')
      and has_table_privilege(vector_store.caller(), c.relation, 'update')) then
    perform vector_store.fail('PT403', format('the role %I may not make the terms of the table: it needs to write to it',
      vector_store.caller()));
  end if;
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
  if c.adopted and not coalesce(vector_store.text_columns(c) <@ vector_store.watched_now(c.relation), false) then
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
  if row_security_active(c.relation) then
    perform vector_store.fail('PT403', format('the role %I may not make the terms of the table: it needs to read all of its rows;'
      || ' use its owner, or the service_role key', current_user));
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
    'with r as (select * from json_to_recordset($1) as r(i text, h text, t text[]) order by i)'
    || case when c.adopted then
      -- Whoever changes a row is waited for, and what it has then is asked.
      ', still as (select %2$s as id, r.t from r, %1$s t where %2$s = decode(r.i, ''hex'')
         and md5(coalesce(%3$s, ''{}'')::text) = r.h for share of t)
       insert into %4$s as s (id, terms) select id, coalesce(t, ''{}'') from still
       on conflict (id) do update set terms = excluded.terms where s.terms is null'
    else
      ' update %1$s t set terms = nullif(r.t, ''{}''), termed = %5$s from r
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
