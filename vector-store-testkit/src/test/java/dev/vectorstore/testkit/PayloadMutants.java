package dev.vectorstore.testkit;

import dev.vectorstore.Payload;
import dev.vectorstore.Value;
import java.util.List;
import java.util.function.UnaryOperator;

/** Stores that keep other payloads than they were given. */
final class PayloadMutants {
  private PayloadMutants() {}

  static List<Mutant> all() {
    return List.of(
        stored(
            "R-08",
            "integers are stored as doubles",
            value ->
                value instanceof Value.LongValue number
                    ? new Value.LongValue((long) (double) number.value())
                    : value),
        stored(
            "R-09",
            "doubles that are whole become integers",
            value ->
                value instanceof Value.DoubleValue number
                        && number.value() == Math.rint(number.value())
                        && Math.abs(number.value()) < 1e15
                    ? new Value.LongValue((long) number.value())
                    : value),
        stored(
            "R-09",
            "one double in ten moves by an ulp",
            value ->
                value instanceof Value.DoubleValue number
                        && Double.hashCode(number.value()) % 10 == 0
                        && Math.abs(number.value()) < 1e300
                    ? new Value.DoubleValue(Math.nextUp(number.value()))
                    : value),
        stored(
            "R-07",
            "empty lists become null",
            value -> value.equals(Value.of(List.of())) ? Value.of(null) : value),
        Mutant.upsert(
            "R-10",
            "the empty key is lost",
            records ->
                records.stream()
                    .map(
                        record ->
                            record.withPayload(record.payload().toBuilder().remove("").build()))
                    .toList()),
        stored(
            "R-10",
            "texts are trimmed",
            value ->
                value instanceof Value.StringValue text
                    ? new Value.StringValue(text.value().trim())
                    : value));
  }

  private static Mutant stored(String rule, String defect, UnaryOperator<Value> change) {
    return Mutant.upsert(
        rule,
        defect,
        records ->
            records.stream()
                .map(
                    record ->
                        record.withPayload(
                            Payload.of(
                                (Value.ObjectValue)
                                    Mutant.map(record.payload().toValue(), change))))
                .toList());
  }
}
