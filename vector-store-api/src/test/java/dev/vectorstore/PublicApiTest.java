package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The public API is a committed list, so that a change of it shows in the diff. After a change on
 * purpose: {@code mvn -pl vector-store-api test -Dtest=PublicApiTest -Dupdate-api}.
 */
class PublicApiTest {
  private static final Path LIST =
      Path.of(System.getProperty("project.root", ".."), "docs", "api", "vector-store-api.txt");

  @Test
  void thePublicApiIsTheCommittedList() throws IOException {
    List<String> lines = describe();
    if (System.getProperty("update-api") != null) {
      Files.createDirectories(LIST.getParent());
      Files.write(LIST, lines);
    }
    assertThat(Files.readAllLines(LIST)).isEqualTo(lines);
  }

  @Test
  void fortyTypesArePublicAtMost() throws IOException {
    assertThat(publicTypes()).hasSizeBetween(1, 40);
  }

  @Test
  void publicTypesCantBeExtendedByAccident() throws IOException {
    assertThat(publicTypes())
        .allMatch(
            type ->
                type.isInterface()
                    || type.isEnum()
                    || type.isSealed()
                    || Modifier.isFinal(type.getModifiers()));
  }

  private static List<Class<?>> publicTypes() throws IOException {
    Path classes = Path.of("target", "classes", "dev", "vectorstore");
    try (Stream<Path> files = Files.list(classes)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.contains("$") && !name.contains("-"))
          .sorted()
          .<Class<?>>map(name -> load(name.substring(0, name.length() - ".class".length())))
          .filter(type -> Modifier.isPublic(type.getModifiers()))
          .collect(Collectors.toList());
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName("dev.vectorstore." + name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> describe() throws IOException {
    List<String> lines = new ArrayList<>();
    publicTypes().forEach(type -> describe(type, lines));
    return lines;
  }

  private static void describe(Class<?> type, List<String> lines) {
    lines.add(modifiers(type) + kind(type) + " " + shorten(type.getName()) + supertypes(type));
    Stream.of(
            Arrays.stream(type.getDeclaredFields())
                .filter(PublicApiTest::visible)
                .map(PublicApiTest::field),
            Arrays.stream(type.getDeclaredConstructors())
                .filter(PublicApiTest::visible)
                .map(PublicApiTest::constructor),
            Arrays.stream(type.getDeclaredMethods())
                .filter(PublicApiTest::visible)
                .map(PublicApiTest::method))
        .flatMap(member -> member)
        .map(member -> "  " + member)
        .sorted()
        .forEach(lines::add);
    Arrays.stream(type.getDeclaredClasses())
        .filter(nested -> Modifier.isPublic(nested.getModifiers()))
        .sorted((a, b) -> a.getName().compareTo(b.getName()))
        .forEach(nested -> describe(nested, lines));
  }

  private static boolean visible(java.lang.reflect.Member member) {
    return (Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers()))
        && !member.isSynthetic();
  }

  private static String modifiers(Class<?> type) {
    boolean isFinal = Modifier.isFinal(type.getModifiers()) && !type.isEnum() && !type.isRecord();
    return (type.isSealed() && !type.isEnum() ? "sealed " : "") + (isFinal ? "final " : "");
  }

  private static String kind(Class<?> type) {
    if (type.isInterface()) {
      return "interface";
    }
    return type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
  }

  private static String supertypes(Class<?> type) {
    List<String> types = new ArrayList<>();
    Type parent = type.getGenericSuperclass();
    if (parent != null && parent != Object.class && !type.isEnum() && !type.isRecord()) {
      types.add(name(parent));
    }
    Arrays.stream(type.getGenericInterfaces()).map(PublicApiTest::name).forEach(types::add);
    return types.isEmpty() ? "" : " : " + String.join(", ", types);
  }

  private static String field(Field field) {
    return flags(field.getModifiers()) + name(field.getGenericType()) + " " + field.getName();
  }

  private static String constructor(Constructor<?> constructor) {
    return "new" + parameters(constructor);
  }

  private static String method(Method method) {
    return flags(method.getModifiers())
        + (method.isDefault() ? "default " : "")
        + name(method.getGenericReturnType())
        + " "
        + method.getName()
        + parameters(method);
  }

  private static String flags(int modifiers) {
    return (Modifier.isProtected(modifiers) ? "protected " : "")
        + (Modifier.isStatic(modifiers) ? "static " : "");
  }

  private static String parameters(Executable executable) {
    return Arrays.stream(executable.getParameters())
        .map(Parameter::getParameterizedType)
        .map(PublicApiTest::name)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private static String name(Type type) {
    return shorten(type.getTypeName());
  }

  private static String shorten(String name) {
    return name.replaceAll(
            "\\b(dev\\.vectorstore|java\\.(lang|util|time)(\\.function|\\.stream)?)\\.", "")
        .replace('$', '.');
  }
}
