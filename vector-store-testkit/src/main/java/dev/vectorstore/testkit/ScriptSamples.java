package dev.vectorstore.testkit;

import java.util.List;
import java.util.Map;

/** Texts of scripts that put no spaces between words, and of letters that Unicode got lately. */
final class ScriptSamples {
  /**
   * A run and what is looked for in it.
   *
   * @param text the run
   * @param inside texts that stand in it: at its start, within it, at its end
   * @param outside texts whose characters are in it, and whose pairs of characters aren't
   */
  record Run(String text, List<String> inside, List<String> outside) {}

  static final List<Run> RUNS =
      List.of(
          new Run(
              "我们用向量数据库做语义搜索",
              List.of("我们", "数据库", "量数", "语义搜索", "搜索"),
              List.of("数库", "据向", "搜", "量")),
          new Run(
              "カタカナとひらがなの混じった文章", List.of("カタカナ", "ひらがな", "の混じ", "文章"), List.of("ナひ", "章文", "と")),
          new Run("データベースサーバー", List.of("データ", "ベース", "サーバー"), List.of("ータース", "サデ")),
          new Run(
              "ภาษาไทยไม่มีช่องว่างระหว่างคำ",
              List.of("ภาษา", "ไทย", "มี", "ไม่มี", "ช่องว่าง", "คำ"),
              List.of("ไทม", "ท", "คา")),
          new Run(
              "ພາສາລາວບໍ່ມີຊ່ອງຫວ່າງ", List.of("ພາສາ", "ລາວ", "ມີ", "ຊ່ອງ"), List.of("ວລ", "ສ")),
          new Run("ភាសាខ្មែរគ្មានចន្លោះ", List.of("ភាសា", "ខ្មែរ", "គ្មាន"), List.of("រខ", "ស")),
          new Run(
              "မြန်မာဘာသာစကားတွင်",
              List.of("မြန်မာ", "ဘာသာ", "စကား", "တွင်"),
              List.of("သာမြ", "က")));

  /** Runs that hold "東京都", or its pairs one after the other or apart, or "東京" and "京都". */
  static final List<String> CAPITALS =
      List.of("東京都庁", "東京、京都", "京都は東京の隣", "東京 京都府", "東京A京都", "京都と東京都");

  /** A text for each letter that is newer than Unicode 13, by a query that finds it alone. */
  static final Map<String, String> NEW_LETTERS =
      Map.of(
          "x\ua7c1\u0301", "X\ua7c0\u0301 Unicode 14, in lower and upper case",
          "\ud801\udd97\ud801\udd98", "a \ud801\udd70\ud801\udd71 Unicode 14",
          "abc\ud82b\udff0def", "abc\ud82b\udff0def Unicode 14, Katakana",
          "\ud838\udc30b", "(\ud838\udc30b) Unicode 15",
          "\ud883\udf50", "\ud883\udf50 Unicode 15, Han",
          "\ua7db", "the \ua7da Unicode 16",
          "\u1c8a\u1c8a", "\u1c89\u1c8a Unicode 16",
          "\ud803\udd70z", "\ud803\udd50z Unicode 16",
          "\ud88c\udfb0\ud88c\udfb1", "一\ud88c\udfb0\ud88c\udfb1二 Unicode 17, Han");

  private ScriptSamples() {}

  /** The texts of the runs, in their order. */
  static List<String> texts() {
    return RUNS.stream().map(Run::text).toList();
  }
}
