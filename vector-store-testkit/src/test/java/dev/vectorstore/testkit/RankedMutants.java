package dev.vectorstore.testkit;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Stores that rank texts wrongly. */
final class RankedMutants {
  private RankedMutants() {}

  static List<Mutant> all() {
    return List.of(
        ranked("K-01", "every term must be there", RankedMutants::conjunctive),
        ranked("K-01", "an unranked field is looked at", RankedMutants::withPlainTexts),
        ranked(
            "K-02",
            "hits have no score",
            (to, request) ->
                to.search(request).stream()
                    .map(hit -> SearchHit.of(hit.record(), 0, ScoreKind.NONE))
                    .toList()),
        ranked(
            "K-02",
            "hits come worst first",
            (to, request) ->
                to.search(request).stream().sorted(RankedSamples.ORDER.reversed()).toList()),
        writes("K-03", "an occurrence counts once", RankedMutants::distinct),
        writes("K-03", "all texts have one length", text -> text + " x".repeat(30 - words(text))),
        Mutant.collection("K-04", "the fields are one text", OneText::new),
        ranked(
            "K-05",
            "a ranked search filters after the limit",
            (to, request) ->
                to.search(request.filter(Filter.all())).stream()
                    .filter(hit -> request.filter().test(hit.record()))
                    .toList()),
        ranked("K-06", "a repeated term weighs more", RankedMutants::repeated),
        Mutant.collection("K-07", "ranks are stale after a patch", StaleAfterPatch::new),
        searches(
            "K-08",
            "the text leg of a ranked hybrid search isn't ranked",
            request -> request.fusion().isPresent(),
            RankedMutants::withUnrankedText),
        Mutant.collection("K-09", "the first of a list of texts is ranked", FirstOfList::new),
        Mutant.store("K-10", "a late field is silently left unranked", LateUnranked::new),
        Mutant.collection("K-11", "a ranked field has no terms", NoTerms::new));
  }

  private static Mutant ranked(
      String rule,
      String defect,
      BiFunction<VectorCollection, SearchRequest, List<SearchHit>> planted) {
    return searches(
        rule, defect, request -> request.text().isPresent() && request.fusion().isEmpty(), planted);
  }

  private static Mutant searches(
      String rule,
      String defect,
      Predicate<SearchRequest> where,
      BiFunction<VectorCollection, SearchRequest, List<SearchHit>> planted) {
    return Mutant.collection(
        rule,
        defect,
        to ->
            new ForwardingCollection(to) {
              @Override
              public List<SearchHit> search(SearchRequest request) {
                boolean wrong =
                    where.test(request) && capabilities().contains(Capability.RANKED_TEXT);
                return wrong ? planted.apply(to, request) : to.search(request);
              }
            });
  }

  private static Mutant writes(String rule, String defect, UnaryOperator<String> planted) {
    return Mutant.collection(rule, defect, to -> new Rewriting(to, planted));
  }

  private static List<SearchHit> withUnrankedText(VectorCollection to, SearchRequest request) {
    SearchRequest byVector =
        SearchRequest.nearest(request.vector().orElseThrow())
            .filter(request.filter())
            .limit(2 * request.limit());
    return request
        .fusion()
        .orElseThrow()
        .fuse(
            to.search(byVector),
            SearchMutants.scanned(to, request.limit(2 * request.limit())),
            request.limit());
  }

  private static List<SearchHit> conjunctive(VectorCollection to, SearchRequest request) {
    Filter all = Filter.field("text").matchesText(request.text().orElseThrow());
    return to.search(request).stream().filter(hit -> all.test(hit.record())).toList();
  }

  private static List<SearchHit> withPlainTexts(VectorCollection to, SearchRequest request) {
    List<SearchHit> hits = new ArrayList<>(to.search(request));
    if (to.describe().spec().fields().containsKey(FieldPath.of("plain"))) {
      SearchMutants.scanned(to, request).stream()
          .filter(hit -> hit.record().payload().get("plain").isPresent())
          .forEach(hit -> hits.add(SearchHit.of(hit.record(), 0.1, ScoreKind.RANKED_TEXT)));
    }
    return hits;
  }

