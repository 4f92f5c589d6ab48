package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No engine is on this module's class path, so every URL ends in an error that says why. */
class VectorStoresTest {
  @Test
  void anUnknownSchemeSaysWhatToDo() {
    assertThatThrownBy(() -> VectorStores.open("pinecone:http://127.0.0.1"))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("pinecone:")
        .hasMessageContaining("module");
  }

  @Test
  void anAddressAloneSaysWhichEnginesThereAre() {
    for (String url : new String[] {"http://host:6334", "https://host:6334"}) {
      assertThatThrownBy(() -> VectorStores.open(url))
          .hasMessageContaining("Write the engine before the address: qdrant:" + url);
    }
    for (String url : new String[] {"jdbc:x", "jdbc:postgresql://host/db", "postgres://host/db"}) {
      assertThatThrownBy(() -> VectorStores.open(url))
          .hasMessageContaining("Write postgresql://user@host:5432/database");
    }
    assertThatThrownBy(() -> VectorStores.open("q:x"))
        .hasMessageContaining("no engine on the class path opens q: URLs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "memory", "/tmp/x", ":x", "1a:x", "a b:x"})
  void whatHasNoSchemeIsRefused(String url) {
    assertThatThrownBy(() -> VectorStores.open(url))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("starts with its engine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://user:s3cr3t@host:5432/db",
        "qdrant:https://:s3cr3t@host:6334",
        "qdrant:http://host:6334?api_key=s3cr3t",
        "qdrant:http://host:6334?api-key=s3cr3t",
        "qdrant:http://host:6334?APIKEY=s3cr3t",
        "supabase:https://p.supabase.co?x=1&token=s3cr3t",
        "supabase:https://p.supabase.co?access_token=s3cr3t",
        "supabase:https://p.supabase.co#service-role-key=s3cr3t",
        "postgresql://host/db?user=me&password=s3cr3t",
        "postgresql://host/db?sslpassword=s3cr3t"
      })
  void aKeyInTheUrlIsRefusedAndNotRepeated(String url) {
    assertThatThrownBy(() -> VectorStores.open(url))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("StoreOptions.key")
        .hasMessageNotContaining("s3cr3t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://user@host:5432/db",
        "qdrant:http://a:6334,b:6334",
        "embedded:./monkey=1",
        "postgresql://host/db?sslmode=require&keyspace=x"
      })
  void whatIsNoKeyIsTaken(String url) {
    assertThatThrownBy(() -> VectorStores.open(url)).hasMessageContaining("no engine");
  }

  @Test
  void keysAreAskedForAndNeverShown() {
    int[] asked = {0};
    StoreOptions options = StoreOptions.builder().key(() -> "s3cr3t" + asked[0]++).build();
    assertThat(options.key("qdrant")).contains("s3cr3t0");
    assertThat(options.toBuilder().build().key("qdrant")).contains("s3cr3t1");
    assertThat(options.toString()).doesNotContain("s3cr3t");
    assertThat(StoreOptions.defaults().key("qdrant")).isEmpty();
    assertThat(StoreOptions.builder().key(() -> " ").build().key("qdrant")).isEmpty();
    assertThat(StoreOptions.fromEnvironment().key("no-such-scheme")).isEmpty();
  }
}
