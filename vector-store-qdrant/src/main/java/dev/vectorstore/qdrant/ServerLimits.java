package dev.vectorstore.qdrant;

import dev.vectorstore.support.Attempt;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.Match;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a collection's strict mode lets pass, so that requests are planned and not refused.
 * Immutable.
 */
final class ServerLimits {
  private static final int MOST_RECORDS = 10_000;
  private static final Set<PayloadSchemaType> NUMBERS =
      Set.of(PayloadSchemaType.Float, PayloadSchemaType.Integer);

  private final StrictModeConfig limits;
  private final Map<List<String>, PayloadSchemaType> indexes;

  private ServerLimits(StrictModeConfig limits, Map<List<String>, PayloadSchemaType> indexes) {
    this.limits = limits;
    this.indexes = indexes;
  }

  static ServerLimits of(CollectionInfo info) {
    StrictModeConfig limits = info.getConfig().getStrictModeConfig();
    return new ServerLimits(
        limits.getEnabled() ? limits : StrictModeConfig.getDefaultInstance(),
        Indexes.types(info.getPayloadSchemaMap()));
  }

  boolean allowExact() {
    return !limits.hasSearchAllowExact() || limits.getSearchAllowExact();
  }

  /** How many of these points one read may ask for. */
  int page(int wanted) {
    return limits.hasMaxQueryLimit() ? atMost(limits.getMaxQueryLimit(), wanted) : wanted;
  }

  /** How many records one write may carry. */
  int batch() {
    return limits.hasUpsertMaxBatchsize()
        ? atMost(limits.getUpsertMaxBatchsize(), MOST_RECORDS)
        : MOST_RECORDS;
  }

  /** How many of these values one condition may hold. */
  int conditionSize(int wanted) {
    return limits.hasConditionMaxSize() ? atMost(limits.getConditionMaxSize(), wanted) : wanted;
  }

  int effort(int wanted) {
    return limits.hasSearchMaxHnswEf() ? atMost(limits.getSearchMaxHnswEf(), wanted) : wanted;
  }

  double oversampling(double wanted) {
    return limits.hasSearchMaxOversampling()
        ? Math.min(wanted, limits.getSearchMaxOversampling())
        : wanted;
  }

  boolean allowTogether(int searches) {
    return !limits.hasSearchMaxBatchsize() || searches <= limits.getSearchMaxBatchsize();
  }

  /** The server's own time limit for an attempt: a longer one than it allows is refused. */
  long seconds(Attempt attempt) {
    long seconds = Connection.serverSeconds(attempt);
    return limits.hasMaxTimeout() ? Math.min(seconds, limits.getMaxTimeout()) : seconds;
  }

  /**
   * Whether filters may only be on fields with an index of the right type. Where that is so for
   * reads or for writes alone, we take it to be so for both.
   */
  boolean requireIndexes() {
    return (limits.hasUnindexedFilteringRetrieve() && !limits.getUnindexedFilteringRetrieve())
        || (limits.hasUnindexedFilteringUpdate() && !limits.getUnindexedFilteringUpdate());
  }

  /** Whether a whole filter passes: its fields, and the number and size of its conditions. */
  boolean allow(Filter filter) {
    return allow(filter, 0);
  }

  /** Whether a whole filter passes with so many conditions beside it. */
  boolean allow(Filter filter, int more) {
    return (!limits.hasFilterMaxConditions()
            || conditions(filter) + more <= limits.getFilterMaxConditions())
        && (!limits.hasConditionMaxSize() || largest(filter) <= limits.getConditionMaxSize())
        && allowFields(filter);
  }

  /** Whether the fields of a condition pass. */
  boolean allowFields(Condition condition) {
    return !requireIndexes() || allowField(condition);
  }

  private boolean allowFields(Filter filter) {
    return !requireIndexes() || conditionsOf(filter).allMatch(this::allowField);
  }

  private boolean allowField(Condition condition) {
    return switch (condition.getConditionOneOfCase()) {
      case FILTER -> allowFields(condition.getFilter());
      case FIELD -> allowField(condition.getField());
      case IS_EMPTY -> isIndexed(condition.getIsEmpty().getKey(), Set.of());
      case IS_NULL -> isIndexed(condition.getIsNull().getKey(), Set.of());
      case HAS_ID, HAS_VECTOR -> true;
      case NESTED, CONDITIONONEOF_NOT_SET -> false;
    };
  }

  private boolean allowField(FieldCondition field) {
    if (field.hasMatch()) {
      return isIndexed(field.getKey(), Set.of(indexOf(field.getMatch())));
    }
    if (field.hasRange()) {
      return isIndexed(field.getKey(), NUMBERS);
    }
    return isIndexed(
        field.getKey(), field.hasDatetimeRange() ? Set.of(PayloadSchemaType.Datetime) : Set.of());
  }

  private static PayloadSchemaType indexOf(Match match) {
    return switch (match.getMatchValueCase()) {
      case INTEGER, INTEGERS, EXCEPT_INTEGERS -> PayloadSchemaType.Integer;
      case BOOLEAN -> PayloadSchemaType.Bool;
      case TEXT, PHRASE, TEXT_ANY -> PayloadSchemaType.Text;
      case KEYWORD, KEYWORDS, EXCEPT_KEYWORDS, MATCHVALUE_NOT_SET -> PayloadSchemaType.Keyword;
    };
  }

  /** Whether there is an index of one of these types, or of any type if none is given. */
  private boolean isIndexed(String path, Set<PayloadSchemaType> types) {
    PayloadSchemaType type = JsonPaths.parse(path).map(indexes::get).orElse(null);
    return type != null && (types.isEmpty() || types.contains(type));
  }

  private static long conditions(Filter filter) {
    return conditionsOf(filter)
        .mapToLong(each -> each.hasFilter() ? conditions(each.getFilter()) : 1)
        .sum();
  }

  private static long largest(Filter filter) {
    return conditionsOf(filter)
        .mapToLong(each -> each.hasFilter() ? largest(each.getFilter()) : size(each))
        .max()
        .orElse(0);
  }

  private static long size(Condition condition) {
    if (condition.hasHasId()) {
      return condition.getHasId().getHasIdCount();
    }
    Match match = condition.getField().getMatch();
    return match.hasKeywords() ? match.getKeywords().getStringsCount() : 1;
  }

  private static Stream<Condition> conditionsOf(Filter filter) {
    return Stream.of(filter.getMustList(), filter.getShouldList(), filter.getMustNotList())
        .flatMap(List::stream);
  }

  /** A limit of zero would leave nothing to ask; the server then says so itself. */
  private static int atMost(long limit, int wanted) {
    return (int) Math.max(1, Math.min(limit, wanted));
  }
}