  private static List<SearchHit> repeated(VectorCollection to, SearchRequest request) {
    List<String> terms = TextTerms.of(request.text().orElseThrow());
    double weight = (double) terms.size() / terms.stream().distinct().count();
    return to.search(request).stream()
        .map(hit -> SearchHit.of(hit.record(), hit.score() * weight, hit.scoreKind()))
        .toList();
  }

  private static String distinct(String text) {
    return TextTerms.of(text).stream().distinct().collect(Collectors.joining(" "));
  }

  private static int words(String text) {
    return TextTerms.of(text).size();
  }

  /** Stores other payloads. */
  private abstract static class Changing extends ForwardingCollection {
    Changing(VectorCollection to) {
      super(to);
    }

    abstract Payload changed(Payload payload);

    @Override
    public void upsert(Collection<VectorRecord> records, WriteMode mode) {
      to.upsert(
          records.stream().map(record -> record.withPayload(changed(record.payload()))).toList(),
          mode);
    }
  }

  private static final class Rewriting extends Changing {
    private final UnaryOperator<String> planted;

    Rewriting(VectorCollection to, UnaryOperator<String> planted) {
      super(to);
      this.planted = planted;
    }

    @Override
    Payload changed(Payload payload) {
      return payload
          .text("text")
          .map(text -> payload.toBuilder().put("text", planted.apply(text)).build())
          .orElse(payload);
    }
  }

  private static final class OneText extends Changing {
    OneText(VectorCollection to) {
      super(to);
    }

    @Override
    Payload changed(Payload payload) {
      String both = payload.text("text").orElse("") + " " + payload.text("title").orElse("");
      return payload.toBuilder().put("text", both).remove("title").build();
    }
  }

  private static final class FirstOfList extends Changing {
    FirstOfList(VectorCollection to) {
      super(to);
    }

    @Override
    Payload changed(Payload payload) {
      return payload.get("text").orElse(Value.NullValue.NULL) instanceof Value.ListValue list
          ? payload.toBuilder().put("text", list.elements().get(0)).build()
          : payload;
    }
  }

  /** Ranks in a copy that hears of everything but patches. */
  private static final class StaleAfterPatch extends ForwardingCollection {
    private @Nullable VectorCollection copy;

    StaleAfterPatch(VectorCollection to) {
      super(to);
    }

    private VectorCollection copy() {
      if (copy == null) {
        copy = ModelStore.open().ensureCollection(to.describe().spec());
      }
      return Objects.requireNonNull(copy);
    }

    @Override
    public void upsert(Collection<VectorRecord> records, WriteMode mode) {
      to.upsert(records, mode);
      copy().upsert(records, mode);
    }

    @Override
    public void delete(Collection<RecordId> ids) {
      to.delete(ids);
      copy().delete(ids);
    }

    @Override
    public List<SearchHit> search(SearchRequest request) {
      return request.text().isPresent() ? copy().search(request) : to.search(request);
    }
  }

  private static final class NoTerms extends ForwardingCollection {
    NoTerms(VectorCollection to) {
      super(to);
    }

    @Override
    public long count(Filter filter) {
      boolean ranked = capabilities().contains(Capability.RANKED_TEXT);
      return ranked && filter.toString().contains("MatchesText") ? 0 : to.count(filter);
    }
  }

  private static final class LateUnranked extends ForwardingStore {
    LateUnranked(VectorStore to) {
      super(to);
    }

    @Override
    public VectorCollection ensureCollection(CollectionSpec spec) {
      CollectionSpec.Builder accepted = spec.toBuilder();
      if (to.exists(spec.name())) {
        spec.fields()
            .forEach(
                (path, type) -> {
                  if (type == FieldType.TEXT) {
                    accepted.field(path, FieldType.TERMS);
                  }
                });
      }
      return super.ensureCollection(accepted.build());
    }
  }
}
