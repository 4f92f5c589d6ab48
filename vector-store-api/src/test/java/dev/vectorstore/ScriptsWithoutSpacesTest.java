package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of scripts without spaces: pairs of characters. */
class ScriptsWithoutSpacesTest {
  private static final FieldPath X = FieldPath.of("x");

  @Test
  void aRunIsItsPairsAndACharacterAloneItself() {
    assertThat(TextTerms.of("全文検索 データ")).containsExactly("全文", "文検", "検索", "デー", "ータ");
    assertThat(TextTerms.of("猫 ね、犬")).containsExactly("猫", "ね", "犬");
    assertThat(TextTerms.of("食べる")).as("one run of two scripts").containsExactly("食べ", "べる");
    assertThat(TextTerms.of("二〇二五 人々 コヽロ 〆切"))
        .containsExactly("二〇", "〇二", "二五", "人々", "コヽ", "ヽロ", "〆切");
    assertThat(TextTerms.of("\ud840\udc0b\ud840\udc0c水"))
        .as("beyond the basic plane")
        .containsExactly("\ud840\udc0b\ud840\udc0c", "\ud840\udc0c水");
  }

  @Test
  void otherLettersAndDigitsEndARun() {
    assertThat(TextTerms.of("RAG向量DB搜索3倍")).containsExactly("rag", "向量", "db", "搜索", "3", "倍");
    assertThat(TextTerms.of("한국어 bopomofo ㄅㄆ")).containsExactly("한국어", "bopomofo", "ㄅㄆ");
    assertThat(TextTerms.of("ปี๒๕๖๘")).as("Thai digits").containsExactly("ปี", "๒๕๖๘");
  }

  @Test
  void marksOfTheseScriptsAreCharactersAndOthersBelongToOne() {
    assertThat(TextTerms.of("ที่นี่"))
        .containsExactly("ท\u0e35", "\u0e35\u0e48", "\u0e48น", "น\u0e35", "\u0e35\u0e48");
    assertThat(TextTerms.of("か\u3099き")).containsExactly("か\u3099", "\u3099き");
    assertThat(TextTerms.of("กา\u0331ข")).containsExactly("กา\u0331", "า\u0331ข");
    assertThat(TextTerms.of("葛\udb40\udd00飾")).as("a variation").isEqualTo(TextTerms.of("葛飾"));
  }

  @ParameterizedTest
  @CsvSource({
    "我们用向量数据库做语义搜索, 数据库",
    "カタカナとひらがなのテスト, ひらがな",
    "ภาษาไทยไม่มีช่องว่าง, ไทย",
    "ภาษาไทยไม่มีช่องว่าง, มี",
    "ພາສາລາວບໍ່ມີຊ່ອງຫວ່າງ, ລາວ",
    "ភាសាខ្មែរគ្មានដកឃ្លា, ខ្មែរ",
    "မြန်မာဘာသာစကား, မာ",
    "မြန်မာဘာသာစကား, ဘာသာ"
  })
  void aWordInsideARunIsFoundByItsTermsAndAsAPhrase(String text, String word) {
    Payload payload = Payload.builder().put("x", text).build();
    assertThat(X.matchesText(word).test(RecordId.of(1), payload)).isTrue();
    assertThat(X.matchesPhrase(word).test(RecordId.of(1), payload)).isTrue();
  }

  /** Finding: "東京、京都" has the pairs of "東京都", one after the other. */
  @Test
  void aPhraseOfARunStandsInOneRun() {
    assertThat(phrase("東京都庁", "東京都")).isTrue();
    assertThat(phrase("東京、京都", "東京都")).isFalse();
    assertThat(phrase("東京、京都", "東京 京都")).isTrue();
    assertThat(phrase("東京都", "東京 京都")).isFalse();
    assertThat(phrase("東京A京都", "東京 京都")).isFalse();
    assertThat(phrase("京都と東京都", "東京都")).isTrue();
    assertThat(phrase("京都は東京の", "東京都")).isFalse();
    assertThat(phrase("東京 大阪", "東京、大阪")).isTrue();
    assertThat(phrase("私は RAG 検索", "は rag 検索")).as("a character that isn't alone").isFalse();
    assertThat(
            X.matchesText("東京都").test(RecordId.of(1), Payload.builder().put("x", "東京、京都").build()))
        .as("all pairs are there")
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "東京都庁 tower 東京、京都",
        "AA ああ ああああ あ あ",
        "กา\u0331ข ขา กา า\u0331ข",
        "red fox",
        "東 東京 京 京都",
        "ที่นี่ที่"
      })
  void joinedTermsAreATextOfTheSame(String text) {
    List<String> terms = TextTerms.phrase(text);
    assertThat(TextTerms.phrase(TextTerms.join(terms))).isEqualTo(terms);
    assertThat(TextTerms.of(TextTerms.join(terms))).isEqualTo(TextTerms.of(text));
    assertThat(TextTerms.of(String.join(" ", TextTerms.of(text)))).isEqualTo(TextTerms.of(text));
  }

  private static boolean phrase(String text, String phrase) {
    Payload payload = Payload.builder().put("x", text).build();
    return X.matchesPhrase(phrase).test(RecordId.of(1), payload);
  }
}
