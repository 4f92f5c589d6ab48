package dev.vectorstore.testkit;

import dev.vectorstore.Capability;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The capabilities that a filter's text predicates need. */
final class TextNeeds implements Filter.Fold<Set<Capability>> {
  static final TextNeeds INSTANCE = new TextNeeds();

  private TextNeeds() {}

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
