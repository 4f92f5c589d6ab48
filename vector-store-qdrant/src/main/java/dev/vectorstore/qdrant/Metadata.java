package dev.vectorstore.qdrant;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.IdKind;
import dev.vectorstore.TextTerms;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import io.qdrant.client.grpc.JsonWithInt.ListValue;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a specification has beyond Qdrant's own settings, in the collection's metadata. Fields and
 * labels have a key each, so that clients that add some at the same time don't undo each other.
 */
final class Metadata {
  private static final String PREFIX = "vector_store.";
  private static final String FORMAT = PREFIX + "format";

  /** Unlike any other's, so that a collection that was made anew can be told. */
  private static final String MARK = PREFIX + "mark";

  private static final String ID_KINDS = PREFIX + "id_kinds";
  private static final String FIELD = PREFIX + "field:";
  private static final String LABEL = PREFIX + "label:";
  private static final int VERSION = 2;

  /**
   * A declared field.
   *
   * @param path where it is
   * @param type what it is for
   * @param order its place in the declaration
   * @param late whether it was declared after the collection was made, or its terms are made anew
   * @param terms the version of the rules that its terms are made by
   */
  record Field(FieldPath path, FieldType type, long order, boolean late, int terms) {
    /** Whether it has terms, and they aren't those that are made here. */
    boolean isOutdated() {
      return type.isText() && terms < TextTerms.version();
    }

    /**
     * Whether each record has its weights; those that were there before others of its terms don't.
     */
    boolean isRanked() {
      return type == FieldType.TEXT && !late && !isOutdated();
    }

    /** The keys of its terms, those of older rules too if records can have them. */
    Stream<String> slots() {
      return IntStream.rangeClosed(late ? 1 : terms, terms).mapToObj(v -> Reserved.slot(path, v));
    }

    Field anew() {
      return new Field(path, type, order, true, TextTerms.version());
    }
  }

  private final Map<String, Value> entries;

  Metadata(Map<String, Value> entries) {
    this.entries = entries;
  }

  /** Whether this SDK made the collection, or took it over. */
  boolean isOurs() {
    return entries.containsKey(FORMAT);
  }

  private long format() {
    return entries.getOrDefault(FORMAT, Value.getDefaultInstance()).getIntegerValue();
  }

