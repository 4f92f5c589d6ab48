package dev.vectorstore.testservers;

import com.github.dockerjava.api.exception.DockerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;

/** Whether containers can stand in for the programs that this machine lacks. */
final class Docker {
  private static final Logger LOG = LoggerFactory.getLogger(Docker.class);
  private static final String THIS_MACHINE = "localhost";

  private Docker() {}

  /**
   * Whether a Docker runs on this very machine: the servers share its network, so that they listen
   * on 127.0.0.1 as programs do, and one on another machine wouldn't. Asked once.
   */
  static boolean runs() {
    return Answer.RUNS;
  }

  private static final class Answer {
    static final boolean RUNS = ask();

    private Answer() {}

    private static boolean ask() {
      DockerClientFactory docker = DockerClientFactory.instance();
      try {
        return docker.isDockerAvailable() && THIS_MACHINE.equals(docker.dockerHostIpAddress());
      } catch (DockerException e) {
        LOG.warn("Docker is there, but doesn't say where its containers are reached", e);
        return false;
      }
    }
  }
}
