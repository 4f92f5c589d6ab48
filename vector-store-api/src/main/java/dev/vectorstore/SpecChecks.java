package dev.vectorstore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the checks of {@link CollectionSpec} look at. */
final class SpecChecks {
  /** Squares of larger components leave float32, in which engines compute. */
  private static final double MAX_COMPONENT = 1e15;

  private SpecChecks() {}

  static void check(CollectionSpec spec, VectorRecord record) {
    if (!spec.idKinds().contains(record.id().kind())) {
      throw new VectorStoreException.InvalidRequest(
          named(record)
              + " has an id of kind "
              + record.id().kind()
              + "; the collection takes "
              + spec.idKinds());
    }
    record
        .vectors()
        .forEach(
            (name, vector) -> {
              String resolved =
                  VectorNames.resolve(spec.vectors(), name, "the vector of " + named(record));
              check(spec, resolved, vector, "the vector", " of " + named(record));
            });
  }

  static void check(CollectionSpec spec, String using, Embedding query) {
    String resolved = VectorNames.resolve(spec.vectors(), using, "the query's vector");
    check(spec, resolved, query, "the query's vector", "");
  }

  private static void check(
      CollectionSpec spec, String name, Embedding vector, String what, String whose) {
    boolean plain = name.equals(VectorSpec.PLAIN);
    String shown = plain ? "" : " " + Names.shown(name);
    String place = plain ? "the collection" : "the collection's vector" + shown;
    check(spec.vector(name), vector, what + shown + whose, place);
  }

  static VectorRecord named(CollectionSpec spec, VectorRecord record) {
    if (spec.vectors().keySet().containsAll(record.vectors().keySet())) {
      return record;
    }
    Map<String, Embedding> vectors = new LinkedHashMap<>();
    record
        .vectors()
        .forEach(
            (name, vector) ->
                vectors.put(
                    VectorNames.resolve(spec.vectors(), name, "the vector of " + named(record)),
                    vector));
    return record.withVectors(vectors);
  }

  static Projection named(CollectionSpec spec, Projection projection) {
    Set<String> wanted = projection.vectors().orElse(Set.of());
    if (spec.vectors().keySet().containsAll(wanted)) {
      return projection;
    }
    return projection.withVectors(
        wanted.stream()
            .map(name -> VectorNames.resolve(spec.vectors(), name, "a vector of the projection"))
            .toArray(String[]::new));
  }

  private static void check(VectorSpec spec, Embedding vector, String what, String place) {
    if (vector.dimension() != spec.dimension()) {
      throw new VectorStoreException.InvalidRequest(
          what
              + " has "
              + vector.dimension()
              + " dimensions, "
              + place
              + " has "
              + spec.dimension()
              + "; is it from another embedding model?");
    }
    if (!vector.isFinite()) {
      throw new VectorStoreException.InvalidRequest(what + " has NaN or an infinity");
    }
    if (spec.metric() == Metric.COSINE) {
      if (vector.isZero()) {
        throw new VectorStoreException.InvalidRequest(
            what
                + " is zero and has no direction, so no cosine; leave a record's vector out, and ask"
                + " with another one");
      }
    } else {
      checkMagnitude(vector, what);
    }
  }

  private static void checkMagnitude(Embedding vector, String what) {
    for (int i = 0; i < vector.dimension(); i++) {
      if (Math.abs(vector.at(i)) > MAX_COMPONENT) {
        throw new VectorStoreException.InvalidRequest(
            what + " has a component beyond 1e15, whose score would overflow; scale the vectors");
      }
    }
  }

  static Filter textFilter(CollectionSpec spec, SearchRequest request) {
    if (request.text().isEmpty()) {
      throw new VectorStoreException.InvalidRequest("it isn't a text search");
    }
    if (spec.fields().values().stream().noneMatch(FieldType::isText)) {
      throw new VectorStoreException.InvalidRequest(
          "the collection has no field declared as TEXT or TERMS");
    }
    List<String> terms = request.terms();
    if (terms.isEmpty()) {
      return Filter.none();
    }
    List<Filter> fields = new ArrayList<>();
    spec.fields()
        .forEach(
            (path, type) -> {
              if (type.isText()) {
                fields.add(new Predicates.MatchesText(path, terms));
              }
            });
    return Connectives.both(Filter.or(fields), request.filter());
  }

  private static void requireField(CollectionSpec spec, SearchRequest request) {
    boolean hybrid = request.vector().isPresent();
    if (spec.fields().values().stream().noneMatch(FieldType::isText)) {
      throw new VectorStoreException.InvalidRequest(
          "a search by text needs a field declared as TEXT"
              + (hybrid ? " or TERMS" : "")
              + ", and the collection has none");
    }
    if (!hybrid && !spec.fields().containsValue(FieldType.TEXT)) {
      throw new VectorStoreException.InvalidRequest(
          "a search by text ranks fields declared as TEXT, and the collection has TERMS only; scan"
              + " with a filter matchesText(...), or copy it to one that has the field as TEXT");
    }
  }

  static void check(CollectionSpec spec, SearchRequest request) {
    String using = request.using().orElse(VectorSpec.PLAIN);
    request.vector().ifPresent(vector -> check(spec, using, vector));
    spec.named(request.projection());
    spec.check(request.filter());
    if (request.text().isPresent()) {
      requireField(spec, request);
    }
    boolean boosted = request.fusion().filter(Fusion::needsCosine).isPresent();
    if (boosted && spec.vector(using).metric() != Metric.COSINE) {
      throw new VectorStoreException.InvalidRequest(
          "boosted fusion needs cosine scores; use Fusion.rrf()");
    }
  }

  /** Kind and value, shortened: a text id can be 512 bytes long. */
  static String named(VectorRecord record) {
    String id = record.id().toString();
    return "the record with "
        + record.id().kind().name().toLowerCase(Locale.ROOT)
        + " id "
        + (id.length() > 80 ? id.substring(0, 80) + "..." : id);
  }
}
