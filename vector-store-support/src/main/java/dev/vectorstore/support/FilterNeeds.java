package dev.vectorstore.support;

import dev.vectorstore.Capability;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The capabilities that a filter needs. */
final class FilterNeeds implements Filter.Fold<Set<Capability>> {
  static final FilterNeeds INSTANCE = new FilterNeeds();

  private FilterNeeds() {}

  @Override
  public Set<Capability> leaf() {
    return Set.of();
  }

  @Override
  public Set<Capability> both(Set<Capability> first, Set<Capability> second) {
    Set<Capability> needs = EnumSet.noneOf(Capability.class);
    needs.addAll(first);
    needs.addAll(second);
    return needs;
  }

  @Override
  public Set<Capability> matchesText(FieldPath path, List<String> terms) {
    return Set.of(Capability.TERMS);
  }

  @Override
  public Set<Capability> matchesPhrase(FieldPath path, List<String> terms) {
    return Set.of(Capability.PHRASE);
  }
}
