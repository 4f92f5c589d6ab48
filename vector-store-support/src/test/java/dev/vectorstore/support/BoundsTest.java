package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Native filters are the sets of the records that they select, so that they can be compared. */
class BoundsTest {
  private static final int FILTERS = 3_000;
  private static final FieldPath N = FieldPath.of("n");
  private static final List<VectorRecord> RECORDS =
      IntStream.range(0, 12)
          .mapToObj(n -> VectorRecord.of(RecordId.of(n), Payload.of(Map.of("n", n))))
          .toList();
  private static final Set<RecordId> EVERY = meant(Filter.all());
  private static final Connectives<Set<RecordId>> CONNECTIVES =
      new Connectives<>(BoundsTest::intersection, BoundsTest::union, BoundsTest::complement);

  private static final Set<RecordId> LOW = meant(N.lt(6));
  private static final Set<RecordId> EVEN = meant(N.in(0, 2, 4, 6, 8, 10));

  private final Random random = new Random(20_261_128);

  /** A filter, and what the algebra makes of the bounds of its leaves. */
  private record Said(Filter filter, Bounds<Set<RecordId>> bounds) {
    Set<RecordId> upper() {
      return bounds.upper() == null ? EVERY : bounds.upper();
    }

    Set<RecordId> lower() {
      Set<RecordId> lower = bounds.lower();
      return lower == null ? Set.of() : lower;
    }
  }

