-- An existing retrieval store as people lay it out on Supabase: run by psql with -v dimension=384.
-- pgvector is there already. Roles belong to the whole server, so another database may have made them.
set client_min_messages = warning;

do $$
declare
  role_name text;
begin
  perform pg_advisory_xact_lock(736453);
  foreach role_name in array array['anon', 'authenticated', 'service_role', 'authenticator'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I', role_name);
    end if;
  end loop;
  alter role service_role bypassrls;
  alter role authenticator login noinherit;
  grant anon, authenticated, service_role to authenticator;
end
$$;

grant usage on schema public to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;

create table sources (
  source_id text primary key,
  summary text,
  total_word_count integer default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table crawled_pages (
  id bigserial primary key,
  url varchar,
  chunk_number integer,
  content text,
  metadata jsonb not null default '{}',
  source_id text references sources (source_id),
  embedding vector(:dimension),
  created_at timestamptz not null default now(),
  unique (url, chunk_number)
);

create table code_examples (
  id bigserial primary key,
  url varchar,
  chunk_number integer,
  content text,
  summary text not null,
  metadata jsonb not null default '{}',
  source_id text references sources (source_id),
  embedding vector(:dimension),
  created_at timestamptz not null default now(),
  unique (url, chunk_number)
);

-- Made while the tables are empty, as in that practice: its lists have no real centres.
create index on crawled_pages using ivfflat (embedding vector_cosine_ops);
create index on crawled_pages using gin (metadata);
create index on crawled_pages (source_id);
create index on code_examples using ivfflat (embedding vector_cosine_ops);
create index on code_examples using gin (metadata);
create index on code_examples (source_id);

alter table sources enable row level security;
alter table crawled_pages enable row level security;
alter table code_examples enable row level security;
create policy "public read" on sources for select to public using (true);
create policy "public read" on crawled_pages for select to public using (true);
create policy "public read" on code_examples for select to public using (true);

create function match_crawled_pages(
  query_embedding vector(:dimension),
  match_count integer default 10,
  filter jsonb default '{}',
  source_filter text default null
) returns table (
  id bigint,
  url varchar,
  chunk_number integer,
  content text,
  metadata jsonb,
  source_id text,
  similarity float
) language plpgsql as $$
#variable_conflict use_column
begin
  return query
  select
    id, url, chunk_number, content, metadata, source_id,
    1 - (embedding <=> query_embedding) as similarity
  from crawled_pages
  where metadata @> filter and (source_filter is null or source_id = source_filter)
  order by embedding <=> query_embedding
  limit match_count;
end
$$;

create function match_code_examples(
  query_embedding vector(:dimension),
  match_count integer default 10,
  filter jsonb default '{}',
  source_filter text default null
) returns table (
  id bigint,
  url varchar,
  chunk_number integer,
  content text,
  summary text,
  metadata jsonb,
  source_id text,
  similarity float
) language plpgsql as $$
#variable_conflict use_column
begin
  return query
  select
    id, url, chunk_number, content, summary, metadata, source_id,
    1 - (embedding <=> query_embedding) as similarity
  from code_examples
  where metadata @> filter and (source_filter is null or source_id = source_filter)
  order by embedding <=> query_embedding
  limit match_count;
end
$$;
