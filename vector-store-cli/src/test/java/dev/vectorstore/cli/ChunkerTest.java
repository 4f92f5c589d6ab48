package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.cli.DocBlock.Kind;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkerTest {

  @Test
  void startsAChunkAtAHeadingOnceThereIsEnoughText() {
    List<DocChunk> chunks =
        Chunker.cut(
            List.of(heading(1, "1. Start"), text(10), heading(2, "1.1. More"), text(5), text(5)));

    assertThat(chunks).hasSize(2);
    assertThat(chunks.get(0).content()).startsWith("1. Start\n\nSentence 0 ");
    assertThat(chunks.get(0).section().path()).containsExactly("1. Start");
    assertThat(chunks.get(1).content()).startsWith("1.1. More\n\nSentence 0 ");
    assertThat(chunks.get(1).section().path()).containsExactly("1. Start", "1.1. More");
    assertThat(chunks.get(1).headings()).containsExactly("1.1. More");
  }

  @Test
  void keepsShortSectionsTogether() {
    List<DocChunk> chunks =
        Chunker.cut(List.of(heading(1, "One"), text(2), heading(1, "Two"), text(2)));

    assertThat(chunks).hasSize(1);
    assertThat(chunks.get(0).headings()).containsExactly("One", "Two");
    assertThat(chunks.get(0).section().heading()).isEqualTo("One");
  }

  @Test
  void cutsLongTextAtSentencesAndLosesNone() {
    DocBlock block = text(200);

    List<DocChunk> chunks = Chunker.cut(List.of(heading(1, "Long"), block));

    assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.content()).hasSizeLessThan(1101));
    assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.content()).endsWith("."));
    assertThat(chunks.stream().map(DocChunk::content).collect(Collectors.joining(" ")))
        .isEqualTo("Long\n\n" + block.text());
    assertThat(chunks.get(3).section().heading()).isEqualTo("Long");
    assertThat(chunks.get(3).headings()).isEmpty();
  }

  @Test
  void cutsAWordlessLineAtTheLimit() {
    List<DocChunk> chunks = Chunker.cut(List.of(new DocBlock(Kind.CODE, 0, "x".repeat(5000))));

    assertThat(chunks).allMatch(DocChunk::hasCode);
    assertThat(chunks.stream().mapToInt(chunk -> chunk.content().length()).max()).hasValue(900);
    assertThat(chunks.stream().mapToInt(chunk -> chunk.content().length()).sum()).isEqualTo(5000);
  }

  private static DocBlock heading(int level, String text) {
    return new DocBlock(Kind.HEADING, level, text);
  }

  private static DocBlock text(int sentences) {
    return new DocBlock(
        Kind.TEXT,
        0,
        IntStream.range(0, sentences)
            .mapToObj(i -> "Sentence " + i + " says a little more than the one before it.")
            .collect(Collectors.joining(" ")));
  }
}
