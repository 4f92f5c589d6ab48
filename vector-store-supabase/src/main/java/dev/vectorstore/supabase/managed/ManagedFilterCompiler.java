package dev.vectorstore.supabase.managed;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.Value.ListValue;
import dev.vectorstore.Value.StringValue;
import dev.vectorstore.supabase.tables.IdHex;
import dev.vectorstore.supabase.tables.TextPart;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Compiles filters to the JSON that our functions take: a list of the kind and its arguments. The
 * functions mean it exactly as the contract does.
 */
final class ManagedFilterCompiler implements Filter.Visitor<Value> {
  private final TextFields fields;

  ManagedFilterCompiler(TextFields fields) {
    this.fields = fields;
  }

  @Override
  public Value and(List<Filter> filters) {
    return group("and", filters);
  }

  @Override
  public Value or(List<Filter> filters) {
    return group("or", filters);
  }

  private Value group(String connective, List<Filter> filters) {
    List<Value> parts = new ArrayList<>();
    parts.add(new StringValue(connective));
    filters.forEach(filter -> parts.add(filter.accept(this)));
    return new ListValue(parts);
  }

  @Override
  public Value not(Filter filter) {
    return list("not", filter.accept(this));
  }

  @Override
  public Value constant(boolean value) {
    throw new IllegalStateException("the core answers constants");
  }

  @Override
  public Value ids(Collection<RecordId> ids) {
    return list("ids", strings(ids.stream().map(IdHex::of).collect(Collectors.toList())));
  }

  @Override
  public Value eq(FieldPath path, Value value) {
    return list("eq", strings(path.segments()), value);
  }

  @Override
  public Value in(FieldPath path, List<Value> values) {
    return list("in", strings(path.segments()), new ListValue(values));
  }

  @Override
  public Value compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
    return list("number", strings(path.segments()), new StringValue(comparison.name()), bound);
  }

  @Override
  public Value compareInstant(FieldPath path, Filter.Comparison comparison, Instant bound) {
    return list(
        "instant",
        strings(path.segments()),
        new StringValue(comparison.name()),
        new StringValue(micros(bound)));
  }

  /** Since 1970; an instant can be so far away that a long doesn't hold them. */
  private static String micros(Instant instant) {
    return BigDecimal.valueOf(instant.getEpochSecond())
        .scaleByPowerOfTen(6)
        .add(BigDecimal.valueOf(instant.getNano() / 1000))
        .toPlainString();
  }

  @Override
  public Value compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    return list(
        "string",
        strings(path.segments()),
        new StringValue(comparison.name()),
        new StringValue(bound));
  }

  @Override
  public Value exists(FieldPath path) {
    return list("exists", strings(path.segments()));
  }

  @Override
  public Value isNull(FieldPath path) {
    return list("null", strings(path.segments()));
  }

  @Override
  public Value containsJson(List<String> segments, Value contained) {
    return list("contains", strings(segments), contained);
  }

  @Override
  public Value contains(FieldPath path, String part) {
    return part(path, TextPart.literal(part));
  }

  @Override
  public Value containsText(FieldPath path, String part) {
    return part(path, TextPart.caseBlind(part));
  }

  private static Value part(FieldPath path, TextPart part) {
    return list(
        "part",
        strings(path.segments()),
        new StringValue(part.text()),
        new StringValue(part.variants()),
        new StringValue(part.folded()));
  }

  @Override
  public Value matchesText(FieldPath path, List<String> terms) {
    return list("text", position(path), strings(terms));
  }

  @Override
  public Value matchesPhrase(FieldPath path, List<String> terms) {
    return list("phrase", position(path), strings(terms));
  }

  private Value position(FieldPath path) {
    return new StringValue(Integer.toString(fields.position(path)));
  }

  private static Value list(String kind, Value... arguments) {
    List<Value> parts = new ArrayList<>();
    parts.add(new StringValue(kind));
    parts.addAll(Arrays.asList(arguments));
    return new ListValue(parts);
  }

  private static Value strings(List<String> texts) {
    return new ListValue(texts.stream().map(StringValue::new).collect(Collectors.toList()));
  }
}