  private static Set<RecordId> meant(Filter filter) {
    return RECORDS.stream()
        .filter(filter::test)
        .map(VectorRecord::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<RecordId> intersection(List<Set<RecordId>> sets) {
    return EVERY.stream()
        .filter(id -> two(sets).stream().allMatch(set -> set.contains(id)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<RecordId> union(List<Set<RecordId>> sets) {
    return EVERY.stream()
        .filter(id -> two(sets).stream().anyMatch(set -> set.contains(id)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<RecordId> complement(Set<RecordId> set) {
    return EVERY.stream().filter(id -> !set.contains(id)).collect(Collectors.toUnmodifiableSet());
  }

  private static <T> List<T> two(List<T> joined) {
    assertThat(joined).as("an engine joins two filters or more").hasSizeGreaterThan(1);
    return joined;
  }

  private static Bounds<Set<RecordId>> and(List<Said> members) {
    return Bounds.and(members.stream().map(Said::bounds).toList(), CONNECTIVES);
  }

  private static Bounds<Set<RecordId>> or(List<Said> members) {
    return Bounds.or(members.stream().map(Said::bounds).toList(), CONNECTIVES);
  }

  private Said random(int depth) {
    int kind = depth == 0 ? 0 : random.nextInt(4);
    if (kind == 0) {
      return leaf();
    } else if (kind == 1) {
      Said member = random(depth - 1);
      return new Said(Filter.not(member.filter), member.bounds.not(CONNECTIVES));
    }
    List<Said> members = members(depth - 1);
    List<Filter> filters = members.stream().map(Said::filter).toList();
    return kind == 2
        ? new Said(Filter.and(filters), and(members))
        : new Said(Filter.or(filters), or(members));
  }

  private List<Said> members(int depth) {
    List<Said> members = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      members.add(random(depth));
    }
    return members;
  }

  private Said leaf() {
    Filter filter =
        switch (random.nextInt(4)) {
          case 0 -> N.gt(random.nextInt(12));
          case 1 -> N.lte(random.nextInt(12));
          case 2 -> N.in(random.nextInt(12), random.nextInt(12), random.nextInt(12));
          default -> Filter.ids(List.of(RecordId.of(random.nextInt(12))));
        };
    Set<RecordId> meant = meant(filter);
    Set<RecordId> more = union(List.of(meant, meant(N.eq(random.nextInt(12)))));
    Set<RecordId> less = intersection(List.of(meant, meant(N.gte(random.nextInt(12)))));
    return new Said(
        filter,
        switch (random.nextInt(7)) {
          case 0 -> Bounds.atMost(more);
          case 1 -> Bounds.atLeast(less);
          case 2 -> Bounds.between(less, more);
          case 3 -> Bounds.unknown();
          default -> Bounds.exactly(meant);
        });
  }

  @Test
  void whatIsMeantLiesBetweenTheBoundsAndIsExactlyTheUpperOneWhereTheySaySo() {
    int exact = 0;
    for (int i = 0; i < FILTERS; i++) {
      Said said = random(4);
      Set<RecordId> meant = meant(said.filter);
      assertThat(said.upper()).as("upper of %s", said.filter).containsAll(meant);
      assertThat(meant).as("lower of %s", said.filter).containsAll(said.lower());
      if (said.bounds.exact()) {
        exact++;
        assertThat(said.bounds.requireExact()).as("%s", said.filter).isEqualTo(meant);
        assertThat(said.lower()).as("%s", said.filter).isEqualTo(meant);
      }
    }
    assertThat(exact).as("many are exact, and many aren't").isBetween(FILTERS / 8, FILTERS / 2);
  }

  @Test
  void noBoundOfAConnectiveIsWiderThanThoseOfItsMembers() {
    for (int i = 0; i < FILTERS; i++) {
      List<Said> members = new ArrayList<>(List.of(random(2), random(2)));
      boolean exact = members.stream().allMatch(member -> member.bounds.exact());
      Said all = new Said(Filter.all(), and(members));
      Said any = new Said(Filter.all(), or(members));
      Said none = new Said(Filter.all(), any.bounds.not(CONNECTIVES));

      assertThat(all.upper()).isEqualTo(of(members, Said::upper, BoundsTest::intersection));
      assertThat(all.lower()).isEqualTo(of(members, Said::lower, BoundsTest::intersection));
      assertThat(any.upper()).isEqualTo(of(members, Said::upper, BoundsTest::union));
      assertThat(any.lower()).isEqualTo(of(members, Said::lower, BoundsTest::union));
      assertThat(none.upper()).isEqualTo(complement(any.lower()));
      assertThat(none.lower()).isEqualTo(complement(any.upper()));
      for (Said said : List.of(all, any, none)) {
        assertThat(said.bounds.exact()).isEqualTo(exact);
      }
    }
  }

  private static Set<RecordId> of(
      List<Said> members,
      Function<Said, Set<RecordId>> side,
      Function<List<Set<RecordId>>, Set<RecordId>> join) {
    return join.apply(members.stream().map(side).toList());
  }

  @Test
  void aBoundThatSaysNothingIsMissing() {
    Bounds<Set<RecordId>> unknown = Bounds.unknown();
    Bounds<Set<RecordId>> low = Bounds.exactly(LOW);
    Bounds<Set<RecordId>> both = Bounds.and(List.of(unknown, low), CONNECTIVES);
    Bounds<Set<RecordId>> either = Bounds.or(List.of(low, unknown), CONNECTIVES);

    assertThat(both.upper()).isEqualTo(LOW);
    assertThat(both.lower()).isNull();
    assertThat(either.upper()).isNull();
    assertThat(either.lower()).isEqualTo(LOW);
    assertThat(either.not(CONNECTIVES).upper()).isEqualTo(complement(LOW));
    assertThat(either.not(CONNECTIVES).lower()).isNull();
    assertThat(unknown.not(CONNECTIVES).upper()).isNull();
  }

  @Test
  void boundsOfNoFilterAreNeutralAndHaveNoComplement() {
    Bounds<Set<RecordId>> all = Bounds.all();
    Bounds<Set<RecordId>> low = Bounds.exactly(LOW);

    assertThat(Bounds.and(List.of(all, low), CONNECTIVES).requireExact()).isEqualTo(LOW);
    assertThat(Bounds.or(List.of(all, low), CONNECTIVES).upper()).isNull();
    assertThat(Bounds.or(List.of(all, low), CONNECTIVES).exact()).isTrue();
    assertThat(Bounds.and(List.<Bounds<Set<RecordId>>>of(), CONNECTIVES).exact()).isTrue();
    assertThat(all.retain(each -> false).exact()).isTrue();
    assertThat(all.map(List::copyOf).exact()).isTrue();
    assertThatThrownBy(() -> all.not(CONNECTIVES)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Bounds.or(List.<Bounds<Set<RecordId>>>of(), CONNECTIVES))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(all::requireExact).isInstanceOf(UnsupportedFeature.class);
  }

  @Test
  void theFirstRefusalIsToldWhereTheBoundsAreNotExact() {
    Bounds<Set<RecordId>> first = Bounds.refused("no word for one");
    Bounds<Set<RecordId>> second = Bounds.refused("no word for two");
    Bounds<Set<RecordId>> exact = Bounds.exactly(LOW);
    List<Bounds<Set<RecordId>>> parts = List.of(exact, Bounds.unknown(), first, second);

    for (Bounds<Set<RecordId>> said :
        List.of(
            first,
            Bounds.and(parts, CONNECTIVES),
            Bounds.or(parts, CONNECTIVES),
            Bounds.or(parts, CONNECTIVES).not(CONNECTIVES),
            Bounds.and(parts, CONNECTIVES).retain(each -> true),
            Bounds.and(parts, CONNECTIVES).map(Set::copyOf))) {
      assertThat(said.exact()).isFalse();
      assertThatThrownBy(said::requireExact)
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessage("no word for one");
    }
    assertThatThrownBy(() -> Bounds.atMost(LOW).requireExact())
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("exactly");
    assertThat(exact.requireExact()).isEqualTo(LOW);
  }

  @Test
  void onlyWhatTheEngineTakesIsRetained() {
    Bounds<Set<RecordId>> between = Bounds.between(Set.of(), LOW);

    assertBounds(between.retain(each -> true), Set.of(), LOW);
    assertBounds(between.retain(Set::isEmpty), Set.of(), null);
    assertBounds(between.retain(LOW::equals), null, LOW);
    assertBounds(Bounds.exactly(LOW).retain(EVEN::equals), null, null);
    assertThat(Bounds.exactly(LOW).retain(LOW::equals).requireExact()).isEqualTo(LOW);
  }

  private static void assertBounds(
      Bounds<Set<RecordId>> bounds, @Nullable Set<RecordId> lower, @Nullable Set<RecordId> upper) {
    assertThat(bounds.exact()).isFalse();
    assertThat(bounds.lower()).isEqualTo(lower);
    assertThat(bounds.upper()).isEqualTo(upper);
  }

  @Test
  void inOtherWordsTheyAreTheSameBounds() {
    Bounds<Integer> between = Bounds.between(Set.of(RecordId.of(1)), LOW).map(Set::size);

    assertThat(between.lower()).isEqualTo(1);
    assertThat(between.upper()).isEqualTo(6);
    assertThat(between.exact()).isFalse();
    assertThat(Bounds.exactly(EVEN).map(Set::size).requireExact()).isEqualTo(6);
    assertThat(Bounds.exactly(EVEN).map(Set::size).lower()).isEqualTo(6);
    assertThat(Bounds.unknown().map(Object::toString).upper()).isNull();
    assertThat(Bounds.unknown().map(Object::toString).lower()).isNull();
  }
}
