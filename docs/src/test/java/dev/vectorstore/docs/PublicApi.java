package dev.vectorstore.docs;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
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
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the users of a module can name: its public types and members, a line each. */
final class PublicApi {
  private static final String CLASS = ".class";

  private PublicApi() {}

  /**
   * The lines of a module that was compiled.
   *
   * @param module its folder
   */
  static List<String> describe(Path module) throws IOException {
    List<String> lines = new ArrayList<>();
    types(module).forEach(type -> describe(type, lines));
    return lines;
  }

  /** The public top-level types of the packages that the module exports. */
  static List<Class<?>> types(Path module) throws IOException {
    Path classes = module.resolve(Path.of("target", "classes"));
    Predicate<String> exported = exported(classes.resolve("module-info.class"));
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .map(file -> classes.relativize(file).toString().replace(File.separatorChar, '.'))
          .filter(name -> name.endsWith(CLASS) && !name.contains("$") && !name.contains("-"))
          .map(name -> name.substring(0, name.length() - CLASS.length()))
          .sorted()
          .filter(name -> exported.test(name.substring(0, name.lastIndexOf('.'))))
          .<Class<?>>map(PublicApi::load)
          .filter(type -> Modifier.isPublic(type.getModifiers()))
          .collect(Collectors.toList());
    }
  }

  /** A module without a descriptor exports all of its packages. */
  private static Predicate<String> exported(Path descriptor) throws IOException {
    if (!Files.exists(descriptor)) {
      return name -> true;
    }
    try (InputStream bytes = Files.newInputStream(descriptor)) {
      Set<String> names =
          ModuleDescriptor.read(bytes).exports().stream()
              .filter(exports -> !exports.isQualified())
              .map(ModuleDescriptor.Exports::source)
              .collect(Collectors.toSet());
      return names::contains;
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, PublicApi.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static void describe(Class<?> type, List<String> lines) {
    lines.add(modifiers(type) + kind(type) + " " + shorten(type.getName()) + supertypes(type));
    Stream.of(
            Arrays.stream(type.getDeclaredFields())
                .filter(PublicApi::visible)
                .map(PublicApi::field),
            Arrays.stream(type.getDeclaredConstructors())
                .filter(PublicApi::visible)
                .map(PublicApi::constructor),
            Arrays.stream(type.getDeclaredMethods())
                .filter(PublicApi::visible)
                .map(PublicApi::method))
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
    Arrays.stream(type.getGenericInterfaces()).map(PublicApi::name).forEach(types::add);
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
        .map(PublicApi::name)
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
