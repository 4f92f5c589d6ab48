-- Catalog -----------------------------------------------------------------------------------------------

create table if not exists vector_store.catalog (
  id integer generated always as identity primary key,
  name text collate "C" not null,
  -- Of each vector its name, '' for the plain one, its column with its type, its dimension and metric.
  vectors jsonb not null default '[]',
  id_kinds jsonb not null,
  fields jsonb not null,
  labels jsonb not null,
  -- Counts up whenever text fields are added; a row's terms are of the revision in its column termed.
  text_revision integer not null default 0,
  -- Of an adopted table, see terms_there.
  terms_ready boolean not null default true,
  -- The version of the rules that the client made the terms by.
  terms_version integer not null default 1,
  relation regclass not null,
  adopted boolean not null default false,
  -- Of an adopted table: its key with its types, and each column that isn't a vector with the payload's key for it.
  key_columns text[],
  columns jsonb,
  key_types text[]
);
-- Collections whose names differ in case only are refused when they are made; tables that are adopted have such names.
create unique index if not exists catalog_names on vector_store.catalog (name);