  List<Field> fields() {
    boolean first = isOurs() && format() == 1;
    return entries.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(FIELD))
        .map(entry -> field(entry.getValue().getStructValue().getFieldsMap(), first))
        .sorted(Comparator.comparingLong(Field::order).thenComparing(f -> f.path().toString()))
        .collect(Collectors.toList());
  }

  /** The names of the sparse vectors of ranked fields. */
  Set<String> rankedVectors() {
    return fields().stream()
        .filter(field -> field.type() == FieldType.TEXT)
        .flatMap(Field::slots)
        .collect(Collectors.toSet());
  }

  /** Whether text fields have terms that aren't those that are made here. */
  boolean isOutdated() {
    return fields().stream().anyMatch(Field::isOutdated);
  }

  Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    entries.keySet().stream()
        .filter(key -> key.startsWith(LABEL))
        .sorted()
        .forEach(
            key ->
                labels.put(
                    key.substring(LABEL.length()),
                    entries.getOrDefault(key, Value.getDefaultInstance()).getStringValue()));
    return labels;
  }

  /** The kinds of ids, all of them unless the collection says otherwise. */
  List<IdKind> idKinds() {
    Value kinds = entries.get(ID_KINDS);
    return kinds == null || kinds.getListValue().getValuesCount() == 0
        ? List.of(IdKind.values())
        : kinds.getListValue().getValuesList().stream()
            .map(kind -> idKind(kind.getStringValue()))
            .collect(Collectors.toList());
  }

  private static IdKind idKind(String name) {
    try {
      return IdKind.valueOf(name);
    } catch (IllegalArgumentException unknown) {
      throw new MalformedResponse(
          "the collection's metadata has a kind of ids that this version can't read", unknown);
    }
  }

  void requireKnownFormat(String name) {
    if (format() > VERSION) {
      throw newer(name, "format " + format());
    }
    for (Field field : fields()) {
      if (field.terms() > TextTerms.version()) {
        throw newer(name, "terms of version " + field.terms());
      }
    }
  }

  private static Conflict newer(String name, String what) {
    return new Conflict(
        "the collection "
            + name
            + " has "
            + what
            + ", made by a newer version of this library; update this one");
  }

  /** The whole metadata of a new collection. */
  static Map<String, Value> of(CollectionSpec spec) {
    Map<String, Value> entries = merged(new Metadata(Map.of()), spec, false);
    entries.put(MARK, JsonValues.string(UUID.randomUUID().toString()));
    return entries;
  }

  /** The mark of a collection that this SDK made. */
  Optional<String> mark() {
    return Optional.ofNullable(entries.get(MARK)).map(Value::getStringValue);
  }

  /** What has to be added to this metadata so that the collection is as the specification says. */
  Map<String, Value> missing(CollectionSpec spec) {
    return merged(this, spec, true);
  }

  private static Map<String, Value> merged(Metadata present, CollectionSpec spec, boolean late) {
    Map<String, Value> added = new LinkedHashMap<>();
    if (!present.isOurs()) {
      added.put(FORMAT, JsonValues.integer(VERSION));
      ListValue.Builder kinds = ListValue.newBuilder();
      spec.idKinds().forEach(kind -> kinds.addValues(JsonValues.string(kind.name())));
      added.put(ID_KINDS, JsonValues.list(kinds));
    }
    List<Field> fields = present.fields();
    boolean first = present.isOurs() && present.format() < VERSION;
    if (first) {
      added.put(FORMAT, JsonValues.integer(VERSION));
      fields.forEach(field -> added.put(FIELD + field.path(), entry(field)));
    }
    fields.stream()
        .filter(Field::isOutdated)
        .forEach(field -> added.put(FIELD + field.path(), entry(field.anew())));
    Set<FieldPath> declared = fields.stream().map(Field::path).collect(Collectors.toSet());
    long order = declared.size();
    for (Map.Entry<FieldPath, FieldType> field : spec.fields().entrySet()) {
      if (!declared.contains(field.getKey())) {
        added.put(
            FIELD + field.getKey(),
            entry(new Field(field.getKey(), field.getValue(), order++, late, TextTerms.version())));
      }
    }
    Map<String, String> labels = present.labels();
    spec.labels()
        .forEach(
            (key, text) -> {
              if (!labels.containsKey(key)) {
                added.put(LABEL + key, JsonValues.string(text));
              }
            });
    return added;
  }

  private static Value entry(Field field) {
    ListValue.Builder path = ListValue.newBuilder();
    field.path().segments().forEach(key -> path.addValues(JsonValues.string(key)));
    return JsonValues.struct(
        Struct.newBuilder()
            .putFields("path", JsonValues.list(path))
            .putFields("type", JsonValues.string(field.type().name()))
            .putFields("order", JsonValues.integer(field.order()))
            .putFields("late", Value.newBuilder().setBoolValue(field.late()).build())
            .putFields("terms", JsonValues.integer(field.terms()))
            .build());
  }

  /** In the first format, TEXT had terms alone and RANKED_TEXT was ranked. */
  private static FieldType type(String name, boolean first) {
    return FieldType.valueOf(
        !first ? name : name.equals("TEXT") ? "TERMS" : name.equals("RANKED_TEXT") ? "TEXT" : name);
  }

  private static Field field(Map<String, Value> entry, boolean first) {
    try {
      List<String> path = new ArrayList<>();
      get(entry, "path").getListValue().getValuesList().forEach(k -> path.add(k.getStringValue()));
      return new Field(
          new FieldPath(path),
          type(get(entry, "type").getStringValue(), first),
          get(entry, "order").getIntegerValue(),
          get(entry, "late").getBoolValue(),
          entry.containsKey("terms") ? (int) get(entry, "terms").getIntegerValue() : 1);
    } catch (IllegalArgumentException | InvalidRequest damaged) {
      throw new MalformedResponse(
          "the collection's metadata has a field that this version can't read", damaged);
    }
  }

  private static Value get(Map<String, Value> entry, String key) {
    return entry.getOrDefault(key, Value.getDefaultInstance());
  }
}
