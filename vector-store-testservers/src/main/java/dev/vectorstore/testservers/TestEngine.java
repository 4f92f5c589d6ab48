package dev.vectorstore.testservers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real engine that tests need, and whether this machine has it.
 *
 * <p>Qdrant is looked for at a URL in the environment first, then, as the others are, among the
 * programs of the PATH. Where an engine is missing, its tests are skipped with one loud line,
 * unless the system property {@code engines} names it ({@code -Dengines=supabase,qdrant}): then
 * they fail.
 *
 * <p>Tests say {@code @RequiresEngine(TestEngine.QDRANT)}.
 */
public enum TestEngine {
  /** Qdrant, at {@code VECTORSTORE_QDRANT_URL} or as the program {@code qdrant}. */
  QDRANT {
    @Override
    Optional<String> findMissing() {
      if (QdrantServer.attachedUrl().isPresent()) {
        return Optional.empty();
      }
      return missingProgram("qdrant")
          .map(what -> what + "; put it there or set VECTORSTORE_QDRANT_URL");
    }
  },

  /** Postgres with pgvector, and PostgREST, as the programs that tools/install-engines installs. */
  SUPABASE {
    @Override
    Optional<String> findMissing() {
      return Stream.of(missingPostgres(), missingProgram("psql"), missingProgram("postgrest"))
          .flatMap(Optional::stream)
          .findFirst()
          .map(what -> what + "; run tools/install-engines as root");
    }
  },

  /** PgBouncer, the pooler before a Postgres. */
  PGBOUNCER {
    @Override
    Optional<String> findMissing() {
      return missingProgram("pgbouncer").map(what -> what + "; run tools/install-engines as root");
    }
  };

  private static final Logger LOG = LoggerFactory.getLogger(TestEngine.class);
  private static final String REQUIRED_PROPERTY = "engines";
  private static final Set<TestEngine> SAID = ConcurrentHashMap.newKeySet();

  /** What this machine lacks to run the engine, with what to do about it; empty when it has all. */
  public Optional<String> missing() {
    Optional<String> missing = findMissing();
    if (missing.isPresent() && !required() && SAID.add(this)) {
      LOG.warn("SKIPPED: every test that needs {}: {}", name(), missing.get());
    }
    return missing;
  }

  /** Whether the person who runs the tests said that this engine has to be there. */
  public boolean required() {
    return isNamedIn(System.getProperty(REQUIRED_PROPERTY, ""));
  }

  boolean isNamedIn(String engines) {
    return Stream.of(engines.split(",", -1))
        .anyMatch(name -> name.strip().toUpperCase(Locale.ROOT).equals(name()));
  }

  abstract Optional<String> findMissing();

  private static Optional<String> missingProgram(String name) {
    return Programs.onPath(name).isPresent()
        ? Optional.empty()
        : Optional.of("there is no program '" + name + "' on the PATH");
  }

  private static Optional<String> missingPostgres() {
    Optional<Path> programs = Programs.postgresFolder();
    if (programs.isEmpty()) {
      return Optional.of("Postgres isn't installed");
    }
    return hasPgvector(programs.get())
        ? Optional.empty()
        : Optional.of("the Postgres in " + programs.get() + " has no pgvector");
  }

  private static boolean hasPgvector(Path programs) {
    try {
      Process config =
          new ProcessBuilder(programs.resolve("pg_config").toString(), "--sharedir").start();
      try (var output = config.inputReader()) {
        String folder = output.lines().collect(Collectors.joining());
        return config.waitFor(10, TimeUnit.SECONDS)
            && Files.exists(Path.of(folder, "extension", "vector.control"));
      }
    } catch (IOException e) {
      return false; // no pg_config: not an installation that an extension was built for
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
