package dev.vectorstore;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The filters made of filters, and the folding of constants. */
final class Connectives {
  private Connectives() {}

  record And(List<Filter> filters, int depth) implements Filter {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.and(filters);
    }
  }

  record Or(List<Filter> filters, int depth) implements Filter {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.or(filters);
    }
  }

  record Not(Filter filter, int depth) implements Filter {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.not(filter);
    }
  }

  static Filter and(List<Filter> filters) {
    List<Filter> open = withoutConstant(flat(filters, And.class), Filter.all(), "and");
    if (open.contains(Filter.none())) {
      return Filter.none();
    }
    if (open.size() < 2) {
      return open.isEmpty() ? Filter.all() : open.get(0);
    }
    return new And(open, requireDepth(open));
  }

  /**
   * As {@link #and}, for a filter of ours beside one of the user's, who may use the whole depth.
   */
  static Filter both(Filter ours, Filter users) {
    if (users.isAll() || users.isNone()) {
      return users.isAll() ? ours : users;
    }
    return new And(List.of(ours, users), 1 + Math.max(ours.depth(), users.depth()));
  }

  static Filter or(List<Filter> filters) {
    List<Filter> open = withoutConstant(flat(filters, Or.class), Filter.none(), "or");
    if (open.contains(Filter.all())) {
      return Filter.all();
    }
    if (open.size() < 2) {
      return open.isEmpty() ? Filter.none() : open.get(0);
    }
    return new Or(open, requireDepth(open));
  }

  static Filter not(Filter filter) {
    if (Objects.requireNonNull(filter, "filter").isAll()) {
      return Filter.none();
    }
    return filter.isNone() ? Filter.all() : new Not(filter, requireDepth(List.of(filter)));
  }

  /** The same connective inside is the same as its filters beside: chains don't nest. */
  private static List<Filter> flat(List<Filter> filters, Class<? extends Filter> same) {
    if (filters.stream().noneMatch(same::isInstance)) {
      return filters;
    }
    List<Filter> flat = new ArrayList<>();
    for (Filter filter : filters) {
      if (!same.isInstance(filter)) {
        flat.add(filter);
      } else {
        flat.addAll(filter instanceof And and ? and.filters : ((Or) filter).filters);
      }
    }
    return flat;
  }

  private static List<Filter> withoutConstant(List<Filter> filters, Filter constant, String name) {
    if (filters.isEmpty()) {
      throw new VectorStoreException.InvalidRequest(
          "an empty " + name + "(...) has no meaning; use Filter.all() or Filter.none()");
    }
    List<Filter> open = new ArrayList<>(filters);
    open.removeIf(constant::equals);
    return List.copyOf(open);
  }

  private static int requireDepth(List<Filter> filters) {
    int depth = 1 + filters.stream().mapToInt(Filter::depth).max().orElse(0);
    if (depth > Filter.MAX_DEPTH) {
      throw new VectorStoreException.InvalidRequest(
          "the filter nests " + depth + " deep, and " + Filter.MAX_DEPTH + " is the most");
    }
    return depth;
  }
}
