package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.IdKind;
import dev.vectorstore.Projection;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStores;
import dev.vectorstore.support.DeclaredFields;
import dev.vectorstore.support.DeclaredVectors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the specification of a target's collection. It has the source's vectors, fields and labels,
 * and those fields by which retrieval stores are searched, if the source has them. What a target
 * that is there has declared stays. A text that the source ranks gets terms alone where the target
 * can't rank it. Stateless.
 */
final class TargetSpec {
  /** Enough to see the columns of a table, which are the same in every row. */
  private static final int SAMPLE = 64;

  private static final Map<String, FieldType> KNOWN = known();

  private TargetSpec() {}

  private static Map<String, FieldType> known() {
    Map<String, FieldType> types = new LinkedHashMap<>();
    // Not TEXT: ranking a text takes up to three times as long to load, so it is for the user to
    // ask for.
    types.put("content", FieldType.TERMS);
    types.put("summary", FieldType.TERMS);
    types.put("source_id", FieldType.KEYWORD);
    types.put("url", FieldType.KEYWORD);
    types.put("chunk_number", FieldType.NUMBER);
    return types;
  }

  static CollectionSpec of(VectorCollection source, ResolvedRoute.Part part, VectorStore to) {
    CollectionSpec from = source.describe().spec();
    CollectionSpec.Builder spec = CollectionSpec.builder(part.target());
    vectors(from, part.mapping(), spec);
    Set<IdKind> others = new HashSet<>(from.idKinds());
    IdKind first = from.idKinds().iterator().next();
    others.remove(first);
    spec.idKinds(first, others.toArray(IdKind[]::new));
    from.labels().forEach(spec::label);
    fields(from, part, sample(source), to).forEach((path, type) -> spec.field(path, type));
    return spec.build();
  }

  private static void vectors(CollectionSpec from, Mapping mapping, CollectionSpec.Builder spec) {
    Set<String> names = new HashSet<>();
    from.vectors()
        .forEach(
            (inSource, vector) -> {
              String name = mapping.vectorName(inSource);
              if (!names.add(name)) {
                throw new InvalidRequest(
                    "two vectors of "
                        + VectorStores.shownName(from.name())
                        + " would get the name \""
                        + name
                        + "\"; rename one of them by a mapping");
              }
              if (name.equals(VectorSpec.PLAIN)) {
                spec.vectors(vector.dimension(), vector.metric());
              } else {
                spec.vector(name, vector.dimension(), vector.metric());
              }
            });
  }

  /** Whether the target makes the collection, or adds what it lacks. */
  static boolean isEnsured(ResolvedRoute.Part part, VectorStore to) {
    return to.capabilities().contains(Capability.MANAGE)
        && VectorStores.isPortableName(part.target());
  }

  /** Why a collection that is there can't be copied to, whatever it holds. */
  static Optional<String> unwritable(CollectionInfo there) {
    return there.capabilities().contains(Capability.WRITE)
        ? Optional.empty()
        : Optional.of(
            "the target's collection %s can't be written: it has only %s; name another target for it"
                .formatted(VectorStores.shownName(there.name()), there.capabilities()));
  }

  /** What a collection that is there, and is taken as it is, has otherwise. */
  static List<String> differences(CollectionSpec there, CollectionSpec wanted, Mapping mapping) {
    List<String> differences = new ArrayList<>();
    String name = "the target's collection " + VectorStores.shownName(there.name());
    if (!there.vectors().entrySet().containsAll(wanted.vectors().entrySet())) {
      differences.add(otherVectors(there, wanted));
    }
    mapping
        .fields()
        .forEach(
            (path, type) -> {
              if (there.fields().get(path) != type) {
                differences.add(
                    "%s can't be given the field %s as %s, which the mapping asks for; take it"
                            .formatted(name, path, type)
                        + " out of the mapping, or copy to another");
              }
            });
    return differences;
  }

  /** What a collection that is there has otherwise, so that it can't be made as it is wanted. */
  static List<String> conflicts(CollectionSpec there, CollectionSpec wanted) {
    List<String> conflicts = new ArrayList<>();
    try {
      DeclaredVectors.missing(there, wanted);
    } catch (Conflict e) {
      conflicts.add(otherVectors(there, wanted));
    }
    wanted
        .fields()
        .forEach(
            (field, type) -> {
              try {
                DeclaredFields.typeOf(field, there.fields().get(field), type);
              } catch (Conflict e) {
                conflicts.add(e.getMessage());
              }
            });
    return conflicts;
  }

  private static String otherVectors(CollectionSpec there, CollectionSpec wanted) {
    return "the target's collection %s is there with %s, and the source has %s; copy to another, or name the vectors by a mapping"
        .formatted(
            VectorStores.shownName(there.name()),
            DeclaredVectors.list(there),
            DeclaredVectors.list(wanted));
  }

  private static List<VectorRecord> sample(VectorCollection source) {
    return source
        .scan(ScanRequest.all().pageSize(SAMPLE).projection(Projection.payload()))
        .records();
  }

  private static Map<FieldPath, FieldType> fields(
      CollectionSpec from, ResolvedRoute.Part part, List<VectorRecord> sample, VectorStore to) {
    Mapping mapping = part.mapping();
    Map<FieldPath, FieldType> fields = new LinkedHashMap<>();
    from.fields()
        .forEach((path, type) -> mapping.apply(path).ifPresent(moved -> fields.put(moved, type)));
    for (VectorRecord record : sample) {
      KNOWN.forEach(
          (key, type) -> {
            if (shows(record, key, type, mapping)) {
              fields.merge(FieldPath.of(key), type, TargetSpec::either);
            }
          });
    }
    boolean made = !to.exists(part.target());
    Map<FieldPath, FieldType> there = made ? Map.of() : to.describe(part.target()).spec().fields();
    boolean ranks = made && to.capabilities().contains(Capability.RANKED_TEXT);
    fields.replaceAll((path, type) -> there.getOrDefault(path, ranks ? type : unranked(type)));
    fields.putAll(mapping.fields());
    return fields;
  }

  /** The type by which the field is known, unless it is a text already. */
  private static FieldType either(FieldType declared, FieldType known) {
    return declared.isText() ? declared : known;
  }

  private static FieldType unranked(FieldType type) {
    return type == FieldType.TEXT ? FieldType.TERMS : type;
  }

  private static boolean shows(VectorRecord record, String key, FieldType type, Mapping mapping) {
    // A row that the mapping rejects shows nothing; the copy will say so.
    Value value =
        mapping.tryApply(record).flatMap(mapped -> mapped.payload().get(key)).orElse(null);
    if (value instanceof Value.NullValue) {
      return true; // the column is there, and rows further on may fill it
    }
    return type == FieldType.NUMBER
        ? value instanceof Value.LongValue || value instanceof Value.DoubleValue
        : value instanceof Value.StringValue;
  }
}
