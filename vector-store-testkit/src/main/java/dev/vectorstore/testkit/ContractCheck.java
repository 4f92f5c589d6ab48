package dev.vectorstore.testkit;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.Extensions;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Whether an engine's contract test takes the contract as it is: no test overridden, none disabled
 * or made conditional, no extension that could change how they run but an {@link
 * EngineRequirement}.
 */
final class ContractCheck {
  private ContractCheck() {}

  /**
   * What is wrong with a contract test.
   *
   * @param contractTest a class that implements {@link VectorStoreContract}
   * @return a sentence for each breach, none if the contract is taken as it is
   */
  static List<String> violations(Class<?> contractTest) {
    List<String> found = new ArrayList<>();
    for (Class<?> type = contractTest; type != null; type = type.getSuperclass()) {
      tampering(type, type.getName(), found);
      for (Field field : type.getDeclaredFields()) {
        tampering(field, field.toString(), found);
      }
    }
    for (Method method :
        ReflectionSupport.findMethods(
            contractTest, m -> !isOfKit(m.getDeclaringClass()), HierarchyTraversalMode.TOP_DOWN)) {
      if (overridesTest(method)) {
        found.add(method + " overrides a test of the kit; make the engine pass it instead");
      }
      tampering(method, method.toString(), found);
    }
    return found;
  }

  /** The tests that a contract test runs. */
  static List<Method> tests(Class<?> contract) {
    return Stream.of(contract.getMethods())
        .filter(method -> method.isAnnotationPresent(Rule.class))
        .toList();
  }

  private static boolean overridesTest(Method method) {
    return kitMethods(method)
        .anyMatch(test -> test.isDefault() && !test.isSynthetic() && !test.isBridge());
  }

  private static Stream<Method> kitMethods(Method method) {
    return Stream.of(VectorStoreContract.class.getMethods())
        .filter(
            test ->
                test.getName().equals(method.getName())
                    && Arrays.equals(test.getParameterTypes(), method.getParameterTypes()));
  }

  /** Conditions of JUnit are extensions too, but for {@code @Disabled}. */
  private static void tampering(AnnotatedElement element, String name, List<String> found) {
    for (Annotation annotation : element.getAnnotations()) {
      Class<?> type = annotation.annotationType();
      boolean extension =
          type == ExtendWith.class
              || type == Extensions.class
              || type == RegisterExtension.class
              || AnnotationSupport.isAnnotated(type, ExtendWith.class);
      if (type == Disabled.class || (extension && !isRequirement(element, type))) {
        found.add(name + " has @" + type.getSimpleName() + "; the contract runs as it is");
      }
    }
  }

  /** Whether the annotation skips the whole class where the engine isn't, and does no more. */
  private static boolean isRequirement(AnnotatedElement element, Class<?> annotation) {
    return element instanceof Class
        && annotation.isAnnotationPresent(EngineRequirement.class)
        && AnnotationSupport.findRepeatableAnnotations(annotation, ExtendWith.class).stream()
            .flatMap(extensions -> Stream.of(extensions.value()))
            .flatMap(ContractCheck::supertypes)
            .filter(type -> type != Extension.class && Extension.class.isAssignableFrom(type))
            .allMatch(type -> type == ExecutionCondition.class);
  }

  /** The interfaces of a class and of its superclasses, and those that they extend. */
  private static Stream<Class<?>> supertypes(Class<?> type) {
    Stream<Class<?>> parents =
        Stream.concat(Stream.ofNullable(type.getSuperclass()), Stream.of(type.getInterfaces()));
    return Stream.concat(
        type.isInterface() ? Stream.of(type) : Stream.empty(),
        parents.flatMap(ContractCheck::supertypes));
  }

  private static boolean isOfKit(Class<?> type) {
    return type.isInterface() && type.isAssignableFrom(VectorStoreContract.class);
  }
}
