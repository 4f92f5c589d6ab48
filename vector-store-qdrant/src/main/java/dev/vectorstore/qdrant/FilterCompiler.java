package dev.vectorstore.qdrant;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
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

/**
 * Says a filter in Qdrant's words, as far as they go. Complements are always {@code must_not},
 * which includes records without the field as our complement does; {@code except} would leave them
 * out. Safe for threads.
 */
final class FilterCompiler implements Filter.Visitor<Clauses> {
  private static final Pattern UUID_TEXT =
      Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Layout layout;

  FilterCompiler(Layout layout) {
    this.layout = layout;
  }

  Clauses compile(Filter filter) {
    return filter.accept(this);
  }

  @Override
  public Clauses and(List<Filter> filters) {
    return Clauses.and(filters.stream().map(this::compile).collect(Collectors.toList()));
  }

  @Override
  public Clauses or(List<Filter> filters) {
    return Clauses.or(filters.stream().map(this::compile).collect(Collectors.toList()));
  }

  @Override
  public Clauses not(Filter filter) {
    return compile(filter).not();
  }

  @Override
  public Clauses constant(boolean value) {
    return Clauses.exact(value ? Clause.ALL : Clause.NONE);
  }

  @Override
  public Clauses ids(Collection<RecordId> ids) {
    Clause identity = PointIds.identity(ids, layout.mixesIds());
    return layout.limits().allowFields(identity)
        ? Clauses.exact(identity)
        : Clauses.upper(PointIds.points(ids));
  }

  @Override
  public Clauses eq(FieldPath path, Value value) {
    return equal(path, value);
  }

  @Override
  public Clauses in(FieldPath path, List<Value> values) {
    RepeatedStrings.Builder texts = RepeatedStrings.newBuilder();
    List<Clauses> parts = new ArrayList<>();
    for (Value value : values) {
      if (value instanceof Value.StringValue text) {
        texts.addStrings(text.value());
      } else {
        parts.add(equal(path, value));
      }
    }
    if (texts.getStringsCount() > 0) {
      parts.add(texts(path, Match.newBuilder().setKeywords(texts).build(), texts.getStringsList()));
    }
    return Clauses.or(parts);
  }

