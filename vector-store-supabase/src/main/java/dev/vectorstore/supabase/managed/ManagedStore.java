package dev.vectorstore.supabase.managed;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.WriteMode;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.CollectionEngine;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;

/** The collections that our SQL manages, over any transport. Safe for threads. */
public final class ManagedStore {
  /** Of our SQL script, and the oldest one whose functions are the ones that are called here. */
  public static final int VERSION = 4;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Functions functions;
  private final AtomicBoolean installed = new AtomicBoolean();
  private final AtomicBoolean answers = new AtomicBoolean();

  public ManagedStore(Functions functions) {
    this.functions = functions;
  }

  /**
   * Whether our SQL is there; asked until it is.
   *
   * @throws UnsupportedFeature if it is older than this client
   */
  public boolean isInstalled(Attempt attempt) {
    if (!installed.get()) {
      OptionalInt version = functions.version(attempt);
      if (version.isEmpty()) {
        return false;
      }
      if (version.getAsInt() < VERSION) {
        throw new UnsupportedFeature(
            "the server has version "
                + version.getAsInt()
                + " of our SQL, and this client needs "
                + VERSION
                + "; it is upgraded in place: "
                + ServerFunction.INSTALL);
      }
      installed.set(true);
    }
    return true;
  }

  /** Whether it was seen that our SQL is there, of whatever version. */
  public boolean isKnown() {
    return installed.get() || answers.get();
  }

  public void requireInstalled(Attempt attempt) {
    if (!isInstalled(attempt)) {
      throw new UnsupportedFeature(
          "our SQL isn't installed on the server, so that collections can be read only; "
              + ServerFunction.INSTALL);
    }
  }

  public void ensure(CollectionSpec spec, Attempt attempt) {
    requireInstalled(attempt);
    Optional<Description> made =
        functions
            .call(
                ServerFunction.ENSURE,
                out -> Description.write(out, spec),
                ManagedStore::described,
                attempt)
            .map(Description::of);
    if (made.isPresent() && !made.get().terms().areReady()) {
      makeTerms(made.get(), attempt);
    }
  }

  /** Makes the terms that are lacking. */
  public void makeTerms(String name, Attempt attempt) {
    requireInstalled(attempt);
    makeTerms(required(name, attempt), attempt);
  }

  private void makeTerms(Description found, Attempt attempt) {
    Description taken = found;
    if (found.terms() == Terms.OUTDATED) {
      new Backfill(functions, found).takeOver(attempt);
      taken = required(found.info().name(), attempt);
      if (taken.terms() == Terms.OUTDATED) {
        throw new UnsupportedFeature(
            "the server's version of our SQL doesn't know by which rules terms were made; it is"
                + " upgraded in place: "
                + ServerFunction.INSTALL);
      }
    }
    new Backfill(functions, taken).run(attempt);
  }

  private Description required(String name, Attempt attempt) {
    return described(name, attempt)
        .orElseThrow(() -> new NotFound("there is no collection of this name; adopt the table"));
  }

  /**
   * Opens a collection, in one request where it is there.
   *
   * @param name under which it is looked for
   * @param asked the name that it has for whoever asked
   * @return empty if it is none of ours, or our SQL isn't there
   * @throws UnsupportedFeature if our SQL is older than this client
   */
  public Optional<ManagedCollection> open(String name, String asked, Attempt attempt) {
    return described(name, attempt)
        .map(description -> new ManagedCollection(description.as(asked), functions));
  }

  private Optional<Description> described(String name, Attempt attempt) {
    Optional<JsonNode> said;
    try {
      said =
          functions.call(
              ServerFunction.DESCRIBE,
              out -> writeName(out, name),
              ManagedStore::described,
              attempt);
    } catch (UnsupportedFeature noFunction) {
      if (isKnown()) {
        throw noFunction;
      }
      return Optional.empty();
    }
    answers.set(true);
    if (said.isEmpty()) {
      return Optional.empty();
    }
    if (said.get().path("version").asInt() >= VERSION) {
      installed.set(true);
    }
    return isInstalled(attempt) ? said.map(Description::of) : Optional.empty();
  }

  /** What a function says of a collection, or empty if there is none. */
  private static Optional<JsonNode> described(JsonParser in) throws IOException {
    return in.currentToken() == JsonToken.VALUE_NULL
        ? Optional.empty()
        : Optional.of(JSON.readTree(in));
  }

  /** The names of all, and of those that are adopted tables the tables, as schema.table. */
  public Map<String, Optional<String>> collections(Attempt attempt) {
    return functions.call(
        ServerFunction.COLLECTIONS,
        out -> {
          out.writeStartObject();
          out.writeBooleanField("tables", true);
          out.writeEndObject();
        },
        ManagedStore::readNames,
        attempt);
  }

  private static Map<String, Optional<String>> readNames(JsonParser in) throws IOException {
    Map<String, Optional<String>> names = new LinkedHashMap<>();
    ManagedRows.require(in, JsonToken.START_ARRAY);
    for (JsonNode entry : JSON.<JsonNode>readTree(in)) {
      // An older version of our SQL says the names alone.
      names.put(
          entry.path("name").asText(entry.asText()),
          Optional.ofNullable(entry.path("table").textValue()));
    }
    return names;
  }

  public boolean drop(String name, Attempt attempt) {
    requireInstalled(attempt);
    return functions.call(
        ServerFunction.DROP, out -> writeName(out, name), JsonParser::getBooleanValue, attempt);
  }

  public boolean dropVector(String name, String vector, Attempt attempt) {
    requireInstalled(attempt);
    return functions.call(
        ServerFunction.DROP_VECTOR,
        out -> {
          out.writeStartObject();
          out.writeStringField("collection", name);
          out.writeStringField("vector", vector);
          out.writeEndObject();
        },
        JsonParser::getBooleanValue,
        attempt);
  }

  public void apply(
      WriteBatch batch, Map<String, CollectionEngine<?>> collections, Attempt attempt) {
    functions.call(
        ServerFunction.WRITE,
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("operations");
          for (WriteBatch.Operation operation : batch.operations()) {
            ManagedCollection collection =
                (ManagedCollection) Objects.requireNonNull(collections.get(operation.collection()));
            write(out, operation, collection);
          }
          out.writeEndArray();
          out.writeEndObject();
        },
        JsonParser::getBooleanValue,
        attempt);
  }

  private static void write(
      JsonGenerator out, WriteBatch.Operation operation, ManagedCollection collection)
      throws IOException {
    if (operation instanceof WriteBatch.Upsert upsert) {
      Map<RecordId, VectorRecord> last = new LinkedHashMap<>();
      upsert.records().forEach(record -> last.put(record.id(), record));
      collection.requests().upsert(out, last.values(), WriteMode.REPLACE);
    } else if (operation instanceof WriteBatch.Delete delete) {
      collection.requests().beginWrite(out);
      ManagedRequests.ids(out, "delete", delete.ids());
      out.writeEndObject();
    } else if (operation instanceof WriteBatch.DeleteWhere delete && !delete.filter().isNone()) {
      FilterJson filter = collection.compile(delete.filter()).upper();
      collection.requests().beginWrite(out);
      ManagedRequests.filter(out, "where", filter);
      out.writeEndObject();
    }
  }

  private static void writeName(JsonGenerator out, String name) throws IOException {
    out.writeStartObject();
    out.writeStringField("collection", name);
    out.writeEndObject();
  }
}
