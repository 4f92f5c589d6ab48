package dev.vectorstore.qdrant;

import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.HasIdCondition;
import io.qdrant.client.grpc.Common.PointId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A native condition, or one of the two that Qdrant has no word for: all records and none. It never
 * holds an empty group, which Qdrant takes for all records. Immutable.
 */
final class Clause {
  static final Clause ALL = new Clause(null);
  static final Clause NONE = new Clause(null);

  private final @Nullable Condition condition;

  private Clause(@Nullable Condition condition) {
    this.condition = condition;
  }

  static Clause of(Condition condition) {
    return new Clause(condition);
  }

  static Clause of(FieldCondition.Builder field) {
    return new Clause(Condition.newBuilder().setField(field).build());
  }

  static Clause and(List<Clause> clauses) {
    return group(clauses, NONE, ALL, (group, each) -> group.addMust(each));
  }

  static Clause or(List<Clause> clauses) {
    return group(clauses, ALL, NONE, (group, each) -> group.addShould(each));
  }

  Clause not() {
    if (this == ALL) {
      return NONE;
    }
    return condition == null ? ALL : wrap(Filter.newBuilder().addMustNot(condition));
  }

  /** The filter of this clause, or null for all records. */
  @Nullable Filter toFilter() {
    if (this == ALL) {
      return null;
    }
    return Filter.newBuilder().addMust(toCondition()).build();
  }

  private Condition toCondition() {
    if (condition != null) {
      return condition;
    }
    if (this == ALL) {
      throw new IllegalStateException("all records are said by no filter");
    }
    // Nothing both has an id and hasn't; of a field, the server could refuse to be asked.
    Condition some =
        Condition.newBuilder()
            .setHasId(HasIdCondition.newBuilder().addHasId(PointId.newBuilder().setNum(0)))
            .build();
    return Condition.newBuilder()
        .setFilter(Filter.newBuilder().addMust(some).addMustNot(some))
        .build();
  }

  private interface Adder {
    void add(Filter.Builder group, Condition each);
  }

  private static Clause group(List<Clause> clauses, Clause strong, Clause neutral, Adder adder) {
    List<Condition> conditions = new ArrayList<>(clauses.size());
    for (Clause clause : clauses) {
      if (clause == strong) {
        return strong;
      }
      if (clause.condition != null) {
        conditions.add(clause.condition);
      }
    }
    if (conditions.size() < 2) {
      return conditions.isEmpty() ? neutral : of(conditions.get(0));
    }
    Filter.Builder group = Filter.newBuilder();
    conditions.forEach(each -> adder.add(group, each));
    return wrap(group);
  }

  private static Clause wrap(Filter.Builder group) {
    return of(Condition.newBuilder().setFilter(group).build());
  }
}
