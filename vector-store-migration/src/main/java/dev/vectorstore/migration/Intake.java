package dev.vectorstore.migration;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells the rows of a page that can be moved from those that can't. Stateless. */
final class Intake {
  private final Mapping mapping;
  private final CollectionSpec target;
  private final boolean inexactRejected;

  /**
   * A page's rows, sorted.
   *
   * @param items what can be moved
   * @param rejects what can't
   * @param read all rows of the page
   * @param withoutVector items without a vector
   * @param asText where numbers are kept as text, for people
   */
  record Sorted(
      List<BatchWriter.Item> items,
      List<Reject> rejects,
      long read,
      long withoutVector,
      List<String> asText) {}

  Intake(Mapping mapping, CollectionSpec target, boolean inexactRejected) {
    this.mapping = mapping;
    this.target = target;
    this.inexactRejected = inexactRejected;
  }

  Sorted sort(SourcePage page) {
    List<Reject> rejects = new ArrayList<>();
    List<String> asText = new ArrayList<>();
    Map<RecordId, String> refused = new HashMap<>();
    long read = page.records().size();
    for (RecordIssue issue : page.issues()) {
      if (issue.kind() == RecordIssue.Kind.UNREADABLE) {
        rejects.add(new Reject(issue.row(), null, issue.reason()));
        read++;
      } else if (issue.kind() == RecordIssue.Kind.NUMBER_AS_TEXT) {
        if (inexactRejected) {
          issue
              .id()
              .ifPresent(id -> refused.put(id, issue.path().orElse("") + " " + issue.reason()));
        } else {
          asText.add(issue.row() + " " + issue.path().orElse(""));
        }
      }
    }
    List<BatchWriter.Item> items = new ArrayList<>(page.records().size());
    for (VectorRecord record : page.records()) {
      take(record, refused, items, rejects);
    }
    long withoutVector = items.stream().filter(i -> i.mapped().vectors().isEmpty()).count();
    return new Sorted(items, rejects, read, withoutVector, asText);
  }

  private void take(
      VectorRecord record,
      Map<RecordId, String> refused,
      List<BatchWriter.Item> items,
      List<Reject> rejects) {
    String reason = refused.get(record.id());
    if (reason != null) {
      rejects.add(new Reject(record.id().toString(), record, reason));
      return;
    }
    try {
      VectorRecord mapped = target.named(mapping.apply(record));
      target.check(mapped);
      items.add(new BatchWriter.Item(record, mapped));
    } catch (InvalidRequest e) {
      rejects.add(new Reject(record.id().toString(), record, Reasons.of(e)));
    }
  }
}
