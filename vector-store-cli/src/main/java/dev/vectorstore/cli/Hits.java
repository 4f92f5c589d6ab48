package dev.vectorstore.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vectorstore.SearchHit;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows hits. Stateless. */
final class Hits {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 160;

  private Hits() {}

  /** The hits as one line of JSON. */
  static String json(List<SearchHit> hits) {
    try {
      return JSON.writeValueAsString(Map.of("hits", hits.stream().map(Hits::map).toList()));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("hits are plain values", impossible);
    }
  }

  private static Map<String, @Nullable Object> map(SearchHit hit) {
    Map<String, @Nullable Object> normal = hit.toMap();
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (String key : List.of("id", "similarity", "content", "metadata")) {
      map.put(key, normal.get(key));
    }
    map.put("payload", hit.record().payload().toMap());
    return map;
  }

  /** A few lines a hit: where it is from and how it begins. */
  static void print(List<SearchHit> hits, PrintWriter out) {
    int rank = 1;
    for (SearchHit hit : hits) {
      String score =
          hit.similarity().isPresent()
              ? String.format(Locale.ROOT, "%.4f", hit.similarity().getAsDouble())
              : "-";
      String url = hit.record().payload().text("url").orElse("");
      out.println(rank++ + ". " + score + "  " + hit.id() + title(hit) + "  " + url);
      hit.content().ifPresent(content -> out.println("   " + beginning(content)));
    }
    if (hits.isEmpty()) {
      out.println("nothing found");
    }
  }

  private static String title(SearchHit hit) {
    return hit.toMap().get("metadata") instanceof Map<?, ?> metadata
            && metadata.get("title") instanceof String title
        ? "  " + title
        : "";
  }

  private static String beginning(String content) {
    String line = content.strip().replaceAll("\\s+", " ");
    if (line.length() <= SHOWN) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, line.codePointCount(0, SHOWN))) + " ...";
  }
}
