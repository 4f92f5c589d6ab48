package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecordStreamTest {
  private final List<ScanRequest> pages = new ArrayList<>();

  /** Seven pages of three records; the third page has none. */
  private Page page(ScanRequest request) {
    pages.add(request);
    int number = request.cursor().map(Integer::parseInt).orElse(0);
    List<VectorRecord> records =
        IntStream.range(0, number == 2 ? 0 : 3)
            .mapToObj(i -> VectorRecord.of(RecordId.of(3 * number + i), Payload.empty()))
            .toList();
    return new Page(records, number == 6 ? Optional.empty() : Optional.of("" + (number + 1)));
  }

  /** Only {@code scan} is asked of it. */
  private Stream<VectorRecord> stream(ScanRequest request) {
    VectorCollection collection =
        (VectorCollection)
            Proxy.newProxyInstance(
                VectorCollection.class.getClassLoader(),
                new Class<?>[] {VectorCollection.class},
                (proxy, method, arguments) -> {
                  assertThat(method.getName()).isEqualTo("scan");
                  return page((ScanRequest) arguments[0]);
                });
    return RecordStream.of(collection, request);
  }

  @Test
  void everyRecordComesOnce() {
    ScanRequest request = ScanRequest.all().pageSize(3).filter(Filter.field("a").exists());
    try (Stream<VectorRecord> records = stream(request)) {
      assertThat(records.map(record -> record.id().toString()))
          .hasSize(18)
          .doesNotHaveDuplicates()
          .startsWith("0", "1", "2", "3", "4", "5", "9");
    }
    assertThat(pages).hasSize(7).allMatch(page -> page.filter().equals(request.filter()));
  }

  @Test
  void pagesAreReadWhenTheirRecordsAreAskedFor() {
    try (Stream<VectorRecord> records = stream(ScanRequest.all())) {
      assertThat(pages).isEmpty();
      Iterator<VectorRecord> iterator = records.iterator();
      for (int i = 0; i < 3; i++) {
        iterator.next();
      }
      assertThat(pages).hasSize(1);
      iterator.next();
      assertThat(pages).hasSize(2);
    }
    try (Stream<VectorRecord> records = stream(ScanRequest.all().from("5"))) {
      assertThat(records.limit(2)).hasSize(2);
    }
    assertThat(pages).hasSize(3);
  }

  @Test
  void nothingIsReadOnceItIsClosed() {
    Stream<VectorRecord> records = stream(ScanRequest.all());
    Iterator<VectorRecord> iterator = records.iterator();
    iterator.next();
    records.close();
    assertThat(iterator.hasNext()).isFalse();
    assertThat(pages).hasSize(1);
  }

  @Test
  void whatAPageThrowsIsThrown() {
    VectorCollection broken =
        (VectorCollection)
            Proxy.newProxyInstance(
                VectorCollection.class.getClassLoader(),
                new Class<?>[] {VectorCollection.class},
                (proxy, method, arguments) -> {
                  throw new VectorStoreException.Unavailable("down");
                });
    assertThatThrownBy(() -> RecordStream.of(broken, ScanRequest.all()).toList())
        .isInstanceOf(VectorStoreException.Unavailable.class);
  }
}
