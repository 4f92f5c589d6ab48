package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines are found whatever the thread's context class loader is. */
class ProvidersTest {
  private static final String SERVICE = "META-INF/services/dev.vectorstore.VectorStoreProvider";

  @TempDir Path folder;

  /** Named by service files of this test; it tells that it was asked. */
  public static final class Asked implements VectorStoreProvider {
    /** For the service loader. */
    public Asked() {}

    @Override
    public java.util.Set<String> schemes() {
      return java.util.Set.of("asked");
    }

    @Override
    public VectorStore open(String url, StoreOptions options) {
      throw new IllegalStateException("asked to open " + url);
    }
  }

  /** The library, this test and a service file, behind a class loader as that of Spring Boot. */
  private URLClassLoader application(String... providers) throws IOException {
    Path services = folder.resolve(SERVICE);
    Files.createDirectories(services.getParent());
    Files.write(services, Arrays.asList(providers));
    return new URLClassLoader(
        new URL[] {
          folder.toUri().toURL(), classes("target/classes"), classes("target/test-classes")
        },
        ClassLoader.getPlatformClassLoader()) {
      @Override
      protected Class<?> findClass(String name) throws ClassNotFoundException {
        // What isn't ours (JSpecify, JUnit) is the test's own.
        return name.startsWith("dev.vectorstore")
            ? super.findClass(name)
            : ProvidersTest.class.getClassLoader().loadClass(name);
      }
    };
  }

  private static URL classes(String path) throws MalformedURLException {
    return Path.of(path).toUri().toURL();
  }

  private static String open(ClassLoader application, @Nullable ClassLoader context, String url)
      throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(context);
    try {
      application
          .loadClass("dev.vectorstore.VectorStores")
          .getMethod("open", String.class)
          .invoke(null, url);
      return "opened";
    } catch (InvocationTargetException thrown) {
      return String.valueOf(thrown.getCause().getMessage());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void anEngineIsFoundFromAnyThread() throws Exception {
    try (URLClassLoader application = application(Asked.class.getName())) {
      for (ClassLoader context :
          Arrays.asList(
              application,
              ClassLoader.getSystemClassLoader(),
              ClassLoader.getPlatformClassLoader(),
              null)) {
        assertThat(open(application, context, "asked:x")).isEqualTo("asked to open asked:x");
      }
      Callable<String> elsewhere =
          () -> open(application, Thread.currentThread().getContextClassLoader(), "asked:y");
      assertThat(CompletableFuture.supplyAsync(() -> called(elsewhere)).get())
          .isEqualTo("asked to open asked:y");
    }
  }

  private static String called(Callable<String> call) {
    try {
      return call.call();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (Exception broken) {
      throw new IllegalStateException(broken);
    }
  }

  /** In an application server the engine can be known to the application alone. */
  @Test
  void anEngineOfTheContextIsFoundToo() throws Exception {
    Path services = folder.resolve(SERVICE);
    Files.createDirectories(services.getParent());
    Files.writeString(services, Asked.class.getName());
    ClassLoader own = ProvidersTest.class.getClassLoader();
    try (URLClassLoader context = new URLClassLoader(new URL[] {folder.toUri().toURL()}, own)) {
      assertThat(open(own, context, "asked:x")).isEqualTo("asked to open asked:x");
      assertThat(open(own, own, "asked:x")).contains("no engine");
    }
  }

  @Test
  void anEngineThatCannotBeLoadedHidesNoOther() throws Exception {
    try (URLClassLoader application =
        application("dev.vectorstore.NoSuchProvider", Asked.class.getName())) {
      assertThat(open(application, null, "asked:x")).isEqualTo("asked to open asked:x");
      assertThat(open(application, null, "other:x"))
          .contains("known are [asked]")
          .contains("not loaded: ")
          .contains("NoSuchProvider");
    }
  }

  @Test
  void withoutEnginesTheMessageSaysWhatToAdd() {
    assertThatThrownBy(() -> VectorStores.open("qdrant:http://a"))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("known are []")
        .hasMessageContaining("vector-store-qdrant");
  }
}
