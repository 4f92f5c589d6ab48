package dev.vectorstore.qdrant;

import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.VectorInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Native requests as text: what is asked of which field, without vectors and values. Stateless. */
final class FilterText {
  private FilterText() {}

  static String query(QueryPoints request) {
    List<String> parts = new ArrayList<>();
    parts.add("collection=" + request.getCollectionName());
    parts.add("using=" + (request.hasUsing() ? request.getUsing() : "the default vector"));
    VectorInput query = request.getQuery().getNearest();
    parts.add(
        query.hasSparse()
            ? "nearest=[" + query.getSparse().getIndicesCount() + " terms]"
            : "nearest=[" + query.getDense().getDataCount() + " floats]");
    parts.add("limit=" + request.getLimit());
    if (request.getParams().hasExact()) {
      parts.add("exact=" + request.getParams().getExact());
    }
    if (request.getParams().hasHnswEf()) {
      parts.add("hnsw_ef=" + request.getParams().getHnswEf());
    }
    if (request.hasFilter()) {
      parts.add("filter=" + filter(request.getFilter()));
    }
    return "QueryPoints{" + String.join(", ", parts) + "}";
  }

  static String scroll(ScrollPoints request) {
    return "ScrollPoints{collection="
        + request.getCollectionName()
        + ", limit="
        + request.getLimit()
        + (request.hasFilter() ? ", filter=" + filter(request.getFilter()) : "")
        + "}";
  }

  private static String filter(Filter filter) {
    List<String> groups = new ArrayList<>();
    add("must", filter.getMustList(), groups);
    add("should", filter.getShouldList(), groups);
    add("must_not", filter.getMustNotList(), groups);
    return String.join(" and ", groups);
  }

  private static void add(String name, List<Condition> conditions, List<String> groups) {
    if (!conditions.isEmpty()) {
      groups.add(
          name
              + conditions.stream()
                  .map(FilterText::condition)
                  .collect(Collectors.joining(", ", "(", ")")));
    }
  }

  private static String condition(Condition condition) {
    return switch (condition.getConditionOneOfCase()) {
      case FILTER -> filter(condition.getFilter());
      case FIELD -> field(condition.getField());
      case IS_EMPTY -> condition.getIsEmpty().getKey() + " is_empty";
      case IS_NULL -> condition.getIsNull().getKey() + " is_null";
      case HAS_ID -> "has_id of " + condition.getHasId().getHasIdCount();
      case NESTED, HAS_VECTOR, CONDITIONONEOF_NOT_SET ->
          condition.getConditionOneOfCase().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String field(FieldCondition field) {
    String predicate = "is_null";
    if (field.hasMatch()) {
      predicate = "match " + field.getMatch().getMatchValueCase().name().toLowerCase(Locale.ROOT);
    } else if (field.hasRange()) {
      predicate = "range";
    } else if (field.hasDatetimeRange()) {
      predicate = "datetime_range";
    } else if (field.hasValuesCount()) {
      predicate = "values_count";
    }
    return field.getKey() + " " + predicate + " ?";
  }
}