  @Override
  public Clauses compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
    return layout.comparesNumbers(path)
        ? at(path, native_ -> NumberBounds.compare(native_, comparison, bound))
        : Clauses.unknown();
  }

  @Override
  public Clauses compareInstant(FieldPath path, Filter.Comparison comparison, Instant bound) {
    return layout.comparesInstants(path)
        ? at(path, native_ -> InstantBounds.compare(native_, comparison, bound))
        : Clauses.unknown();
  }

  @Override
  public Clauses compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    return tested(path);
  }

  @Override
  public Clauses exists(FieldPath path) {
    return at(path, native_ -> Clauses.exact(present(native_)));
  }

  @Override
  public Clauses isNull(FieldPath path) {
    return at(path, native_ -> isNull(native_, layout.isIndexed(path)));
  }

  @Override
  public Clauses containsJson(List<String> segments, Value contained) {
    List<Clauses> parts = new ArrayList<>();
    contain(segments, contained, parts);
    return Clauses.upper(Clauses.and(parts).upper());
  }

  @Override
  public Clauses contains(FieldPath path, String part) {
    return tested(path);
  }

  @Override
  public Clauses containsText(FieldPath path, String part) {
    return tested(path);
  }

  /**
   * Qdrant has no order of texts. What its match of a text means where there is no index depends on
   * the server's version: a part up to 1.19.0, then tokens.
   */
  private Clauses tested(FieldPath path) {
    return Clauses.upper(exists(path).upper());
  }

  @Override
  public Clauses matchesText(FieldPath path, List<String> terms) {
    Match match = Match.newBuilder().setText(String.join(" ", terms)).build();
    TextSlot slot = layout.slot(path);
    if (slot == null || terms.size() == 1) {
      return text(slot, match);
    }
    // The terms may lie in several elements of a list; in one element they are meant.
    Clauses anywhere = text(slot, match);
    Clause single = count(slot.path(), ValuesCount.newBuilder().setLte(1));
    return new Clauses(anywhere.upper(), Clause.and(List.of(anywhere.lower(), single)));
  }

  @Override
  public Clauses matchesPhrase(FieldPath path, List<String> terms) {
    return text(layout.slot(path), Match.newBuilder().setPhrase(String.join(" ", terms)).build());
  }

  private Clauses text(@Nullable TextSlot slot, Match match) {
    if (slot == null || !slot.indexed()) {
      return Clauses.unknown();
    }
    Clause clause = match(slot.path(), match);
    if (!slot.late()) {
      return Clauses.exact(clause);
    }
    Condition unknown =
        Condition.newBuilder()
            .setIsEmpty(IsEmptyCondition.newBuilder().setKey(slot.path()))
            .build();
    return new Clauses(Clause.or(List.of(clause, Clause.of(unknown))), clause);
  }

  /** What the server refuses to look at is left to the test of what comes back. */
  private Clauses allowed(Clauses said) {
    if (!layout.limits().requireIndexes()) {
      return said;
    }
    if (said.isExact()) {
      return layout.limits().allowFields(said.upper()) ? said : Clauses.unknown();
    }
    return Clauses.between(
        layout.limits().allowFields(said.upper()) ? said.upper() : Clause.ALL,
        layout.limits().allowFields(said.lower()) ? said.lower() : Clause.NONE);
  }

  private Clauses at(FieldPath path, Function<String, Clauses> native_) {
    return JsonPaths.of(path.segments())
        .map(native_)
        .map(this::allowed)
        .orElseGet(Clauses::unknown);
  }

  private Clauses equal(FieldPath path, Value value) {
    if (value instanceof Value.StringValue text) {
      Match match = Match.newBuilder().setKeyword(text.value()).build();
      return texts(path, match, List.of(text.value()));
    }
    if (value instanceof Value.BooleanValue bool) {
      return match(path, Match.newBuilder().setBoolean(bool.value()).build());
    }
    return layout.comparesNumbers(path)
        ? at(path, native_ -> NumberBounds.equal(native_, value))
        : Clauses.unknown();
  }

  /**
   * Qdrant's is_null finds a null within a list with an index and not without, so the list's
   * elements are asked for as well; those of lists in lists are too many.
   */
  private Clauses isNull(String path, boolean indexed) {
    Clause value = isNullAt(path);
    Clause upper =
        Clause.or(
            List.of(
                value,
                indexed && layout.limits().requireIndexes() ? value : isNullAt(path + "[]"),
                Clause.of(FieldCondition.newBuilder().setKey(path).setIsNull(true))));
    return Clauses.between(upper, value);
  }

  private static Clause isNullAt(String path) {
    return Clause.of(
        Condition.newBuilder().setIsNull(IsNullCondition.newBuilder().setKey(path)).build());
  }

  /** What must be the case where the payload contains this; lists in lists aren't looked into. */
  private void contain(List<String> segments, Value contained, List<Clauses> parts) {
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
  private static Clause present(String path) {
    return count(path, ValuesCount.newBuilder().setGte(0));
  }

  private static Clause count(String path, ValuesCount.Builder count) {
    return Clause.of(FieldCondition.newBuilder().setKey(path).setValuesCount(count));
  }

  /** An index of UUIDs takes other spellings of one for the same, and finds nothing else. */
  private Clauses texts(FieldPath path, Match match, List<String> texts) {
    if (layout.comparesTexts(path)) {
      return match(path, match);
    }
    return texts.stream().allMatch(text -> UUID_TEXT.matcher(text).matches())
        ? Clauses.upper(match(path, match).upper())
        : Clauses.unknown();
  }

  private Clauses match(FieldPath path, Match match) {
    return at(path, native_ -> Clauses.exact(match(native_, match)));
  }

  private static Clause match(String path, Match match) {
    return Clause.of(FieldCondition.newBuilder().setKey(path).setMatch(match));
  }
}
