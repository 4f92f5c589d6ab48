package dev.vectorstore.qdrant;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.support.Bounds;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.IsEmptyCondition;
import io.qdrant.client.grpc.Common.IsNullCondition;
import io.qdrant.client.grpc.Common.Match;
import io.qdrant.client.grpc.Common.RepeatedStrings;
import io.qdrant.client.grpc.Common.ValuesCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says a filter in Qdrant's words, as far as they go. Safe for threads. */
final class FilterCompiler implements Filter.Visitor<Bounds<Condition>> {
  /** Whatever the server may take for a UUID, and some more. */
  private static final Pattern LIKE_UUID =
      Pattern.compile("(?i)(urn:uuid:)?[{]?[0-9a-f-]{32,37}}?");

  /** How a UUID may begin beside its digits. */
  private static final Pattern WRAPPED = Pattern.compile("(?i)[{]|urn:uuid:");

  /** No payload of ours has it, and it isn't a UUID. */
  private static final String NO_TEXT = "\0";

  private final Layout layout;

  FilterCompiler(Layout layout) {
    this.layout = layout;
  }

  Bounds<Condition> compile(Filter filter) {
    return filter.accept(this);
  }

  @Override
  public Bounds<Condition> and(List<Filter> filters) {
    return Bounds.and(each(filters), Conditions.CONNECTIVES);
  }

  @Override
  public Bounds<Condition> or(List<Filter> filters) {
    return Bounds.or(each(filters), Conditions.CONNECTIVES);
  }

  private List<Bounds<Condition>> each(List<Filter> filters) {
    return filters.stream().map(this::compile).collect(Collectors.toList());
  }

  @Override
  public Bounds<Condition> not(Filter filter) {
    return compile(filter).not(Conditions.CONNECTIVES);
  }

  @Override
  public Bounds<Condition> constant(boolean value) {
    throw new IllegalStateException("the core answers constants");
  }

  @Override
  public Bounds<Condition> ids(Collection<RecordId> ids) {
    Condition identity = PointIds.identity(ids, layout.mixesIds());
    return layout.limits().allowFields(identity)
        ? Bounds.exactly(identity)
        : Bounds.atMost(PointIds.points(ids));
  }

  @Override
  public Bounds<Condition> eq(FieldPath path, Value value) {
    return equal(path, value);
  }

  @Override
  public Bounds<Condition> in(FieldPath path, List<Value> values) {
    List<String> texts = new ArrayList<>();
    List<Bounds<Condition>> parts = new ArrayList<>();
    for (Value value : values) {
      if (value instanceof Value.StringValue text) {
        texts.add(text.value());
      } else {
        parts.add(equal(path, value));
      }
    }
    if (!texts.isEmpty()) {
      parts.add(match(path, texts(texts)));
    }
    return Bounds.or(parts, Conditions.CONNECTIVES);
  }

  @Override
  public Bounds<Condition> compareNumber(
      FieldPath path, Filter.Comparison comparison, Value bound) {
    return layout.comparesNumbers(path)
        ? at(path, key -> NumberBounds.compare(key, comparison, bound))
        : Bounds.unknown();
  }

  @Override
  public Bounds<Condition> compareInstant(
      FieldPath path, Filter.Comparison comparison, Instant bound) {
    return layout.comparesInstants(path)
        ? at(path, key -> InstantBounds.compare(key, comparison, bound))
        : Bounds.unknown();
  }

