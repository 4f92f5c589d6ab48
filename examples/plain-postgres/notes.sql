create extension if not exists vector;

create table notes (
  id bigint primary key,
  content text not null,
  metadata jsonb not null,
  embedding vector(3) not null
);

create index on notes using hnsw (embedding vector_cosine_ops);

insert into notes values
  (1, 'An apple a day', '{"color": "green", "year": 2021}', '[0.9, 0.1, 0]'),
  (2, 'Cherries on top', '{"color": "red", "year": 2022}', '[1, 0, 0]'),
  (3, 'A pear tree', '{"color": "green", "year": 2023}', '[0.7, 0.3, 0]'),
  (4, 'Lime and mint', '{"color": "green", "year": 2019}', '[0, 0, 1]');
