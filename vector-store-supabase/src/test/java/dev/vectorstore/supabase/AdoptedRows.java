package dev.vectorstore.supabase;

import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.IdKind;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.supabase.managed.StoredJson;
import dev.vectorstore.supabase.tables.ValueReader;
import dev.vectorstore.supabase.tables.VectorColumn;
import dev.vectorstore.support.PayloadJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * How the contract's records are rows of a table that others made. The payload is the value of the
 * column {@code metadata}. A key has one type: of a text, it holds the other kinds of ids behind a
 * control character, in the order of the ids. Since the column is a level of the row's payload,
 * what is at a payload's 24th level is kept there as the text of its JSON. A vector is a column of
 * its name; that of a table's only column has none, and is given that of the collection's here.
 * Immutable.
 */
final class AdoptedRows {
  static final String COLUMN = "metadata";

  private static final char NUMBER = '\u0001';
  private static final char UUID_KIND = '\u0002';
  private static final char TEXT = '\u0003';
  private static final String FOLDED = "as json: ";

  private final boolean numbers;
  private final String only;

  /**
   * Rows of a table.
   *
   * @param numbers whether its key is a {@code bigint}, in which ids are what they are
   * @param only the collection's name for the table's only vector, or empty
   */
  AdoptedRows(boolean numbers, String only) {
    this.numbers = numbers;
    this.only = only;
  }

  CollectionSpec spec(CollectionSpec spec) {
    CollectionSpec.Builder row = fields(spec, (path, type) -> within(path));
    spec.vectors().forEach((name, vector) -> VectorColumn.declare(row, column(name), vector));
    return row.build();
  }

  private String column(String vector) {
    return vector.equals(only) ? VectorSpec.PLAIN : vector;
  }

  private String vector(String column) {
    return column.equals(VectorSpec.PLAIN) ? only : column;
  }

  CollectionInfo info(CollectionInfo info) {
    CollectionSpec.Builder spec =
        fields(
            info.spec(),
            (path, type) ->
                path.segments().get(0).equals(COLUMN)
                    ? new FieldPath(path.segments().subList(1, path.segments().size()))
                    : null);
    info.spec()
        .vectors()
        .forEach((name, vector) -> VectorColumn.declare(spec, vector(name), vector));
    if (!numbers) {
      spec.idKinds(IdKind.NUMBER, IdKind.UUID, IdKind.TEXT);
    }
    return CollectionInfo.of(spec.build(), info.capabilities());
  }

  /** The same with other fields and no vectors; a field whose path becomes null is left out. */
  private static CollectionSpec.Builder fields(
      CollectionSpec spec, BiFunction<FieldPath, FieldType, FieldPath> change) {
    CollectionSpec.Builder other = CollectionSpec.builder(spec.name());
    spec.labels().forEach(other::label);
    other.idKinds(spec.idKinds().iterator().next(), spec.idKinds().toArray(new IdKind[0]));
    spec.fields()
        .forEach(
            (path, type) -> {
              FieldPath changed = change.apply(path, type);
              if (changed != null) {
                other.field(changed, type);
              }
            });
    return other;
  }

  static FieldPath within(FieldPath path) {
    return new FieldPath(within(path.segments()));
  }

  static List<String> within(List<String> segments) {
    List<String> within = new ArrayList<>(List.of(COLUMN));
    within.addAll(segments);
    return within;
  }

  Filter filter(Filter filter) {
    return Objects.requireNonNull(filter, "filter").accept(new AdoptedFilter(this));
  }

  SearchRequest request(SearchRequest request) {
    Objects.requireNonNull(request, "requests");
    SearchRequest row =
        request.projection(columns(request.projection())).filter(filter(request.filter()));
    return request.using().isEmpty() ? row : row.using(column(request.using().get()));
  }

