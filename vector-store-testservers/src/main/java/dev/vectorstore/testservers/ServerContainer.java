package dev.vectorstore.testservers;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import dev.vectorstore.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * One server in a container. It shares this machine's network: it listens where a program of this
 * machine would, comes back on the same ports, and reaches the other servers, however they run.
 * Killed, it keeps its data; Testcontainers removes it when this JVM ends, however that comes.
 */
final class ServerContainer implements ServerRun {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  /** Docker gives 64 MB, in which Postgres can't build an index with several workers. */
  private static final long SHARED_MEMORY = 1L << 30;

  private static final String NETWORK_OF_THIS_MACHINE = "host";

  private final ContainerPlan plan;
  private final GenericContainer<?> container;
  private final AtomicLong inputs = new AtomicLong();

  ServerContainer(ContainerPlan plan) {
    this.plan = plan;
    this.container = container(plan);
  }

  /** The container of a plan, not started. */
  static GenericContainer<?> container(ContainerPlan plan) {
    GenericContainer<?> made =
        new GenericContainer<>(DockerImageName.parse(plan.image()))
            .withNetworkMode(NETWORK_OF_THIS_MACHINE)
            .withSharedMemorySize(SHARED_MEMORY)
            .withEnv(plan.environment());
    if (!plan.command().isEmpty()) {
      made.withCommand(plan.command().toArray(String[]::new));
    }
    // Not by withFileSystemBind: to see whether that works, it fetches one more image.
    return made.withCreateContainerCmdModifier(
        create -> create.getHostConfig().withBinds(binds(plan)));
  }

  static List<Bind> binds(ContainerPlan plan) {
    return plan.shared().stream()
        .map(path -> new Bind(path.toString(), new Volume(path.toString())))
        .toList();
  }

  @Override
  public synchronized void start(BooleanSupplier ready) {
    launch();
    boolean answered =
        Await.until(START_LIMIT, () -> !container.isRunning() || ready.getAsBoolean())
            && container.isRunning();
    if (!answered) {
      String what = container.isRunning() ? "didn't answer within " + START_LIMIT : "ended";
      kill9();
      throw new IllegalStateException(
          plan.name() + " in a container " + what + ". Its log ends with:\n" + tail());
    }
  }

  private void launch() {
    if (container.getContainerId() != null) {
      container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
      return;
    }
    try {
      container.start();
    } catch (ContainerLaunchException e) {
      throw new IllegalStateException(
          "A container of "
              + plan.image()
              + " doesn't start; can Docker fetch the image? Its log ends with:\n"
              + tail(),
          e);
    }
  }

  @Override
  public synchronized void kill9() {
    if (container.isRunning()) {
      signal("KILL");
      Await.until(STOP_LIMIT, () -> !container.isRunning());
    }
  }

  /** Removes the container, with what it holds; it ends by force, since nothing of it stays. */
  @Override
  public synchronized void stop(String signal) {
    container.stop();
  }

  @Override
  public synchronized void signal(String signal) {
    requireRunning();
    container
        .getDockerClient()
        .killContainerCmd(container.getContainerId())
        .withSignal(signal)
        .exec();
  }

  private void requireRunning() {
    if (!container.isRunning()) {
      throw new IllegalStateException(plan.name() + " doesn't run; restart it first");
    }
  }

  @Override
  public String output() {
    return container.getContainerId() == null ? "" : container.getLogs();
  }

  /**
   * Runs a program in the container, which reads this file.
   *
   * @throws IllegalStateException when the container doesn't run
   */
  ExecResult run(Path input, List<String> command) {
    requireRunning();
    String copy = "/tmp/input-" + inputs.incrementAndGet();
    List<String> shell = new ArrayList<>();
    shell.addAll(List.of("sh", "-c", "\"$@\" <\"$0\"; code=$?; rm -f \"$0\"; exit $code", copy));
    shell.addAll(command);
    try {
      container.copyFileToContainer(MountableFile.forHostPath(input, 0644), copy);
      return container.execInContainer(shell.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException("Can't run " + command.get(0) + " in a container", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while " + command.get(0) + " ran", e);
    }
  }
}
