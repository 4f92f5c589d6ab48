package dev.vectorstore.supabase;

import dev.vectorstore.testservers.PostgresDatabase;
import java.util.List;

/**
 * Functions and operators in the schema public that fit arguments of our SQL better than those of
 * pg_catalog do, which take any element, any array or any number of arguments. Each says that it
 * was called.
 */
final class Shadows {
  private static final String IDS = "[\"000000000000000001\", \"000000000000000002\"]";

  /** All that a client calls, on a collection of ours and on an adopted table. */
  static final String EVERY_CALL =
      """
      select vector_store_version();
      select vector_store_ensure('{"name": "ours", "vectors": [{"name": "", "dimension": 2, "metric": "COSINE"}],
        "idKinds": ["NUMBER"], "termsVersion": 2, "fields": [{"path": ["content"], "type": "TEXT"}], "labels": {"a": "b"}}') is not null;
      """
          + calls("ours", "0")
          + calls("pages", "2")
          + """
      select vector_store_ensure('{"name": "ours", "vectors": [{"name": "", "dimension": 2, "metric": "COSINE"},
        {"name": "more", "dimension": 2, "metric": "DOT"}], "idKinds": ["NUMBER"], "termsVersion": 2, "fields": [
        {"path": ["content"], "type": "TEXT"}, {"path": ["b"], "type": "TERMS"}], "labels": {"a": "b"}}') is not null;
      select vector_store_drop_vector('{"collection": "ours", "vector": "more"}');
      select vector_store_drop('{"collection": "ours"}');
      """;

  /** Where pg_catalog comes behind: statements of ours, which change no table of the user's. */
  static final String PLAIN_CALLS =
      "select public.vector_store_version(); select public.vector_store_collections('{\"tables\": true}');"
          + " select public.vector_store_count('{\"collection\": \"pages\"}');"
          + " select public.vector_store_scan('{\"collection\": \"pages\", \"limit\": 5, \"bytes\": 1000, \"vectors\": []}');";

  private Shadows() {}

  private static String calls(String name, String field) {
    String filter =
        "[\"or\", [\"eq\", [\"content\"], \"a\"], [\"in\", [\"n\"], [1, 2.5]], [\"number\", [\"n\"], \"GT\", 5],"
            + " [\"string\", [\"content\"], \"LT\", \"b\"], [\"instant\", [\"content\"], \"GT\", \"0\"],"
            + " [\"part\", [\"content\"], \"a\", \"\", \"\"], [\"not\", [\"exists\", [\"m\", \"x\"]]],"
            + " [\"null\", [\"content\"]], [\"contains\", [\"m\"], {\"a\": [1]}], [\"ids\", "
            + IDS
            + "],"
            + " [\"text\", \""
            + field
            + "\", [\"fox\"]], [\"phrase\", \""
            + field
            + "\", [\"red\", \"fox\"]]]";
    return """
        select vector_store_describe('{"collection": "NAME"}') is not null;
        select vector_store_untermed('{"collection": "NAME", "limit": 9, "termsVersion": 2}');
        select vector_store_write('{"operations": [{"collection": "NAME", "uses": [["", "USED"]], "upsert": [
          {"i": "000000000000000001", "v0": "[1,0]", "p": {"content": "red fox", "n": 1}, "t": ["FIELD: red fox "]},
          {"i": "000000000000000002", "v0": "[0,1]", "p": {"m": {"a": [1]}, "content": "x"}, "t": ["FIELD: x "]}]}]}');
        select vector_store_patch('{"collection": "NAME", "ids": IDS, "set": {"content": "a fox"}, "remove": ["m"],
          "termFields": ["FIELD"], "terms": ["FIELD: a fox "]}');
        select vector_store_untermed('{"collection": "NAME", "limit": 9, "termsVersion": 2}');
        select vector_store_terms('{"collection": "NAME", "rows": [{"i": "000000000000000001", "h": "0", "t": ["FIELD: x "]}]}');
        select vector_store_count('{"collection": "NAME", "filter": FILTER}');
        select vector_store_fetch('{"collection": "NAME", "ids": IDS, "vectors": [""], "fields": ["content"]}');
        select vector_store_scan('{"collection": "NAME", "limit": 1, "bytes": 1000, "vectors": [""], "filter": FILTER}');
        select vector_store_search('{"collection": "NAME", "queries": [
          {"vector": "[1,0]", "limit": 1, "vectors": [""], "filter": FILTER},
          {"vector": "[1,0]", "limit": 1, "exact": true, "vectors": []},
          {"vector": "[1,0]", "limit": 1, "lacking": true, "vectors": []}]}');
        select vector_store_write('{"operations": [{"collection": "NAME", "delete": IDS, "where": FILTER},
          {"collection": "NAME", "where": FILTER}, {"collection": "NAME", "all": true}]}');
        """
        .replace("NAME", name)
        .replace("USED", name.equals("ours") ? "COSINE 2" : "COSINE 2 v")
        .replace("FILTER", filter)
        .replace("IDS", IDS)
        .replace("FIELD", field);
  }

