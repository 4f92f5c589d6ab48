package dev.vectorstore.docs;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Rings of classes: each of a ring needs each other one, directly or through others of it. Nested
 * classes count as the class that they are in.
 */
final class ClassRings {
  private final Map<String, Set<String>> needed = new TreeMap<>();

  private ClassRings(JavaClasses classes) {
    for (JavaClass type : classes) {
      needed.computeIfAbsent(outermost(type), name -> new TreeSet<>());
    }
    for (JavaClass type : classes) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String target = outermost(dependency.getTargetClass().getBaseComponentType());
        if (needed.containsKey(target)) {
          needed.get(outermost(type)).add(target);
        }
      }
    }
  }

  /** The rings of two classes or more, each as large as it can be. */
  static Set<Set<String>> of(JavaClasses classes) {
    ClassRings graph = new ClassRings(classes);
    Map<String, Set<String>> reached = new TreeMap<>();
    graph.needed.keySet().forEach(name -> reached.put(name, graph.reachedFrom(name)));
    Set<Set<String>> rings = new LinkedHashSet<>();
    reached.forEach(
        (name, others) -> {
          Set<String> ring = new TreeSet<>(others);
          ring.removeIf(other -> !reached.get(other).contains(name));
          if (ring.size() > 1) {
            rings.add(ring);
          }
        });
    return rings;
  }

  private static String outermost(JavaClass type) {
    String name = type.getName();
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  private Set<String> reachedFrom(String start) {
    Set<String> reached = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(needed.get(start));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (reached.add(next)) {
        open.addAll(needed.get(next));
      }
    }
    return reached;
  }
}
