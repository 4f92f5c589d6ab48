package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Terms of scripts without spaces and of new letters: section Text of docs/CONTRACT.md. Beside what
 * {@link Filter#test} says, which is of the same terms, each answer is known in advance.
 */
public interface ScriptsContract extends EngineContract {
  @Test
  @Rule({"T-09", "T-01"})
  default void wordsInsideARunAreFound() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      TextSamples.requireTerms(collection);
      FilterCheck check = TextSamples.check(collection, ScriptSamples.texts());
      long id = 1;
      for (ScriptSamples.Run run : ScriptSamples.RUNS) {
        for (String word : run.inside()) {
          selects(check, word, id);
        }
        for (String word : run.outside()) {
          selects(check, word, new long[0]);
        }
        id++;
      }
    }
  }

  @Test
  @Rule({"T-09", "T-02"})
  default void aRunEndsAtOtherLettersAndACharacterAloneIsATerm() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      TextSamples.requireTerms(collection);
      List<String> texts = List.of("RAG向量DB搜索3倍", "猫 と 犬", "猫犬", "ปี๒๕๖๘ Thai", "हिन्दी में");
      FilterCheck check = TextSamples.check(collection, texts);
      selects(check, "rag", 1);
      selects(check, "向量", 1);
      selects(check, "db 搜索", 1);
      selects(check, "量db", new long[0]);
      selects(check, "3 倍", 1);
      selects(check, "猫", 2);
      selects(check, "犬 猫", 2);
      selects(check, "猫犬", 3);
      selects(check, "๒๕๖๘", 4);
      selects(check, "ปี", 4);
      selects(check, "हिन्दी", 5);
      selects(check, "हिन्द", new long[0]);
    }
  }

  @Test
  @Rule({"T-09", "T-03"})
  default void aPhraseOfARunStandsInOneRun() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      TextSamples.requireTerms(collection);
      FilterCheck check = TextSamples.check(collection, ScriptSamples.CAPITALS);
      selects(check, "東京都", 1, 2, 3, 4, 5, 6);
      if (!collection.capabilities().contains(Capability.PHRASE)) {
        Filter phrase = Filter.field("text").matchesPhrase("東京都");
        Expect.unsupported(() -> collection.count(phrase));
        throw DoesNotBind.refused(Capability.PHRASE);
      }
      phraseSelects(check, "東京都", 1, 6);
      phraseSelects(check, "京都", 1, 2, 3, 4, 5, 6);
      phraseSelects(check, "東京 京都", 2, 4);
      phraseSelects(check, "東京a京都", 5);
      phraseSelects(check, "都は東京", 3);
      phraseSelects(check, "京都 東京", new long[0]);
      FilterCheck runs = TextSamples.check(space.create(), ScriptSamples.texts());
      for (ScriptSamples.Run run : ScriptSamples.RUNS) {
        run.inside().forEach(w -> runs.agreesBothWays(Filter.field("text").matchesPhrase(w)));
        runs.agreesBothWays(Filter.field("text").matchesPhrase(run.text()));
      }
    }
  }

  @Test
  @Rule({"T-09", "K-01"})
  default void wordsInsideARunAreRanked() {
    try (Workspace space = Workspace.of(this)) {
      RankedSamples.requireRanked(space);
      VectorCollection collection = RankedSamples.create(space);
      collection.upsert(RankedSamples.texts(ScriptSamples.texts()));
      long id = 0;
      for (ScriptSamples.Run run : ScriptSamples.RUNS) {
        for (String word : run.inside()) {
          assertThat(RankedSamples.search(collection, word))
              .as("the first with a part of %s", word)
              .startsWith(RecordId.of(id));
        }
        id++;
      }
      collection.upsert(RankedSamples.texts(ScriptSamples.CAPITALS));
      assertThat(RankedSamples.search(collection, "都庁")).isEqualTo(Samples.ids(0));
    }
  }

  @Test
  @Rule({"T-10", "T-02"})
  default void lettersAreThoseOfOneUnicodeVersion() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      TextSamples.requireTerms(collection);
      List<String> queries = new ArrayList<>(ScriptSamples.NEW_LETTERS.keySet());
      List<String> texts = queries.stream().map(ScriptSamples.NEW_LETTERS::get).toList();
      FilterCheck check = TextSamples.check(collection, texts);
      for (int i = 0; i < queries.size(); i++) {
        selects(check, queries.get(i), i + 1);
      }
    }
  }

  private static void selects(FilterCheck check, String query, long... ids) {
    selects(check, Filter.field("text").matchesText(query), "terms of " + query, ids);
  }

  private static void phraseSelects(FilterCheck check, String query, long... ids) {
    selects(check, Filter.field("text").matchesPhrase(query), "phrase " + query, ids);
  }

  private static void selects(FilterCheck check, Filter filter, String what, long... ids) {
    assertThat(check.scanned(filter)).as("with the %s", what).isEqualTo(Samples.ids(ids));
    check.agreesBothWays(filter);
  }
}
