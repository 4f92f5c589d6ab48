package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What SQL says exactly is the same; what PostgREST refuses is answered by testing the rows. */
class PostgresFilterTest extends FilterTest {
  @Override
  VectorStore open(ExistingSupabaseStore existing) {
    return Reading.openDirect(existing);
  }

  @Override
  void beyondTheTransport(Filter filter) {
    whatIsAnsweredIsExact(filter);
  }

  /** As a collation can that takes some texts for the same. */
  @Test
  void noCollationOfAColumnChangesWhatTextsMean() {
    FieldPath caseless = FieldPath.of("ci");
    for (String text : List.of("x", "X", "B", "K", "straße")) {
      whatIsAnsweredIsExact(caseless.gt(text));
      whatIsAnsweredIsExact(caseless.lte(text));
      whatIsAnsweredIsExact(caseless.contains(text));
      whatIsAnsweredIsExact(caseless.containsText(text));
    }
  }

  @Test
  void everyFilterIsAnswered() {
    assertThat(odd.capabilities()).contains(Capability.FULL_FILTER);
  }
}
