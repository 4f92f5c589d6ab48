package dev.vectorstore.testservers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds programs on the PATH, and Postgres' own in the folder where Debian keeps them. */
final class Programs {
  private static final Path DEBIAN_POSTGRES = Path.of("/usr/lib/postgresql");

  private Programs() {}

  /** The program of this name on the PATH. */
  static Optional<Path> onPath(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .flatMap(folder -> inFolder(folder, name))
        .findFirst();
  }

  /** The folder that holds Postgres' server programs, links resolved. */
  static Optional<Path> postgresFolder() {
    return onPath("postgres")
        .or(Programs::debianPostgres)
        .map(Programs::realPath)
        .map(Path::getParent);
  }

  /**
   * What Postgres lacks for the tests: its programs, pgvector, or the client; empty when it has
   * all.
   */
  static Optional<String> missingPostgres() {
    Optional<Path> programs = postgresFolder();
    if (programs.isEmpty()) {
      return Optional.of("Postgres isn't installed");
    }
    if (!hasPgvector(programs.get())) {
      return Optional.of("the Postgres in " + programs.get() + " has no pgvector");
    }
    return missing("psql");
  }

  /** What to say of a program that isn't on the PATH; empty when it is. */
  static Optional<String> missing(String name) {
    return onPath(name).isPresent()
        ? Optional.empty()
        : Optional.of("there is no program '" + name + "' on the PATH");
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

  /** Such a program, or an error that says what to install. */
  static Path require(String name) {
    return onPath(name)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "There is no program '" + name + "' on the PATH; install it to run this test"));
  }

  private static Stream<Path> inFolder(String folder, String name) {
    try {
      return Stream.of(Path.of(folder, name)).filter(Files::isExecutable);
    } catch (InvalidPathException e) {
      return Stream.empty();
    }
  }

  private static Optional<Path> debianPostgres() {
    if (!Files.isDirectory(DEBIAN_POSTGRES)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(DEBIAN_POSTGRES)) {
      return versions
          .map(version -> version.resolve("bin/postgres"))
          .filter(Files::isExecutable)
          .max(Comparator.comparing(Path::toString));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path realPath(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
