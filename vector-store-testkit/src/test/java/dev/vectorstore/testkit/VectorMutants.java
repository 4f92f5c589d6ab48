package dev.vectorstore.testkit;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.PatchReport;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.WriteMode;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Stores that mix up the vectors of a record. */
final class VectorMutants {
  private VectorMutants() {}

  static List<Mutant> all() {
    return List.of(
        Mutant.store("C-13", "any dimension of a named vector is accepted", AnyDimension::new),
        Mutant.store("C-14", "a vector is added by making the collection anew", MadeAnew::new),
        Mutant.store("C-15", "a dropped vector stays", Undropped::new),
        Mutant.collection("R-17", "a record keeps its first vector alone", FirstOnly::new),
        Mutant.collection("R-17", "a write keeps the vectors of before", Merging::new),
        Mutant.collection("R-17", "a patch drops the named vectors", Patching::new),
        fetching("R-17", "a projection brings all vectors", (to, parts) -> parts.withVectors()),
        searching(
            "S-17",
            "another vector is searched than the named one",
            (to, request) -> {
              VectorSpec plain = to.describe().spec().vectors().get(VectorSpec.PLAIN);
              Embedding query = request.vector().orElseThrow();
              boolean fits = plain != null && plain.dimension() == query.dimension();
              return to.search(fits ? request.using(VectorSpec.PLAIN) : request);
            }),
        searching(
            "S-17",
            "an unknown name finds nothing",
            (to, request) -> {
              try {
                return to.search(request);
              } catch (InvalidRequest swallowed) {
                return List.of();
              }
            }));
  }

  private static Mutant fetching(
      String rule, String defect, BiFunction<VectorCollection, Projection, Projection> planted) {
    return Mutant.collection(
        rule,
        defect,
        to ->
            new ForwardingCollection(to) {
              @Override
              public List<VectorRecord> fetch(Collection<RecordId> ids, Projection projection) {
                return to.fetch(ids, planted.apply(to, projection));
              }
            });
  }

  private static Mutant searching(
      String rule,
      String defect,
      BiFunction<VectorCollection, SearchRequest, List<SearchHit>> planted) {
    return Mutant.collection(
        rule,
        defect,
        to ->
            new ForwardingCollection(to) {
              @Override
              public List<SearchHit> search(SearchRequest request) {
                return planted.apply(to, request);
              }
            });
  }

  private static final class AnyDimension extends ForwardingStore {
    AnyDimension(VectorStore to) {
      super(to);
    }

    @Override
    public VectorCollection ensureCollection(CollectionSpec spec) {
      try {
        return super.ensureCollection(spec);
      } catch (Conflict swallowed) {
        return collection(spec.name());
      }
    }
  }

  private static final class MadeAnew extends ForwardingStore {
    MadeAnew(VectorStore to) {
      super(to);
    }

    @Override
    public VectorCollection ensureCollection(CollectionSpec spec) {
      boolean more =
          to.exists(spec.name())
              && !to.describe(spec.name())
                  .spec()
                  .vectors()
                  .keySet()
                  .containsAll(spec.vectors().keySet());
      if (more) {
        to.drop(spec.name());
      }
      return super.ensureCollection(spec);
    }
  }

  private static final class Undropped extends ForwardingStore {
    Undropped(VectorStore to) {
      super(to);
    }

    @Override
    public boolean dropVector(String collection, String vector) {
      return to.describe(collection).spec().vectors().containsKey(vector);
    }
  }

  private static final class FirstOnly extends ForwardingCollection {
    FirstOnly(VectorCollection to) {
      super(to);
    }

    @Override
    public void upsert(Collection<VectorRecord> records, WriteMode mode) {
      to.upsert(records.stream().map(FirstOnly::first).toList(), mode);
    }

    private static VectorRecord first(VectorRecord record) {
      Map<String, Embedding> first = new HashMap<>();
      record.vectors().entrySet().stream()
          .limit(1)
          .forEach(vector -> first.put(vector.getKey(), vector.getValue()));
      return record.withVectors(first);
    }
  }

  private static final class Merging extends ForwardingCollection {
    Merging(VectorCollection to) {
      super(to);
    }

    @Override
    public void upsert(Collection<VectorRecord> records, WriteMode mode) {
      to.upsert(records.stream().map(this::merged).toList(), mode);
    }

    private VectorRecord merged(VectorRecord record) {
      Map<String, Embedding> vectors = new HashMap<>();
      to.fetch(record.id()).ifPresent(before -> vectors.putAll(before.vectors()));
      vectors.putAll(record.vectors());
      return record.withVectors(vectors);
    }
  }

  private static final class Patching extends ForwardingCollection {
    Patching(VectorCollection to) {
      super(to);
    }

    @Override
    public PatchReport patchPayload(
        Collection<RecordId> ids, Payload set, Collection<String> remove) {
      PatchReport report = to.patchPayload(ids, set, remove);
      ScanRequest all =
          ScanRequest.all().projection(Projection.all().withVectors(VectorSpec.PLAIN));
      to.upsert(to.scan(all).records());
      return report;
    }
  }
}
