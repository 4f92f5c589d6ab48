package dev.vectorstore.migration;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.support.RecordSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells the rows of a page that can be moved from those that can't. Stateless. */
final class PageSorter {
  private final Mapping mapping;
  private final CollectionSpec target;
  private final boolean inexactRejected;
  private final boolean checked;

  private PageSorter(
      Mapping mapping, CollectionSpec target, boolean inexactRejected, boolean checked) {
    this.mapping = mapping;
    this.target = target;
    this.inexactRejected = inexactRejected;
    this.checked = checked;
  }

  /** Leaves it to the target to check the records: it does when they are written. */
  static PageSorter mapping(Mapping mapping, CollectionSpec target, boolean inexactRejected) {
    return new PageSorter(mapping, target, inexactRejected, false);
  }

  /** Checks each record as the target would, where none is written. */
  static PageSorter checking(Mapping mapping, CollectionSpec target, boolean inexactRejected) {
    return new PageSorter(mapping, target, inexactRejected, true);
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
    for (SizedRecord row : page.records()) {
      take(row, refused, items, rejects);
    }
    long withoutVector = items.stream().filter(i -> i.mapped().vectors().isEmpty()).count();
    return new SortedPage(items, rejects, read, withoutVector, asText);
  }

  private void take(
      SizedRecord row,
      Map<RecordId, String> refused,
      List<MappedRecord> items,
      List<Reject> rejects) {
    VectorRecord record = row.record();
    String reason = refused.get(record.id());
    if (reason != null) {
      rejects.add(new Reject(record.id().toString(), record, reason));
      return;
    }
    try {
      VectorRecord mapped = target.named(mapping.apply(record));
      if (checked) {
        target.check(mapped);
      }
      long bytes = mapping.keepsRecords() ? row.bytes() : RecordSize.estimate(mapped);
      items.add(new MappedRecord(record, mapped, bytes));
    } catch (InvalidRequest e) {
      rejects.add(new Reject(record.id().toString(), record, e.getMessage()));
    }
  }
}
