package dev.vectorstore.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.migration.Mapping;
import dev.vectorstore.migration.ParityQuery;
import dev.vectorstore.support.PayloadJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Reads what arguments mean; what can't be read is an error of usage. Stateless. */
final class Arguments {
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  private Arguments() {}

  /** The containment form; all records without one. */
  static Filter filter(CommandSpec command, @Nullable String json) {
    if (json == null) {
      return Filter.all();
    }
    try {
      if (PayloadJson.parse(json) instanceof Value.ObjectValue object) {
        return Filter.containsJson(Payload.of(object));
      }
    } catch (InvalidRequest e) {
      throw Stores.usage(command, "--filter: " + e.getMessage());
    }
    throw Stores.usage(
        command, "--filter isn't a JSON object such as {\"metadata\": {\"source\": \"x\"}}");
  }

  /** Digits are a number, a UUID is one, all else is text. */
  static RecordId id(CommandSpec command, String text) {
    try {
      if (DIGITS.matcher(text).matches()) {
        return RecordId.of(Long.parseLong(text));
      }
      return UUID_FORM.matcher(text).matches()
          ? RecordId.of(UUID.fromString(text))
          : RecordId.of(text);
    } catch (InvalidRequest e) {
      throw Stores.usage(command, "--like: " + e.getMessage());
    }
  }

  /** A JSON array in a file. */
  static Embedding vector(CommandSpec command, Path file) {
    try {
      JsonNode array = new ObjectMapper().readTree(Files.readAllBytes(file));
      if (array == null || !array.isArray() || array.isEmpty()) {
        throw Stores.usage(command, file + " isn't a JSON array of numbers");
      }
      float[] components = new float[array.size()];
      for (int i = 0; i < components.length; i++) {
        JsonNode component = array.path(i);
        if (!component.isNumber()) {
          throw Stores.usage(command, file + " has a component that isn't a number");
        }
        components[i] = Float.parseFloat(component.asText());
      }
      return Embedding.of(components);
    } catch (JsonProcessingException e) {
      throw Stores.usage(command, file + " isn't JSON");
    } catch (IOException e) {
      throw Stores.usage(command, file + " can't be read");
    }
  }

  /** The mappings by collection; none without a file. */
  static Map<String, Mapping> mappings(CommandSpec command, @Nullable Path file) {
    if (file == null) {
      return Map.of();
    }
    try (Reader json = Files.newBufferedReader(file)) {
      return Mapping.parse(json);
    } catch (InvalidRequest e) {
      throw Stores.usage(command, file + ": " + e.getMessage());
    } catch (IOException e) {
      throw Stores.usage(command, file + " can't be read");
    }
  }

  /** The queries of a file; none without one. */
  static List<ParityQuery> queries(CommandSpec command, @Nullable Path file) {
    if (file == null) {
      return List.of();
    }
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      return ParityQuery.parse(lines);
    } catch (InvalidRequest e) {
      throw Stores.usage(command, file + ": " + e.getMessage());
    } catch (IOException e) {
      throw Stores.usage(command, file + " can't be read");
    }
  }
}
