package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An existing store is the same over PostgREST and over a connection, record by record. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransportsTest {
  private static final String TABLES =
      """
      create extension citext;
      create type mood as enum ('low', 'high');
      create table kinds (
        id int primary key, v vector(3), truth boolean, half real, whole double precision,
        amount numeric, fixed numeric(10, 2), day date, at timestamptz, naive timestamp,
        span interval, list int[], words text[], raw bytea, doc json, short varchar(5),
        padded char(4), feeling mood, net inet, range int4range, insensitive citext, bits bit(3),
        "Odd "" name" text, "a.b" text);
      insert into kinds (id, v, truth, half, whole, amount, fixed, day, at, naive, span, list) values
        (1, '[1,0,0]', true, 0.1, 3, 1.10, 1.10, '2026-11-22', '2026-11-22T01:02:03.456789+02:00',
          '2026-11-22T01:02:03', '1 day 2 hours', '{1,2}'),
        (2, '[0,0,0]', false, 'NaN', '-Infinity', 12345678901234567890.5, 0, 'infinity', 'infinity',
          '-infinity', '-1 mon', '{{1,2},{3,null}}'),
        (3, null, null, 3e38, 1e300, 'NaN', null, '0044-03-15 BC', '1999-12-31T23:59:60Z', null, null,
          null),
        (4, '[1e-30,1e30,-0.0]', true, 1e-45, 5e-324, 1e-400, -1, null, null, null, null, '{}');
      insert into kinds (id, v, words, raw, doc, short, padded, feeling, net, range, insensitive, bits,
          "Odd "" name", "a.b") values
        (5, '[1,2,3]', '{"a,b",c,NULL,"\\"q\\""}', '\\x00ff', '{"k": 1.0, "k": [1, {"x": null}]}',
          'abc', 'ab', 'high', '10.0.0.0/8', '[1,5)', 'MiXed', '101', 'odd', 'dotted'),
        (6, '[1,2,3]', null, null, '"text"', null, null, null, null, null, null, null, E'\\t"\\\\', '');
      create table deep (id bigint primary key, v vector(2), m jsonb);
      insert into deep select n, '[1,1]', (repeat('{"x":', n) || '1' || repeat('}', n))::jsonb
        from generate_series(20, 26) n;
      insert into deep values (-5, '[1,2]', '{"n": 9007199254740993, "m": 12345678901234567890}'),
        (9223372036854775807, '[1,2]', '{"tenth": 1.10, "big": 1e22, "small": 1e-7, "e": 1.0}'),
        (1, '[3,4]', '{"a.b": {"": [[], {}, [null, {"c": "\\ud83d\\ude00 日本 \\u0001"}]]}}'),
        (2, '[3,4]', '"{\\"a\\": 1}"'), (3, null, null), (4, '[0,0]', 'null'), (5, '[0,-0]', '[1]');
      create table texts (id text primary key, v vector(1));
      insert into texts values ('5', '[1]'), ('[-5]', '[1]'), ('null', null), ('', '[1]'),
        (repeat('ü', 257), '[1]'), ('a,b', null), ('it''s', null), ('{"x"}', '[1]'), ('\\', '[1]'),
        ('B', '[1]'), ('a', '[1]'), ('ä', '[1]'), ('Z', '[1]'), ('😀', '[1]'), ('%_*', '[1]');
      create table cases (id citext primary key, v vector(1));
      insert into cases values ('b'), ('A'), ('C'), ('a1'), ('B1');
      create table moods (id mood primary key, v vector(1));
      insert into moods values ('low'), ('high');
      create table chars (id char(6), at timestamptz, v vector(1), primary key (id, at));
      insert into chars select lpad(n::text, n % 6 + 1, 'x'), timestamptz '2026-01-01Z' + n * interval '1 us'
        from generate_series(1, 30) n;
      create table amounts (id numeric primary key, v vector(1));
      insert into amounts select n / 4.0 from generate_series(-9, 300) n;
      create table floats (id double precision primary key, v vector(1));
      insert into floats values (1), (0.1), ('NaN'), ('-Infinity'), (1e300), (-0.5), (1e-300);
      create table uuids (id uuid primary key, v halfvec(3));
      insert into uuids select md5(n::text)::uuid, ('[' || n || ',0.1,-2]')::halfvec
        from generate_series(1, 200) n;
      create table pairs (b text, a int, flag boolean, v vector(2), primary key (a, b, flag));
      insert into pairs select t, n, n % 2 = 0, '[1,1]' from generate_series(-20, 20) n,
        unnest(array['a,b', 'f(x)', 'q"q', E'back\\\\slash', '100%', '日本😀', ' ', '']) t;
      create table dimensions (id int primary key, v vector);
      insert into dimensions values (1, '[1,0,0]'), (2, '[1,0]'), (3, '[0,1,0]');
      create table two (id int primary key, other vector(2), embedding vector(3), s sparsevec(4));
      insert into two values (1, '[1,2]', '[1,2,3]', '{1:1}/4');
      create table reserved (id int primary key, v vector(3), __vs text);
      insert into reserved values (1, '[1,0,0]', 'x');
      create table parts (id int primary key, v vector(1)) partition by range (id);
      create table parts_1 partition of parts for values from (0) to (5);
      create table parts_2 partition of parts for values from (5) to (50);
      insert into parts select n, '[1]' from generate_series(0, 20) n;
      """;

  private ExistingSupabaseStore server;
  private VectorStore rest;
  private VectorStore direct;

  @BeforeAll
  void makeTables() {
    server = ExistingSupabaseStore.create(3, 100);
    server.sql(TABLES);
    server.sql(
        """
        insert into sources (source_id, summary) values ('s', 'summary'), ('', null);
        insert into crawled_pages (url, chunk_number, content, metadata, source_id, embedding)
          select 'http://u/' || n, n, case when n % 100 = 0 then repeat('long é😀 "\\', 8000) else
            'text ' || n end, jsonb_build_object('n', n, 'odd', array[n, null]), 's',
            case when n % 7 = 0 then null when n % 7 = 1 then '[0,0,0]'
              else ('[' || random() || ',' || -random() || ',1e-7]')::vector end
          from generate_series(1, 700) n;
        """);
    server.postgrest().reloadSchema();
    rest = Reading.open(server);
    direct = Reading.openDirect(server);
  }

  @AfterAll
  void stop() {
    rest.close();
    direct.close();
    server.close();
  }

  @Test
  void theSameTablesAreCollections() {
    assertThat(direct.collections()).isEqualTo(rest.collections()).hasSizeGreaterThan(15);
  }

  @Test
  void theyAreDescribedAlike() {
    for (String name : rest.collections()) {
      var expected = rest.describe(name).spec();
      var described = direct.describe(name).spec();
      assertThat(described.dimension()).as(name).isEqualTo(expected.dimension());
      assertThat(described.metric()).as(name).isEqualTo(expected.metric());
      assertThat(described.idKinds()).as(name).isEqualTo(expected.idKinds());
      assertThat(described.labels().keySet()).as(name).isEqualTo(expected.labels().keySet());
    }
  }

  @Test
  void theirRowsAreTheSameRecordsWithTheSameIssuesInTheSameOrder() {
    Set<String> issues = new TreeSet<>();
    for (String name : rest.collections()) {
      Reading.Whole expected = Reading.all(rest.collection(name), pages(37));
      Reading.Whole read = Reading.all(direct.collection(name), pages(41));
      assertThat(read.records()).as(name).containsExactlyElementsOf(expected.records());
      assertThat(read.issues().toString()).as(name).isEqualTo(expected.issues().toString());
      expected.issues().forEach(issue -> issues.add(issue.kind().name()));
      assertThat(direct.collection(name).count()).as(name).isEqualTo(rest.collection(name).count());
    }
    assertThat(issues)
        .containsExactly("NO_EMBEDDING", "NUMBER_AS_TEXT", "UNREADABLE", "ZERO_EMBEDDING");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kinds", "pairs", "texts", "uuids", "floats", "chars", "crawled_pages"})
  void whatIsFetchedIsTheSame(String name) {
    VectorCollection overRest = rest.collection(name);
    List<RecordId> ids =
        Reading.all(overRest, pages(100)).records().stream().map(VectorRecord::id).toList();

    assertThat(direct.collection(name).fetch(ids, Projection.all()))
        .containsExactlyElementsOf(overRest.fetch(ids, Projection.all()))
        .hasSameSizeAs(ids);
    assertThat(direct.collection(name).fetch(ids, Projection.fields("id", "a", "url")))
        .containsExactlyElementsOf(overRest.fetch(ids, Projection.fields("id", "a", "url")));
  }

  private static ScanRequest pages(int size) {
    return ScanRequest.all().projection(Projection.all()).pageSize(size);
  }
}
