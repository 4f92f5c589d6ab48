package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testkit.ExistingSupabaseStore;
import org.junit.jupiter.api.Test;

/** What SQL says exactly is the same; what PostgREST refuses is answered by testing the rows. */
class PostgresFilterTest extends FilterTest {
  @Override
  VectorStore open(ExistingSupabaseStore existing) {
    return Reading.openDirect(existing);
  }

  @Override
  void beyondTheTransport(Filter filter) {
    if (filter.equals(Filter.field("word").containsText("x"))) {
      assertThatThrownBy(() -> odd.count(filter))
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessageContaining("SUBSTRING");
    } else {
      whatIsAnsweredIsExact(filter);
    }
  }

  @Test
  void everyFilterIsAnswered() {
    assertThat(odd.capabilities()).contains(Capability.FULL_FILTER);
  }
}