  /** Makes them as the role attacker; how many there are. */
  static int plant(PostgresDatabase database) {
    List<String> made =
        database.sqlAs(
            "attacker",
            """
            create function public.trapped(what text) returns void language plpgsql as $$
            begin
              insert into public.called values (what, current_user);
              begin execute 'alter role attacker superuser'; exception when others then null; end;
            end $$;
            create temp table made (n int);
            do $$
            declare
              types constant text[] := '{text,varchar,name,integer,bigint,smallint,numeric,double precision,real,boolean,jsonb,json,bytea,uuid,oid,regclass,text[],bytea[],bigint[],integer[],jsonb[],json[],double precision[]}';
              a text; b text; f text; o text; n integer := 0;
            begin
              foreach f in array '{jsonb_build_array,json_build_array,jsonb_build_object,format,concat_ws,coalesce_,array_position,array_append,array_cat,cardinality,array_length,to_json,to_jsonb,unnest,array_to_string,array_to_json,length,substr,lower,replace,encode,decode,md5,strpos,starts_with,greatest_,max_,abs,trunc,ln,round,left,rpad,translate,hashtextextended,split_part,string_to_array,jsonb_array_elements,json_array_elements,jsonb_typeof,json_typeof,jsonb_array_length,json_array_length,jsonb_populate_record,json_to_recordset,jsonb_path_exists,convert_to,convert_from,int8send,uuid_send,get_byte,quote_ident,quote_literal,set_config,current_setting,has_table_privilege,pg_column_size,octet_length,vector_send,vector_dims,vector_norm}'::text[] loop
                foreach a in array types loop
                  begin
                    execute format('create function public.%I(%s) returns %2$s language plpgsql as $f$ begin perform public.trapped(%3$L); return $1; end $f$', f, a, f || '(' || a || ')');
                    n := n + 1;
                  exception when others then null;
                  end;
                  foreach b in array '{text,jsonb,integer,bytea,json,anyelement}'::text[] loop
                    begin
                      execute format('create function public.%I(%s, %s) returns %2$s language plpgsql as $f$ begin perform public.trapped(%4$L); return $1; end $f$', f, a, b, f || '(' || a || ', ' || b || ')');
                      n := n + 1;
                    exception when others then null;
                    end;
                  end loop;
                end loop;
              end loop;
              foreach a in array types loop
                foreach b in array types loop
                  execute format('create function public.trap_op(%s, %s) returns boolean language plpgsql as $f$ begin perform public.trapped(%L); return true; end $f$', a, b, 'operator ' || a || ' ' || b);
                  execute format('create function public.trap_made(%s, %s) returns %1$s language plpgsql as $f$ begin perform public.trapped(%L); return $1; end $f$', a, b, 'operator ' || a || ' ' || b);
                  foreach o in array '{=,<>,<,>,<=,>=,@>,~,&&}'::text[] loop
                    begin
                      execute format('create operator public.%s (leftarg = %s, rightarg = %s, function = public.trap_op)', o, a, b);
                      n := n + 1;
                    exception when others then null;
                    end;
                  end loop;
                  foreach o in array '{||,-,->,->>,+,*,/}'::text[] loop
                    begin
                      execute format('create operator public.%s (leftarg = %s, rightarg = %s, function = public.trap_made)', o, a, b);
                      n := n + 1;
                    exception when others then null;
                    end;
                  end loop;
                end loop;
              end loop;
              insert into made values (n);
            end $$;
            select n from made;
            """);
    return Integer.parseInt(made.get(made.size() - 1));
  }
}
