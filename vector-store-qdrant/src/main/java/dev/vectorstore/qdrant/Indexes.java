package dev.vectorstore.qdrant;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.qdrant.QdrantCollectionOptions.OtherIndexes;
import io.qdrant.client.grpc.Collections.BoolIndexParams;
import io.qdrant.client.grpc.Collections.DatetimeIndexParams;
import io.qdrant.client.grpc.Collections.FloatIndexParams;
import io.qdrant.client.grpc.Collections.KeywordIndexParams;
import io.qdrant.client.grpc.Collections.PayloadIndexParams;
import io.qdrant.client.grpc.Collections.PayloadSchemaInfo;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.TextIndexParams;
import io.qdrant.client.grpc.Collections.TokenizerType;
import io.qdrant.client.grpc.Points.CreateFieldIndexCollection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides which payload indexes declared fields need, and what the indexes that are there mean for
 * filters. Numbers get a float index, never an integer index, which drops 3.5. Stateless.
 */
final class Indexes {
  private Indexes() {}

  /** The indexes that declared fields lack. */
  static List<CreateFieldIndexCollection> missing(
      Metadata metadata, Map<String, PayloadSchemaInfo> schema, QdrantCollectionOptions options) {
    Map<List<String>, PayloadSchemaInfo> present = bySegments(schema);
    List<CreateFieldIndexCollection> missing = new ArrayList<>();
    for (Metadata.Field field : metadata.fields()) {
      List<String> segments =
          field.type().isText()
              ? List.of(Reserved.KEY, Reserved.slot(field.path()))
              : field.path().segments();
      Optional<String> path = JsonPaths.of(segments);
      PayloadSchemaInfo index = present.get(segments);
      // A key that Qdrant can't address stays without index; filters on it read the records.
      boolean isTenant = options.tenant().filter(field.path()::equals).isPresent();
      if (path.isPresent()
          && (index == null
              || (!fits(field.type(), index) && mayReplace(segments, options))
              || (isTenant && isWithoutTenants(index)))) {
        missing.add(index(path.get(), field.type(), isTenant));
      }
    }
    return missing;
  }

  private static boolean isWithoutTenants(PayloadSchemaInfo index) {
    return index.getDataType() == PayloadSchemaType.Keyword
        && !index.getParams().getKeywordIndexParams().getIsTenant();
  }

  /** What lies under our own key is ours; all else may serve somebody. */
  private static boolean mayReplace(List<String> segments, QdrantCollectionOptions options) {
    return segments.get(0).equals(Reserved.KEY)
        || options.otherIndexes().filter(OtherIndexes.REPLACE::equals).isPresent();
  }

  /**
   * Refuses a field on which there is an index of another type, unless the options say what is to
   * become of it: another program may rest on it.
   *
   * @throws Conflict naming the field, before anything is changed
   */
  static void requireOurs(
      CollectionSpec spec, Map<String, PayloadSchemaInfo> schema, QdrantCollectionOptions options) {
    if (options.otherIndexes().isPresent()) {
      return;
    }
    Map<List<String>, PayloadSchemaInfo> present = bySegments(schema);
    spec.fields()
        .forEach(
            (path, type) -> {
              PayloadSchemaInfo index = present.get(path.segments());
              if (index != null && !type.isText() && !fits(type, index)) {
                throw new Conflict(
                    "the field "
                        + path
                        + " has an index of the type "
                        + index.getDataType()
                        + ", which another program may rest on, and "
                        + type
                        + " wants another; say by QdrantCollectionOptions whether to replace it"
                        + " (otherIndexes(REPLACE)) or to leave it, with which filters on the field"
                        + " may have to read the records (otherIndexes(KEEP))");
              }
            });
  }

  private static boolean fits(FieldType type, PayloadSchemaInfo index) {
    return switch (type) {
      case KEYWORD -> index.getDataType() == PayloadSchemaType.Keyword;
      case NUMBER -> index.getDataType() == PayloadSchemaType.Float;
      case BOOLEAN -> index.getDataType() == PayloadSchemaType.Bool;
      case INSTANT -> index.getDataType() == PayloadSchemaType.Datetime;
      case TEXT, TERMS -> isOfTerms(index);
    };
  }

