package dev.vectorstore.embedded;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/**
 * In which Lucene field each vector of a collection is. A field keeps its dimension for good, and
 * what documents have in it stays until they are written again: a vector that was dropped and is
 * added anew has another field. Immutable.
 */
final class VectorFields {
  private static final String FIELD = "vector";

  /** For whoever reads no vectors. */
  static final VectorFields NONE = new VectorFields(Map.of(), 0);

  private final Map<String, String> fields;
  private final int made;

  private VectorFields(Map<String, String> fields, int made) {
    this.fields = fields;
    this.made = made;
  }

  static VectorFields of(CollectionSpec spec) {
    return NONE.follow(spec);
  }

  /** Those of the vectors that the collection has from now on. */
  VectorFields follow(CollectionSpec spec) {
    Map<String, String> next = new LinkedHashMap<>(fields);
    next.keySet().retainAll(spec.vectors().keySet());
    int count = made;
    for (String name : spec.vectors().keySet()) {
      if (!next.containsKey(name)) {
        next.put(name, FIELD + count++);
      }
    }
    return new VectorFields(Map.copyOf(next), count);
  }

  Set<String> names() {
    return fields.keySet();
  }

  /** The field of a vector, which was dropped if it isn't there. */
  String of(String name) {
    String field = fields.get(name);
    if (field == null) {
      throw new Conflict(
          "the vector "
              + (name.equals(VectorSpec.PLAIN) ? "without a name" : name)
              + " was dropped meanwhile; open the collection again");
    }
    return field;
  }

  /** Selects what a filter selects, if there is one, and what has no vector of a name. */
  Query lacking(String name, @Nullable Query filter) {
    return new BooleanQuery.Builder()
        .add(filter == null ? new MatchAllDocsQuery() : filter, Occur.FILTER)
        .add(new FieldExistsQuery(of(name)), Occur.MUST_NOT)
        .build();
  }
}
