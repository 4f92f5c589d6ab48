package dev.vectorstore.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.testkit.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresEngine(TestEngine.SUPABASE)
class ExistingSupabaseStoreTest {
  private static final int DIMENSION = 3;
  private static final List<String> PAGE =
      List.of("url", "chunk_number", "content", "metadata", "source_id", "embedding");

  private final HttpClient http = HttpClient.newHttpClient();
  private final ExistingSupabaseStore store = ExistingSupabaseStore.shared(DIMENSION);

  @BeforeEach
  void fill() {
    store.clear();
    store.load("sources", List.of("source_id", "summary"), Stream.of(List.of("s", "A source")));
    store.load(
        "crawled_pages",
        PAGE,
        Stream.of(
            row(0, "{\"kind\": \"a\"}", 1, 0, 0),
            row(1, "{\"kind\": \"b\"}", 0, 1, 0),
            Arrays.asList("u", 2, "no vector", "{}", "s", null)));
  }

  @Test
  void anonymousReadsAndCannotWrite() throws Exception {
    assertThat(get("/crawled_pages?select=id&order=id", store.anonKey()).body())
        .isEqualTo("[{\"id\":1}, \n {\"id\":2}, \n {\"id\":3}]");
    HttpResponse<String> refused = post("/sources", "{\"source_id\": \"x\"}", store.anonKey());
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("42501");
  }

  @Test
  void theServiceKeyWritesPastRowLevelSecurity() throws Exception {
    assertThat(post("/sources", "{\"source_id\": \"x\"}", store.serviceKey()).statusCode())
        .isEqualTo(201);
    assertThat(store.sql("select count(*) from sources")).containsExactly("2");
  }

  @Test
  void anExpiredKeyIsRefused() throws Exception {
    HttpResponse<String> refused = get("/sources", store.expiredKey());

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("JWT expired");
  }

  @Test
  void theFunctionsSearchWithFilters() throws Exception {
    String all = rpc("{\"query_embedding\": [1, 0, 0], \"filter\": {\"kind\": \"a\"}}");
    assertThat(all).contains("\"chunk_number\":0").contains("\"similarity\":1");
    assertThat(all).doesNotContain("\"chunk_number\":1");
    assertThat(rpc("{\"query_embedding\": [1, 0, 0], \"source_filter\": \"other\"}"))
        .isEqualTo("[]");
  }

  @Test
  void answersAreCutAtAThousandRowsAsSupabaseDoes() throws Exception {
    store.load(
        "crawled_pages", PAGE, IntStream.range(10, 1_200).mapToObj(n -> row(n, "{}", n, 1, 0)));

    HttpResponse<String> page = get("/crawled_pages?select=id", store.serviceKey());

    assertThat(page.headers().firstValue("Content-Range")).contains("0-999/*");
  }

  @Test
  void theLayoutIsTheOneOfThatPractice() {
    String indexes =
        store.sql("select indexdef from pg_indexes where tablename <> 'sources'").stream()
            .collect(Collectors.joining("\n"));
    assertThat(indexes).contains("ivfflat (embedding vector_cosine_ops)", "gin (metadata)");
    assertThat(store.sql("select rolname from pg_roles where rolbypassrls and not rolsuper"))
        .containsExactly("service_role");
    assertThat(store.sql("select count(*) from pg_policies")).containsExactly("3");
  }

  @Test
  void theProductionDimensionWorksToo() throws Exception {
    try (var large = ExistingSupabaseStore.create(ExistingSupabaseStore.PRODUCTION_DIMENSION)) {
      large.load(
          "crawled_pages",
          List.of("url", "embedding"),
          Stream.of(List.of("u", new float[ExistingSupabaseStore.PRODUCTION_DIMENSION])));
      assertThat(large.sql("select vector_dims(embedding) from crawled_pages"))
          .containsExactly("1536");
    }
  }

  @Test
  void postgrestSeesANewTableAfterAReloadAndComesBackAfterKill9() throws Exception {
    try (var own = ExistingSupabaseStore.create(DIMENSION)) {
      own.sql("create table fresh (id int); insert into fresh values (7)");
      own.postgrest().reloadSchema();
      assertThat(get(own, "/fresh", own.serviceKey()).body()).isEqualTo("[{\"id\":7}]");
      assertThat(get(own, "/", own.serviceKey()).body()).contains("\"/fresh\"");

      own.kill9();
      assertThat(FreePort.answers(own.postgrest().port())).isFalse();
      own.restart();

      assertThat(get(own, "/fresh", own.serviceKey()).body()).isEqualTo("[{\"id\":7}]");
    }
  }

  private static List<Object> row(int chunk, String metadata, float x, float y, float z) {
    return List.of("u", chunk, "content " + chunk, metadata, "s", new float[] {x, y, z});
  }

  private String rpc(String arguments) throws IOException, InterruptedException {
    return post("/rpc/match_crawled_pages", arguments, store.anonKey()).body();
  }

  private HttpResponse<String> get(String path, String key)
      throws IOException, InterruptedException {
    return get(store, path, key);
  }

  private HttpResponse<String> get(ExistingSupabaseStore from, String path, String key)
      throws IOException, InterruptedException {
    return send(request(from, path, key).GET().build());
  }

  private HttpResponse<String> post(String path, String json, String key)
      throws IOException, InterruptedException {
    return send(
        request(store, path, key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  private static HttpRequest.Builder request(ExistingSupabaseStore to, String path, String key) {
    String url = to.url().substring("postgrest:".length()) + path;
    return HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + key);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
