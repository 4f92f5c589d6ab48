package dev.vectorstore.testservers;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real engine that tests need, and whether this machine has it.
 *
 * <p>Qdrant is looked for at {@code VECTORSTORE_QDRANT_URL} first. Then, as the others are, it is
 * looked for among the programs of this machine, and where there is none, but a Docker, it is
 * started in a container. Where an engine is missing, its tests are skipped with one loud line,
 * unless the system property {@code engines} names it ({@code -Dengines=supabase,qdrant}): then
 * they fail.
 *
 * <p>Tests say {@code @RequiresEngine(TestEngine.QDRANT)}.
 */
public enum TestEngine {
  /** Qdrant. */
  QDRANT {
    @Override
    Optional<String> findMissing() {
      return lacks(QdrantServer.source(true), Programs.missing("qdrant"))
          .map(what -> what + "; put it there, start Docker or set VECTORSTORE_QDRANT_URL");
    }
  },

  /** Postgres with pgvector, and PostgREST, as tools/install-engines installs them. */
  SUPABASE {
    @Override
    Optional<String> findMissing() {
      return lacks(PostgresServer.source(), Programs.missingPostgres())
          .or(() -> lacks(PostgrestServer.source(), Programs.missing("postgrest")))
          .map(what -> what + "; run tools/install-engines as root, or start Docker");
    }
  },

  /** PgBouncer, the pooler before a Postgres; as a program alone. */
  PGBOUNCER {
    @Override
    Optional<String> findMissing() {
      return Programs.missing("pgbouncer")
          .map(what -> what + "; run tools/install-engines as root");
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

  /** What there isn't, if the server comes from nowhere. */
  private static Optional<String> lacks(ServerSource source, Optional<String> missing) {
    return source == ServerSource.NOWHERE ? missing : Optional.empty();
  }
}
