package dev.vectorstore.qdrant;

import dev.vectorstore.support.Connectives;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Filter;
import java.util.List;

/**
 * Joins Qdrant's conditions, never to an empty group, which Qdrant takes for all records.
 * Complements are always {@code must_not}, which includes records without the field as our
 * complement does; {@code except} would leave them out. Stateless.
 */
final class Conditions {
  static final Connectives<Condition> CONNECTIVES =
      new Connectives<>(Conditions::and, Conditions::or, Conditions::not);

  private Conditions() {}

  static Condition and(List<Condition> conditions) {
    return group(Filter.newBuilder().addAllMust(some(conditions)));
  }

  static Condition or(List<Condition> conditions) {
    return group(Filter.newBuilder().addAllShould(some(conditions)));
  }

  static Condition not(Condition condition) {
    return group(Filter.newBuilder().addMustNot(condition));
  }

  private static List<Condition> some(List<Condition> conditions) {
    if (conditions.isEmpty()) {
      throw new IllegalArgumentException("a group of no conditions would select every record");
    }
    return conditions;
  }

  private static Condition group(Filter.Builder group) {
    return Condition.newBuilder().setFilter(group).build();
  }

  static Condition of(FieldCondition.Builder field) {
    return Condition.newBuilder().setField(field).build();
  }

  static Filter filter(Condition condition) {
    return Filter.newBuilder().addMust(condition).build();
  }
}