  @Override
  public Bounds<Condition> compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    return tested(path);
  }

  @Override
  public Bounds<Condition> exists(FieldPath path) {
    return at(path, key -> Bounds.exactly(present(key)));
  }

  @Override
  public Bounds<Condition> isNull(FieldPath path) {
    return at(path, key -> isNull(key, layout.isIndexed(path)));
  }

  @Override
  public Bounds<Condition> containsJson(List<String> segments, Value contained) {
    List<Bounds<Condition>> parts = new ArrayList<>();
    contain(segments, contained, parts);
    return Bounds.atMost(Bounds.and(parts, Conditions.CONNECTIVES).upper());
  }

  @Override
  public Bounds<Condition> contains(FieldPath path, String part) {
    return tested(path);
  }

  @Override
  public Bounds<Condition> containsText(FieldPath path, String part) {
    return tested(path);
  }

  /**
   * Qdrant has no order of texts. What its match of a text means where there is no index depends on
   * the server's version: a part up to 1.19.0, then tokens.
   */
  private Bounds<Condition> tested(FieldPath path) {
    return Bounds.atMost(exists(path).upper());
  }

  @Override
  public Bounds<Condition> matchesText(FieldPath path, List<String> terms) {
    Match match = Match.newBuilder().setText(String.join(" ", terms)).build();
    TextSlot slot = layout.slot(path);
    if (slot == null || terms.size() == 1) {
      return text(slot, match);
    }
    // The terms may lie in several elements of a list; in one element they are meant.
    Condition single = count(slot.path(), ValuesCount.newBuilder().setLte(1));
    return Bounds.and(List.of(text(slot, match), Bounds.atLeast(single)), Conditions.CONNECTIVES);
  }

  @Override
  public Bounds<Condition> matchesPhrase(FieldPath path, List<String> terms) {
    return text(layout.slot(path), Match.newBuilder().setPhrase(String.join(" ", terms)).build());
  }

  private Bounds<Condition> text(@Nullable TextSlot slot, Match match) {
    if (slot == null || !slot.indexed()) {
      return Bounds.unknown();
    }
    Bounds<Condition> said = Bounds.exactly(match(slot.path(), match));
    if (!slot.late()) {
      return said;
    }
    Condition unknown =
        Condition.newBuilder()
            .setIsEmpty(IsEmptyCondition.newBuilder().setKey(slot.path()))
            .build();
    return Bounds.or(List.of(said, Bounds.atMost(unknown)), Conditions.CONNECTIVES);
  }

  /** What the server refuses to look at is left to the test of what comes back. */
  private Bounds<Condition> at(FieldPath path, Function<String, Bounds<Condition>> said) {
    return JsonPaths.of(path.segments())
        .map(said)
        .map(bounds -> bounds.retain(layout.limits()::allowFields))
        .orElseGet(Bounds::unknown);
  }

  private Bounds<Condition> equal(FieldPath path, Value value) {
    if (value instanceof Value.StringValue text) {
      return match(path, texts(List.of(text.value())));
    }
    if (value instanceof Value.BooleanValue bool) {
      return match(path, Match.newBuilder().setBoolean(bool.value()).build());
    }
    return layout.comparesNumbers(path)
        ? at(path, key -> NumberBounds.equal(key, value))
        : Bounds.unknown();
  }

  /**
   * Qdrant's is_null finds a null within a list with an index and not without, so the list's
   * elements are asked for as well; those of lists in lists are too many.
   */
  private Bounds<Condition> isNull(String path, boolean indexed) {
    Condition value = isNullAt(path);
    boolean elements = !indexed || !layout.limits().requireIndexes();
    Condition field = Conditions.of(FieldCondition.newBuilder().setKey(path).setIsNull(true));
    return Bounds.or(
        List.of(
            Bounds.exactly(value),
            Bounds.atMost(elements ? isNullAt(path + "[]") : value),
            Bounds.atMost(field)),
        Conditions.CONNECTIVES);
  }

  private static Condition isNullAt(String path) {
    return Condition.newBuilder().setIsNull(IsNullCondition.newBuilder().setKey(path)).build();
  }

  /** What must be the case where the payload contains this; lists in lists aren't looked into. */
  private void contain(List<String> segments, Value contained, List<Bounds<Condition>> parts) {
    if (contained instanceof Value.ObjectValue object) {
      for (Map.Entry<String, Value> entry : object.entries().entrySet()) {
        List<String> inner = new ArrayList<>(segments);
        inner.add(entry.getKey());
        contain(inner, entry.getValue(), parts);
      }
      if (!segments.isEmpty()) {
        parts.add(exists(new FieldPath(segments)));
      }
    } else if (contained instanceof Value.ListValue list) {
      list.elements().stream()
          .filter(FilterCompiler::isScalar)
          .forEach(element -> contain(segments, element, parts));
      parts.add(exists(new FieldPath(segments)));
    } else {
      FieldPath path = new FieldPath(segments);
      parts.add(contained instanceof Value.NullValue ? isNull(path) : equal(path, contained));
    }
  }

  private static boolean isScalar(Value value) {
    return !(value instanceof Value.ListValue) && !(value instanceof Value.ObjectValue);
  }

  /** Qdrant counts null and an empty list as values, and nothing where the key is missing. */
  private static Condition present(String path) {
    return count(path, ValuesCount.newBuilder().setGte(0));
  }

  private static Condition count(String path, ValuesCount.Builder count) {
    return Conditions.of(FieldCondition.newBuilder().setKey(path).setValuesCount(count));
  }

  /**
   * Where each text is a UUID, the server asks an index of UUIDs, which takes other spellings of
   * one for the same, or one of numbers or instants, which has none of them. With a text among them
   * that isn't a UUID it compares texts, whatever index there is. What begins like one with more
   * around it, as "{}", lets the server panic where it is the first that is read.
   */
  private static Match texts(List<String> texts) {
    boolean readAsUuids =
        texts.stream().allMatch(text -> LIKE_UUID.matcher(text).matches())
            || texts.stream().anyMatch(text -> WRAPPED.matcher(text).lookingAt());
    if (texts.size() == 1 && !readAsUuids) {
      return Match.newBuilder().setKeyword(texts.get(0)).build();
    }
    RepeatedStrings.Builder keywords = RepeatedStrings.newBuilder();
    if (readAsUuids) {
      keywords.addStrings(NO_TEXT);
    }
    return Match.newBuilder().setKeywords(keywords.addAllStrings(texts)).build();
  }

  private Bounds<Condition> match(FieldPath path, Match match) {
    return at(path, key -> Bounds.exactly(match(key, match)));
  }

  private static Condition match(String path, Match match) {
    return Conditions.of(FieldCondition.newBuilder().setKey(path).setMatch(match));
  }
}
