package dev.vectorstore.qdrant;

import dev.vectorstore.FieldPath;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.support.PayloadPath;
import io.qdrant.client.grpc.JsonWithInt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the terms beside a text are those of the text. Another client that changes the text
 * leaves them as they were; so each text has a print beside its terms, by which a reader sees that.
 * Stateless.
 */
final class TextPrints {
  private static final String REASON =
      "another client wrote this text, so that it isn't found by its words; upsert the record, or"
          + " patch the text";

  private TextPrints() {}

  /**
   * The print of a field's value, 0 where there is no text: length and hash, both of which are the
   * same on every JDK. It guards against change, not against malice.
   */
  static long of(@Nullable Value value) {
    long print = 0;
    for (String text : texts(value)) {
      print = 31 * print + (((long) text.length() << Integer.SIZE) ^ text.hashCode());
    }
    return print;
  }

  /**
   * The texts of a record that aren't found by their words.
   *
   * @param record as it was read, with its whole payload
   * @param stored its payload as it is stored, with the prints
   * @param slots those of the collection
   */
  static List<RecordIssue> issues(
      VectorRecord record, Map<String, JsonWithInt.Value> stored, List<TextSlot> slots) {
    Map<String, JsonWithInt.Value> ours =
        stored
            .getOrDefault(Reserved.KEY, JsonWithInt.Value.getDefaultInstance())
            .getStructValue()
            .getFieldsMap();
    List<RecordIssue> issues = new ArrayList<>();
    for (TextSlot slot : slots) {
      Value value = PayloadPath.at(record.payload().toValue(), slot.field());
      if (value != null && !isKnown(value, ours, slot) && hasTerms(value)) {
        issues.add(RecordIssue.noTerms(record.id(), pointer(slot.field()), REASON));
      }
    }
    return issues;
  }

  /** What has a token and no print was written before there were prints, and is trusted. */
  private static boolean isKnown(Value value, Map<String, JsonWithInt.Value> ours, TextSlot slot) {
    JsonWithInt.Value print = ours.get(slot.printKey());
    return print == null ? ours.containsKey(Reserved.TOKEN) : print.getIntegerValue() == of(value);
  }

  private static boolean hasTerms(Value value) {
    return texts(value).stream().anyMatch(text -> !TextTerms.of(text).isEmpty());
  }

  private static List<String> texts(@Nullable Value value) {
    if (value instanceof Value.StringValue text) {
      return List.of(text.value());
    }
    return value instanceof Value.ListValue list
        ? list.elements().stream()
            .filter(Value.StringValue.class::isInstance)
            .map(element -> ((Value.StringValue) element).value())
            .toList()
        : List.of();
  }

  private static String pointer(FieldPath field) {
    return field.segments().stream()
        .map(segment -> "/" + segment.replace("~", "~0").replace("/", "~1"))
        .collect(Collectors.joining());
  }
}
