package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.util.VersionInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The table of terms is that of one Unicode version. To make it anew, on purpose and with another
 * {@link TextTerms#version()}: {@code mvn -pl vector-store-api test -Dtest=TermTableTest
 * -Dupdate-terms}.
 */
class TermTableTest {
  private static final Path DATA = Path.of("src", "main", "java", "dev", "vectorstore");

  @Test
  void theCommittedTableIsWhatItsSourceMakes() throws IOException {
    Path file = DATA.resolve("TermData.java");
    String made = TermTableSource.java();
    if (System.getProperty("update-terms") != null) {
      Files.writeString(file, made);
    }
    assertThat(Files.readString(file)).isEqualTo(made);
  }

  @Test
  void itsUnicodeVersionIsTheOneThatIsPromised() {
    assertThat(TermTableSource.unicode()).isEqualTo(VersionInfo.getInstance(18));
  }

  @Test
  void whatIsReadOfItIsWhatItsSourceSays() {
    List<String> wrong = new ArrayList<>();
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      int kind = TermTable.kindOf(TermTable.entry(codePoint));
      int fold = TermTable.fold(codePoint);
      if (kind != TermTableSource.kind(codePoint) || fold != TermTableSource.fold(codePoint)) {
        wrong.add("U+%04X: %d, U+%04X".formatted(codePoint, kind, fold));
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** The two differ in nothing but what one of them doesn't know yet. */
  @Test
  void lettersAndFoldsAreTheJdksAsFarAsItKnowsThem() {
    List<String> differ = new ArrayList<>();
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      int kind = TermTable.kindOf(TermTable.entry(codePoint));
      boolean of = kind == TermTable.WORD || kind == TermTable.RUN;
      boolean known = Character.isDefined(codePoint) && UCharacter.isDefined(codePoint);
      if (known && Character.isLetterOrDigit(codePoint) && !of) {
        differ.add("U+%04X is no letter".formatted(codePoint));
      }
      int fold = Character.toLowerCase(Character.toUpperCase(codePoint));
      if (known && fold != TermTable.fold(codePoint)) {
        differ.add("U+%04X is folded to U+%04X".formatted(codePoint, TermTable.fold(codePoint)));
      }
    }
    assertThat(differ).isEmpty();
  }
}
