package dev.vectorstore.testservers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a server's container is made of.
 *
 * @param name the server's name, for messages
 * @param image its image, pinned by a tag
 * @param environment its variables
 * @param command what runs in it; the image's own command when empty
 * @param shared files and folders of this machine that it has at the same path
 */
record ContainerPlan(
    String name,
    String image,
    Map<String, String> environment,
    List<String> command,
    List<Path> shared) {
  ContainerPlan {
    environment = Map.copyOf(environment);
    command = List.copyOf(command);
    shared = List.copyOf(shared);
  }
}