  /** The one column of the payload, or none, and those of the vectors. */
  Projection columns(Projection projection) {
    Projection columns =
        Objects.requireNonNull(projection, "projection").fields().filter(Set::isEmpty).isPresent()
            ? Projection.ids()
            : Projection.fields(COLUMN);
    return projection
        .vectors()
        .map(names -> columns.withVectors(names.stream().map(this::column).toArray(String[]::new)))
        .orElse(columns.withVectors());
  }

  VectorRecord row(VectorRecord record) {
    Objects.requireNonNull(record, "records");
    Payload payload = Payload.of(Map.of(COLUMN, fold(record.payload().toValue(), 2)));
    return VectorRecord.of(key(record.id()), named(record, this::column), payload);
  }

  /** The part of a record that was asked for, of whose vectors the row has no others. */
  VectorRecord record(VectorRecord row, Projection projection) {
    return projection.withVectors().apply(record(row));
  }

  /** Without its payload where the column wasn't asked for. */
  private VectorRecord record(VectorRecord row) {
    Payload payload =
        row.payload()
            .get(COLUMN)
            .map(value -> Payload.of((Value.ObjectValue) unfold(value, 2)))
            .orElse(Payload.empty());
    return VectorRecord.of(id(row.id()), named(row, this::vector), payload);
  }

  private static Map<String, Embedding> named(VectorRecord record, UnaryOperator<String> name) {
    Map<String, Embedding> vectors = new LinkedHashMap<>();
    record.vectors().forEach((each, vector) -> vectors.put(name.apply(each), vector));
    return vectors;
  }

  List<RecordId> keys(Collection<RecordId> ids) {
    return ids.stream().map(id -> key(Objects.requireNonNull(id, "ids"))).toList();
  }

  private RecordId key(RecordId id) {
    if (numbers) {
      return id;
    } else if (id instanceof RecordId.NumberId number) {
      return RecordId.of(String.format("%c%019d", NUMBER, number.value()));
    } else if (id instanceof RecordId.UuidId uuid) {
      return RecordId.of(UUID_KIND + uuid.value().toString());
    }
    String text = id.toString();
    return text.charAt(0) <= TEXT ? RecordId.of(TEXT + text) : id;
  }

  private RecordId id(RecordId key) {
    String text = key.toString();
    if (numbers || text.charAt(0) > TEXT) {
      return key;
    }
    String behind = text.substring(1);
    return switch (text.charAt(0)) {
      case NUMBER -> RecordId.of(Long.parseLong(behind));
      case UUID_KIND -> RecordId.of(UUID.fromString(behind));
      default -> RecordId.of(behind);
    };
  }

  private static Value fold(Value value, int depth) {
    boolean container = value instanceof Value.ObjectValue || value instanceof Value.ListValue;
    return container && depth > Payload.MAX_DEPTH
        ? new Value.StringValue(FOLDED + json(value))
        : within(value, each -> fold(each, depth + 1));
  }

  private static Value unfold(Value value, int depth) {
    return value instanceof Value.StringValue text
            && depth > Payload.MAX_DEPTH
            && text.value().startsWith(FOLDED)
        ? value(text.value().substring(FOLDED.length()))
        : within(value, each -> unfold(each, depth + 1));
  }

  /** The same with other elements. */
  private static Value within(Value value, UnaryOperator<Value> change) {
    if (value instanceof Value.ObjectValue object) {
      Map<String, Value> entries = new LinkedHashMap<>();
      object.entries().forEach((key, entry) -> entries.put(key, change.apply(entry)));
      return new Value.ObjectValue(entries);
    } else if (value instanceof Value.ListValue list) {
      return new Value.ListValue(list.elements().stream().map(change).toList());
    }
    return value;
  }

  private static String json(Value value) {
    StringWriter text = new StringWriter();
    try (var out = PayloadJson.factory().createGenerator(text)) {
      StoredJson.write(out, value);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static Value value(String json) {
    try (var in = PayloadJson.factory().createParser(json)) {
      in.nextToken();
      return ValueReader.readStored(in);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
