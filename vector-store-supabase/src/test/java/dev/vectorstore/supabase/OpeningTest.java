package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallStart;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStores;
import dev.vectorstore.supabase.managed.ManagedStore;
import dev.vectorstore.supabase.rest.ApiKey;
import dev.vectorstore.supabase.rest.RestAddress;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.HttpReply;
import dev.vectorstore.testservers.HttpRequestSeen;
import dev.vectorstore.testservers.JwtIssuer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.ScriptedHttpServer;
import dev.vectorstore.testservers.TestEngine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpeningTest {
  private static final String EMPTY = "{\"swagger\": \"2.0\", \"paths\": {}, \"definitions\": {}}";

  /** What a PostgREST says that doesn't have our SQL behind it. */
  static final HttpReply NOT_INSTALLED =
      HttpReply.of(404)
          .header("Content-Type", "application/json")
          .body(
              "{\"code\": \"PGRST202\", \"message\": \"Could not find the function"
                  + " public.vector_store_version\"}");

  @ParameterizedTest
  @CsvSource({
    "https://p.supabase.co, https://p.supabase.co/rest/v1",
    "https://p.supabase.co/, https://p.supabase.co/rest/v1",
    "https://p.supabase.co/rest/v1/, https://p.supabase.co/rest/v1",
    "HTTP://127.0.0.1:54321, http://127.0.0.1:54321/rest/v1",
  })
  void aProjectsPostgrestIsBelowItsPath(String url, String address) {
    assertThat(RestAddress.ofSupabase(url)).hasToString(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "p.supabase.co",
        "ftp://host",
        "http://",
        "http://user:pw@host",
        "http://h?a=b"
      })
  void whatIsNoAddressIsRefused(String url) {
    assertThatThrownBy(() -> Supabase.project(url))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageNotContaining("pw");
  }

  @Test
  void urlsOpenTheStore() {
    HttpReply empty = HttpReply.json(EMPTY);
    try (ScriptedHttpServer scripted =
        ScriptedHttpServer.start(NOT_INSTALLED, empty, NOT_INSTALLED, empty)) {
      StoreOptions options = StoreOptions.builder().key(() -> "sb_secret_abc").build();
      try (VectorStore project = VectorStores.open("supabase:" + scripted.url(), options);
          VectorStore bare = VectorStores.open("postgrest:" + scripted.url(), options)) {
        assertThat(project.collections()).isEmpty();
        assertThat(bare.collections()).isEmpty();
        assertThat(project.engine()).isEqualTo("supabase");
      }
      assertThat(scripted.requests())
          .extracting(HttpRequestSeen::target)
          .containsExactly(
              "/rest/v1/rpc/vector_store_version", "/rest/v1/", "/rpc/vector_store_version", "/");
    }
  }

  @Test
  void aTokenIsABearerAndAnOpaqueKeyIsNot() {
    String token = new JwtIssuer("a secret that is long enough for a test").tokenFor("anon");
    try (ScriptedHttpServer scripted =
        ScriptedHttpServer.start(HttpReply.json(Integer.toString(ManagedStore.VERSION)))) {
      for (String key : List.of(token, "sb_secret_abc", "")) {
        try (VectorStore store = Supabase.postgrest(scripted.url()).key(() -> key).open()) {
          assertThatThrownBy(store::collections).isInstanceOf(MalformedResponse.class);
        }
      }
      List<HttpRequestSeen> seen = scripted.requests();
      assertThat(seen.get(0).header("apikey")).contains(token);
      assertThat(seen.get(0).header("Authorization")).contains("Bearer " + token);
      assertThat(seen.get(2).header("apikey")).contains("sb_secret_abc");
      assertThat(seen.get(2).header("Authorization")).isEmpty();
      assertThat(seen.get(4).header("apikey")).isEmpty();
    }
  }

  @Test
  void publicKeysAreTold() {
    JwtIssuer issuer = new JwtIssuer("a secret that is long enough for a test");
    assertThat(ApiKey.of(issuer.tokenFor("anon")).isPublic()).isTrue();
    assertThat(ApiKey.of("sb_publishable_abc").isPublic()).isTrue();
    assertThat(ApiKey.of(issuer.tokenFor("service_role")).isPublic()).isFalse();
    assertThat(ApiKey.of("sb_secret_abc").isPublic()).isFalse();
    assertThat(ApiKey.of("sb_secret_abc")).asString().doesNotContain("secret");
  }

  @Test
  void aKeyIsNotSentInPlainTextToAnotherMachine() {
    try (VectorStore store =
        Supabase.postgrest("http://192.0.2.1:3000").key(() -> "sb_secret_abc").open()) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("plain http")
          .hasMessageContaining("allowPlainTextKey()")
          .hasMessageNotContaining("sb_secret");
    }
    assertThat(RestAddress.isSafeForKeys(URI.create("http://localhost:1"))).isTrue();
    assertThat(RestAddress.isSafeForKeys(URI.create("http://[::1]:1"))).isTrue();
    assertThat(RestAddress.isSafeForKeys(URI.create("https://p.supabase.co"))).isTrue();
    assertThat(RestAddress.isSafeForKeys(URI.create("http://localhost.example"))).isFalse();
  }

  @Test
  void aClientOfTheCallerIsUsedAndNotClosed() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    try (ScriptedHttpServer scripted = ScriptedHttpServer.start(HttpReply.json(EMPTY))) {
      VectorStore store = Supabase.postgrest(scripted.url()).httpClient(client).open();
      assertThat(store.unwrap(HttpClient.class)).isSameAs(client);
      store.close();
      store.close();
      HttpRequest request = HttpRequest.newBuilder(URI.create(scripted.url())).build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  @RequiresEngine(TestEngine.SUPABASE)
  void aClosedStoreIsOverAndItsThreadEnds() {
    ExistingSupabaseStore server = ExistingSupabaseStore.shared(3);
    List<CallStart> calls = new CopyOnWriteArrayList<>();
    VectorStore store =
        Supabase.postgrest(Reading.address(server))
            .key(server::serviceKey)
            .listener(
                call -> {
                  calls.add(call);
                  return end -> {};
                })
            .open();
    VectorCollection sources = store.collection("sources");
    long count = sources.count();
    store.close();
    store.close();

    assertThat(count).isNotNegative();
    assertThat(calls).extracting(CallStart::operation).contains("count");
    assertThatThrownBy(sources::count).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(store::collections).isInstanceOf(IllegalStateException.class);
  }
}
