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
final class PageSorter {
  private final Mapping mapping;
  private final CollectionSpec target;
  private final boolean inexactRejected;

  PageSorter(Mapping mapping, CollectionSpec target, boolean inexactRejected) {
    this.mapping = mapping;
    this.target = target;
    this.inexactRejected = inexactRejected;
  }

  SortedPage sort(SourcePage page) {
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
    List<MappedRecord> items = new ArrayList<>(page.records().size());
    for (VectorRecord record : page.records()) {
      take(record, refused, items, rejects);
    }
    long withoutVector = items.stream().filter(i -> i.mapped().vectors().isEmpty()).count();
    return new SortedPage(items, rejects, read, withoutVector, asText);
  }

  private void take(
      VectorRecord record,
      Map<RecordId, String> refused,
      List<MappedRecord> items,
      List<Reject> rejects) {
    String reason = refused.get(record.id());
    if (reason != null) {
      rejects.add(new Reject(record.id().toString(), record, reason));
      return;
    }
    try {
      VectorRecord mapped = target.named(mapping.apply(record));
      target.check(mapped);
      items.add(new MappedRecord(record, mapped));
    } catch (InvalidRequest e) {
      rejects.add(new Reject(record.id().toString(), record, e.getMessage()));
    }
  }
}
