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
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Compiles filters to what our functions take, which mean it exactly as the contract does. */
final class ManagedFilterCompiler implements Filter.Visitor<FilterJson> {
  private final TextFields fields;

  ManagedFilterCompiler(TextFields fields) {
    this.fields = fields;
  }

  @Override
  public FilterJson and(List<Filter> filters) {
    return group("and", filters);
  }

  @Override
  public FilterJson or(List<Filter> filters) {
    return group("or", filters);
  }

  private FilterJson group(String connective, List<Filter> filters) {
    List<FilterJson> members = new ArrayList<>();
    filters.forEach(filter -> members.add(filter.accept(this)));
    return FilterJson.connective(connective, members);
  }

  @Override
  public FilterJson not(Filter filter) {
    return group("not", List.of(filter));
  }

  @Override
  public FilterJson constant(boolean value) {
    throw new IllegalStateException("the core answers constants");
  }

  @Override
  public FilterJson ids(Collection<RecordId> ids) {
    return FilterJson.predicate(
        "ids", strings(ids.stream().map(IdHex::of).collect(Collectors.toList())));
  }

  @Override
  public FilterJson eq(FieldPath path, Value value) {
    return FilterJson.predicate("eq", strings(path.segments()), value);
  }

  @Override
  public FilterJson in(FieldPath path, List<Value> values) {
    return FilterJson.predicate("in", strings(path.segments()), new ListValue(values));
  }

  @Override
  public FilterJson compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
    return FilterJson.predicate(
        "number", strings(path.segments()), new StringValue(comparison.name()), bound);
  }

  @Override
  public FilterJson compareInstant(FieldPath path, Filter.Comparison comparison, Instant bound) {
    return FilterJson.predicate(
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
  public FilterJson compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    return FilterJson.predicate(
        "string",
        strings(path.segments()),
        new StringValue(comparison.name()),
        new StringValue(bound));
  }

  @Override
  public FilterJson exists(FieldPath path) {
    return FilterJson.predicate("exists", strings(path.segments()));
  }

  @Override
  public FilterJson isNull(FieldPath path) {
    return FilterJson.predicate("null", strings(path.segments()));
  }

  @Override
  public FilterJson containsJson(List<String> segments, Value contained) {
    return FilterJson.predicate("contains", strings(segments), contained);
  }

  @Override
  public FilterJson contains(FieldPath path, String part) {
    return part(path, TextPart.literal(part));
  }

  @Override
  public FilterJson containsText(FieldPath path, String part) {
    return part(path, TextPart.caseBlind(part));
  }

  private static FilterJson part(FieldPath path, TextPart part) {
    return FilterJson.predicate(
        "part",
        strings(path.segments()),
        new StringValue(part.text()),
        new StringValue(part.variants()),
        new StringValue(part.folded()));
  }

  @Override
  public FilterJson matchesText(FieldPath path, List<String> terms) {
    return FilterJson.predicate("text", position(path), strings(terms));
  }

  @Override
  public FilterJson matchesPhrase(FieldPath path, List<String> terms) {
    return FilterJson.predicate("phrase", position(path), strings(terms));
  }

  private Value position(FieldPath path) {
    return new StringValue(Integer.toString(fields.position(path)));
  }

  private static Value strings(List<String> texts) {
    return new ListValue(texts.stream().map(StringValue::new).collect(Collectors.toList()));
  }
}
