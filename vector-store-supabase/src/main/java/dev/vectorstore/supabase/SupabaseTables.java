package dev.vectorstore.supabase;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Metric;
import dev.vectorstore.TextTerms;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStores;
import dev.vectorstore.supabase.managed.Description;
import dev.vectorstore.supabase.managed.Functions;
import dev.vectorstore.supabase.managed.ManagedStore;
import dev.vectorstore.supabase.managed.ServerFunction;
import dev.vectorstore.supabase.tables.ReadOnlyTables;
import dev.vectorstore.supabase.tables.Table;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The tables that somebody made without this library, for those who own them. Safe for threads.
 *
 * <pre>{@code
 * SupabaseTables tables = store.unwrap(SupabaseTables.class);
 * tables.adopt(TableAdoption.of("crawled_pages").build()).forEach(System.out::println);
 * }</pre>
 */
public final class SupabaseTables {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration RELEASE = Duration.ofMinutes(1);

  private final ReadOnlyTables tables;
  private final ManagedStore store;
  private final Functions functions;

  SupabaseTables(ReadOnlyTables tables, ManagedStore store, Functions functions) {
    this.tables = tables;
    this.store = store;
    this.functions = functions;
  }

  /**
   * Makes a table a collection that is written as well as read, without moving a row; it gets one
   * more index, on the ids of its rows. Doing it again takes in columns that were added since.
   * Writes respect the table's constraints, and those by other programs go on as before.
   *
   * <p>The collection lacks {@code TERMS}, and {@code RANKED_TEXT}, until {@link #makeTerms} has
   * been called, and again after another program has written texts.
   *
   * @param adoption the table
   * @return what its owner should know, each with the statement that mends it
   * @throws VectorStoreException.NotFound if there is no such table
   * @throws VectorStoreException.UnsupportedFeature if our SQL isn't installed, or the table has no
   *     key that can be an id
   * @throws VectorStoreException.Conflict if another collection has this name, or another table of
   *     the schema {@code public} that it would hide, row-level security hides rows, the vectors
   *     have indexes of several metrics and none is said, or a field that shall be ranked is
   *     declared as no text
   * @throws VectorStoreException.InvalidRequest if a column isn't there, or what shall be ranked is
   *     no text
   */
  public List<String> adopt(TableAdoption adoption) {
    Attempt attempt = lasting(adoption.timeout());
    return named(
        "adopt",
        adoption.table(),
        () -> {
          store.requireInstalled(attempt);
          return functions.call(
              ServerFunction.ADOPT,
              out -> write(out, adoption, tables.schema()),
              SupabaseTables::notes,
              attempt);
        });
  }

  /** As all errors of the port, these begin with operation, collection and engine. */
  private <T> T named(String operation, String collection, Supplier<T> call) {
    try {
      VectorStores.requireName(collection);
      return call.get();
    } catch (VectorStoreException failure) {
      throw failure.withMessage(
          operation
              + " on "
              + VectorStores.shownName(collection)
              + " ("
              + tables.name()
              + "): "
              + failure.getMessage());
    }
  }

  private static void write(JsonGenerator out, TableAdoption adoption, String usual)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("usualSchema", usual);
    out.writeStringField("table", adoption.table());
    writeOption(out, "schema", adoption.schema());
    writeOption(out, "collection", adoption.collection());
    out.writeNumberField("termsVersion", TextTerms.version());
    writeOption(out, "vectorColumn", adoption.vectorColumn());
    writeOption(out, "contentColumn", adoption.contentColumn());
    writeOption(out, "metadataColumn", adoption.metadataColumn());
    writeOption(out, "metric", adoption.metric().map(Metric::name));
    out.writeArrayFieldStart("ranked");
    for (FieldPath field : adoption.ranked()) {
      Description.write(out, field);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void writeOption(JsonGenerator out, String name, Optional<String> option)
      throws IOException {
    if (option.isPresent()) {
      out.writeStringField(name, option.get());
    }
  }

  private static List<String> notes(JsonParser in) throws IOException {
    JsonNode answer = JSON.readTree(in);
    List<String> notes = new ArrayList<>();
    answer.path("notes").forEach(note -> notes.add(note.asText()));
    return notes;
  }

  /**
   * Makes the terms of a collection's texts that were written before its text fields were declared,
   * or by other programs. It can be cut off and called again, and goes on where it was.
   *
   * @param collection its name
   * @param timeout how long it may take
   * @throws VectorStoreException.Unavailable if the time runs out
   * @throws VectorStoreException.NotFound if it is no collection of ours
   */
  public void makeTerms(String collection, Duration timeout) {
    Attempt attempt = lasting(timeout);
    named(
        "makeTerms",
        collection,
        () -> {
          store.makeTerms(known(collection, attempt), attempt);
          return true;
        });
  }

  /**
   * Lets an adopted table go: it is read as an existing table again. Its rows stay.
   *
   * @param collection its name
   * @return true if it was adopted
   */
  public boolean release(String collection) {
    Attempt attempt = lasting(RELEASE);
    return named(
        "release",
        collection,
        () -> {
          store.requireInstalled(attempt);
          String name = known(collection, attempt);
          return functions.call(
              ServerFunction.RELEASE,
              out -> {
                out.writeStartObject();
                out.writeStringField("collection", name);
                out.writeEndObject();
              },
              JsonParser::getBooleanValue,
              attempt);
        });
  }

  /** Where a name alone is one of another schema than public, our SQL knows it behind that. */
  private String known(String collection, Attempt attempt) {
    store.requireInstalled(attempt);
    boolean bare =
        !tables.schema().equals(Table.USUAL_SCHEMA)
            && store.open(collection, collection, attempt).isEmpty();
    return bare ? Table.qualified(tables.schema(), collection) : collection;
  }

  private static Attempt lasting(Duration time) {
    long end = Ticker.SYSTEM.nanos() + time.toNanos();
    return () -> Duration.ofNanos(Math.max(1, end - Ticker.SYSTEM.nanos()));
  }
}
