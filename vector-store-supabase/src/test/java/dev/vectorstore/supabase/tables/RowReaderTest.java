package dev.vectorstore.supabase.tables;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowReaderTest {
  private static final TableShape SHAPE =
      new TableShape(
          new Table(
              "public",
              "pages",
              List.of(
                  new Column("id", ColumnType.of("bigint"), false, true),
                  new Column("v", ColumnType.of("public.vector(2)"), true, false)),
              Set.of(),
              null),
          Map.of("v", VectorSpec.of(2, Metric.COSINE)));

  /** Remembers that its end was seen. */
  private static final class Body extends ByteArrayInputStream {
    private boolean endSeen;

    Body(String json) {
      super(json.getBytes(UTF_8));
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) {
      int count = super.read(bytes, offset, length);
      endSeen |= count < 0;
      return count;
    }
  }

  private static RowReader reader(Body body) throws IOException {
    return new RowReader(SHAPE, Projection.all(), body);
  }

  @Test
  void theBodyIsReadToItsEndSoThatTheConnectionServesAgain() throws IOException {
    Body body = new Body("[{\"id\": 1, \"v\": \"[1,2]\"}]");
    RowReader reader = reader(body);

    Row row = reader.next();
    assertThat(row.id()).isEqualTo(RecordId.of(1));
    assertThat(row.requireRecord().vector().orElseThrow().toArray()).containsExactly(1, 2);
    assertThat(reader.next()).isNull();
    assertThat(body.endSeen).isTrue();
  }

  @Test
  void aVectorMayBeAListOfNumbers() throws IOException {
    Row row = reader(new Body("[{\"id\": 1, \"v\": [0.5, -1e-3]}]")).next();

    assertThat(row.requireRecord().vector().orElseThrow().toArray()).containsExactly(0.5f, -1e-3f);
  }

  @Test
  void whatIsNoVectorIsUnreadableAndTheNextRowComes() throws IOException {
    for (String text :
        List.of("{}", "true", "\"\"", "\"[]\"", "\"[1,x]\"", "\"1,2\"", "[1,null]")) {
      RowReader reader = reader(new Body("[{\"id\": 1, \"v\": " + text + "}, {\"id\": 2}]"));

      Row bad = reader.next();
      assertThat(bad.record()).as(text).isNull();
      assertThat(bad.issues().get(0).reason()).as(text).contains("isn't a vector");
      assertThatThrownBy(bad::requireRecord).isInstanceOf(MalformedResponse.class);
      assertThat(reader.next().id()).isEqualTo(RecordId.of(2));
    }
  }

  @Test
  void whatIsNoListOfRowsIsMalformed() throws IOException {
    assertThatThrownBy(() -> reader(new Body("{\"id\": 1}"))).isInstanceOf(MalformedResponse.class);
    RowReader numbers = reader(new Body("[1]"));
    assertThatThrownBy(numbers::next).isInstanceOf(MalformedResponse.class);
    RowReader keyless = reader(new Body("[{\"v\": null}]"));
    assertThatThrownBy(keyless::next).isInstanceOf(MalformedResponse.class);
    RowReader cut = reader(new Body("[{\"id\": 1"));
    assertThatThrownBy(cut::next).isInstanceOf(JsonEOFException.class);
  }
}