  private static CreateFieldIndexCollection index(String path, FieldType type, boolean tenant) {
    CreateFieldIndexCollection.Builder index =
        CreateFieldIndexCollection.newBuilder().setWait(true).setFieldName(path);
    PayloadIndexParams.Builder params = PayloadIndexParams.newBuilder();
    switch (type) {
      case KEYWORD -> {
        index.setFieldType(io.qdrant.client.grpc.Points.FieldType.FieldTypeKeyword);
        KeywordIndexParams.Builder keyword = KeywordIndexParams.newBuilder();
        params.setKeywordIndexParams(tenant ? keyword.setIsTenant(true) : keyword);
      }
      case NUMBER -> {
        index.setFieldType(io.qdrant.client.grpc.Points.FieldType.FieldTypeFloat);
        params.setFloatIndexParams(FloatIndexParams.getDefaultInstance());
      }
      case BOOLEAN -> {
        index.setFieldType(io.qdrant.client.grpc.Points.FieldType.FieldTypeBool);
        params.setBoolIndexParams(BoolIndexParams.getDefaultInstance());
      }
      case INSTANT -> {
        index.setFieldType(io.qdrant.client.grpc.Points.FieldType.FieldTypeDatetime);
        params.setDatetimeIndexParams(DatetimeIndexParams.getDefaultInstance());
      }
      case TEXT, TERMS -> {
        index.setFieldType(io.qdrant.client.grpc.Points.FieldType.FieldTypeText);
        params.setTextIndexParams(termIndex());
      }
    }
    return index.setFieldIndexParams(params).build();
  }

  /** Our terms are folded and have no spaces: the tokenizer has nothing left to decide. */
  private static TextIndexParams.Builder termIndex() {
    return TextIndexParams.newBuilder()
        .setTokenizer(TokenizerType.Whitespace)
        .setLowercase(false)
        .setPhraseMatching(true);
  }

  private static boolean isOfTerms(PayloadSchemaInfo index) {
    TextIndexParams text = index.getParams().getTextIndexParams();
    return index.getDataType() == PayloadSchemaType.Text
        && text.getTokenizer() == TokenizerType.Whitespace
        && text.hasLowercase()
        && !text.getLowercase()
        && text.getPhraseMatching();
  }

  static Map<FieldPath, TextSlot> slots(Metadata metadata, Map<String, PayloadSchemaInfo> schema) {
    Map<List<String>, PayloadSchemaInfo> present = bySegments(schema);
    Map<FieldPath, TextSlot> slots = new LinkedHashMap<>();
    for (Metadata.Field field : metadata.fields()) {
      if (field.type().isText() && !field.isOutdated()) {
        String key = Reserved.slot(field.path());
        PayloadSchemaInfo index = present.get(List.of(Reserved.KEY, key));
        boolean indexed = index != null && isOfTerms(index);
        slots.put(
            field.path(), new TextSlot(field.path(), key, field.late(), indexed, field.isRanked()));
      }
    }
    return slots;
  }

  /** The types of the indexes that are there. */
  static Map<List<String>, PayloadSchemaType> types(Map<String, PayloadSchemaInfo> schema) {
    Map<List<String>, PayloadSchemaType> types = new LinkedHashMap<>();
    bySegments(schema).forEach((segments, index) -> types.put(segments, index.getDataType()));
    return types;
  }

  /** The fields of a collection that isn't ours, by its indexes; never as text. */
  static Map<FieldPath, FieldType> derived(Map<String, PayloadSchemaInfo> schema) {
    Map<FieldPath, FieldType> fields = new LinkedHashMap<>();
    for (Map.Entry<String, PayloadSchemaInfo> index : new TreeMap<>(schema).entrySet()) {
      Optional<FieldType> type = type(index.getValue().getDataType());
      Optional<FieldPath> path = JsonPaths.parse(index.getKey()).flatMap(Indexes::path);
      if (type.isPresent() && path.isPresent()) {
        fields.put(path.get(), type.get());
      }
    }
    return fields;
  }

  private static Optional<FieldType> type(PayloadSchemaType type) {
    return switch (type) {
      case Keyword, Uuid -> Optional.of(FieldType.KEYWORD);
      case Integer, Float -> Optional.of(FieldType.NUMBER);
      case Bool -> Optional.of(FieldType.BOOLEAN);
      case Datetime -> Optional.of(FieldType.INSTANT);
      default -> Optional.empty();
    };
  }

  private static Optional<FieldPath> path(List<String> segments) {
    try {
      return Optional.of(new FieldPath(segments));
    } catch (InvalidRequest reserved) {
      return Optional.empty();
    }
  }

  private static Map<List<String>, PayloadSchemaInfo> bySegments(
      Map<String, PayloadSchemaInfo> schema) {
    Map<List<String>, PayloadSchemaInfo> indexes = new LinkedHashMap<>();
    schema.forEach(
        (path, index) -> JsonPaths.parse(path).ifPresent(keys -> indexes.put(keys, index)));
    return indexes;
  }
}
