package dev.vectorstore.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The user that Postgres runs as: ourselves, or another one when we are root, which it refuses. */
final class ServerUser {
  private static final List<String> CANDIDATES = List.of("postgres", "nobody");

  private ServerUser() {}

  /** The command, run as that user; setpriv keeps its process id, so signals reach the server. */
  static List<String> command(List<String> command) {
    if (!weAreRoot()) {
      return command;
    }
    String user = other().getName();
    List<String> wrapped =
        new ArrayList<>(
            List.of(
                Programs.require("setpriv").toString(), "--reuid=" + user, "--clear-groups", "--"));
    wrapped.addAll(command);
    return wrapped;
  }

  /** Gives the folder to that user. */
  static void own(Path folder) {
    if (weAreRoot()) {
      try {
        Files.setOwner(folder, other());
      } catch (IOException e) {
        throw new UncheckedIOException("Can't give " + folder + " to the user of Postgres", e);
      }
    }
  }

  private static boolean weAreRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static UserPrincipal other() {
    UserPrincipalLookupService users = Path.of("/").getFileSystem().getUserPrincipalLookupService();
    for (String name : CANDIDATES) {
      Optional<UserPrincipal> found = lookUp(users, name);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new IllegalStateException(
        "Postgres doesn't run as root, and there is no user of " + CANDIDATES + "; add one");
  }

  private static Optional<UserPrincipal> lookUp(UserPrincipalLookupService users, String name) {
    try {
      return Optional.of(users.lookupPrincipalByName(name));
    } catch (UserPrincipalNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Can't look up the user " + name, e);
    }
  }
}
