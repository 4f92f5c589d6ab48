package dev.vectorstore.supabase.tables;

import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is noticed while one row is read, before its id is known. Used by one thread. */
public final class RowNotes {
  private final List<String> numbersAsText = new ArrayList<>();
  private final Deque<String> path = new ArrayDeque<>();
  private @Nullable String unreadable;
  private final Map<String, RecordIssue.Kind> embeddings = new LinkedHashMap<>();

  void enter(String segment) {
    path.addLast(segment);
  }

  void leave() {
    path.removeLast();
  }

  /** How deep the value that is read now stands; a column is 1. */
  int depth() {
    return path.size();
  }

  void numberAsText() {
    numbersAsText.add(pointer());
  }

  /** The first reason stays. */
  public void unreadable(String reason) {
    if (unreadable == null) {
      String pointer = pointer();
      unreadable = pointer.isEmpty() ? reason : "at " + pointer + ": " + reason;
    }
  }

  void embedding(RecordIssue.Kind kind, String reason) {
    embeddings.put(reason, kind);
  }

  public @Nullable String unreadable() {
    return unreadable;
  }

  public List<RecordIssue> of(RecordId id) {
    List<RecordIssue> issues = new ArrayList<>();
    embeddings.forEach((reason, kind) -> issues.add(RecordIssue.of(kind, id, reason)));
    for (String number : numbersAsText) {
      issues.add(
          RecordIssue.numberAsText(
              id, number, "an int64 or a double would change the number, so its text is kept"));
    }
    return issues;
  }

  /** As RFC 6901 writes it. */
  private String pointer() {
    StringBuilder pointer = new StringBuilder();
    for (Iterator<String> segments = path.iterator(); segments.hasNext(); ) {
      pointer.append('/').append(segments.next().replace("~", "~0").replace("/", "~1"));
    }
    return pointer.toString();
  }
}
