package dev.vectorstore.migration;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The report of a verification for machines. Stateless. */
final class VerifyJson {
  private VerifyJson() {}

  static ObjectNode write(VerifyReport report) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("from", report.from()).put("to", report.to());
    root.put("passed", report.passed()).put("min_overlap", report.minOverlap());
    if (!report.queriesNotAsked().isEmpty()) {
      ArrayNode notAsked = root.putArray("queries_asked_nowhere");
      report.queriesNotAsked().forEach(notAsked::add);
    }
    Json.putTexts(root, "left_out", report.leftOut());
    ArrayNode collections = root.putArray("collections");
    report.collections().forEach(c -> write(collections.addObject(), c));
    return root;
  }

  private static void write(ObjectNode node, VerifyReport.Collection collection) {
    node.put("name", collection.name())
        .put("count_from", collection.countFrom())
        .put("count_to", collection.countTo())
        .put("payload_mismatches", collection.payloadMismatches())
        .put("vector_mismatches", collection.vectorMismatches());
    put(node, "overlap_at_k", collection.overlap());
    put(node, "source_overlap_at_k", collection.sourceOverlap());
    VerifyReport.Conditions conditions = collection.searches().conditions();
    node.put("k", conditions.k())
        .put("queries", collection.searches().target().queries())
        .put("queries_not_asked", conditions.unasked())
        .put("target_ranks_text", conditions.ranked())
        .put("target", collection.target())
        .put("missing", collection.missing())
        .put("extra", collection.extra())
        .put("unmovable", collection.unmovable())
        .put("uncompared", collection.uncompared())
        .put("without_vector", collection.withoutVector())
        .put("hash_from", collection.compared().hashes().get(0))
        .put("hash_to", collection.compared().hashes().get(1));
    ArrayNode unread = node.putArray("unread_columns");
    collection.unreadColumns().forEach(column -> unread.add(column.toString()));
    ObjectNode sources = node.putObject("by_source");
    collection.counts().bySource().forEach((id, counts) -> putCounts(sources, id, counts));
    write(node, "", collection.searches().target());
    write(node, "source_", collection.searches().source());
    ArrayNode examples = node.putArray("examples");
    collection.compared().examples().forEach(examples::add);
    node.put("seconds", Math.round(collection.seconds() * 1000) / 1000.0);
  }

  private static void putCounts(ObjectNode node, String id, List<Long> counts) {
    node.putObject(id).put("count_from", counts.get(0)).put("count_to", counts.get(1));
  }

  private static void write(ObjectNode node, String prefix, ParitySummary summary) {
    ObjectNode kinds = node.putObject(prefix + "overlap_by_kind");
    summary.byKind().forEach((kind, mean) -> kinds.put(kind.name().toLowerCase(Locale.ROOT), mean));
    ObjectNode causes = node.putObject(prefix + "causes");
    for (Map.Entry<String, Long> cause : summary.causes().entrySet()) {
      causes.put(cause.getKey(), cause.getValue());
    }
    ArrayNode differences = node.putArray(prefix + "differences");
    for (ParitySummary.Difference difference : summary.differences()) {
      differences
          .addObject()
          .put("query", difference.query())
          .put("record", difference.record())
          .put("cause", difference.cause());
    }
  }

  private static void put(ObjectNode node, String key, OptionalDouble value) {
    if (value.isPresent()) {
      node.put(key, value.getAsDouble());
    } else {
      node.putNull(key);
    }
  }
}
