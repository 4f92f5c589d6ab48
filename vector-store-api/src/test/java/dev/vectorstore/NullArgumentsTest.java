package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A null where none may be is told by the parameter's name, whoever is asked. */
class NullArgumentsTest {
  /** What takes null for JSON's null, or is called by engines and compilers alone. */
  private static final Set<String> TAKE_NULL =
      Set.of("Value.of", "Payload$Builder.put", "equals", "wait");

  private static final List<Object> SUBJECTS =
      List.of(
          SearchRequest.hybrid(Embedding.of(1, 0), "fox", Fusion.rrf()),
          ScanRequest.all(),
          FieldPath.of("a"),
          Payload.empty(),
          Payload.builder(),
          CollectionSpec.builder("a").vectors(2, Metric.COSINE),
          WriteBatch.builder(),
          StoreOptions.builder(),
          CallOptions.builder());

  private static final List<Class<?>> FACTORIES =
      List.of(
          SearchRequest.class,
          Embedding.class,
          VectorRecord.class,
          RecordId.class,
          FieldPath.class,
          Filter.class,
          Payload.class,
          Projection.class,
          CollectionSpec.class,
          VectorStores.class);

  @Test
  void aNullArgumentSaysWhichItIs() throws ReflectiveOperationException {
    List<String> wrong = new ArrayList<>();
    int tried = 0;
    for (Object subject : SUBJECTS) {
      for (Method method : methods(subject.getClass(), false)) {
        tried += tryNulls(method, subject, wrong);
      }
    }
    for (Class<?> factory : FACTORIES) {
      for (Method method : methods(factory, true)) {
        tried += tryNulls(method, null, wrong);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(tried).isGreaterThan(80);
  }

  private static List<Method> methods(Class<?> type, boolean statics) {
    return Arrays.stream(type.getMethods())
        .filter(method -> Modifier.isStatic(method.getModifiers()) == statics)
        .filter(method -> method.getDeclaringClass().getPackageName().equals("dev.vectorstore"))
        .filter(method -> !TAKE_NULL.contains(method.getName()))
        .filter(method -> !TAKE_NULL.contains(simpleName(method)))
        .toList();
  }

  private static String simpleName(Method method) {
    return method.getDeclaringClass().getName().replace("dev.vectorstore.", "")
        + "."
        + method.getName();
  }

  private static int tryNulls(Method method, Object subject, List<String> wrong)
      throws ReflectiveOperationException {
    Parameter[] parameters = method.getParameters();
    int tried = 0;
    for (int i = 0; i < parameters.length; i++) {
      if (!parameters[i].getType().isPrimitive()) {
        tried++;
        Object[] arguments =
            Stream.of(parameters).map(parameter -> sample(parameter.getType())).toArray();
        arguments[i] = null;
        try {
          method.invoke(subject, arguments);
          wrong.add(simpleName(method) + " takes null as " + parameters[i].getName());
        } catch (InvocationTargetException thrown) {
          String told = String.valueOf(thrown.getCause().getMessage());
          boolean named =
              thrown.getCause() instanceof NullPointerException
                  && told.equals(parameters[i].getName());
          if (!named) {
            wrong.add(
                simpleName(method)
                    + "(..., "
                    + parameters[i].getName()
                    + " = null): "
                    + thrown.getCause());
          }
        }
      }
    }
    return tried;
  }

  private static Object sample(Class<?> type) {
    Map<Class<?>, Object> samples =
        Map.ofEntries(
            Map.entry(String.class, "fox"),
            Map.entry(CollectionSpec.class, CollectionSpec.builder("a").build()),
            Map.entry(String[].class, new String[] {"a"}),
            Map.entry(Object[].class, new Object[] {"a"}),
            Map.entry(float[].class, new float[] {1, 0}),
            Map.entry(Embedding.class, Embedding.of(1, 0)),
            Map.entry(RecordId.class, RecordId.of(1)),
            Map.entry(Payload.class, Payload.empty()),
            Map.entry(Fusion.class, Fusion.rrf()),
            Map.entry(FieldPath.class, FieldPath.of("a")),
            Map.entry(FieldType.class, FieldType.TERMS),
            Map.entry(IdKind.class, IdKind.TEXT),
            Map.entry(IdKind[].class, new IdKind[0]),
            Map.entry(Metric.class, Metric.COSINE),
            Map.entry(StoreOptions.class, StoreOptions.defaults()),
            Map.entry(Filter.class, Filter.none()),
            Map.entry(Collection.class, List.of()),
            Map.entry(int.class, 1),
            Map.entry(long.class, 1L),
            Map.entry(double.class, 1.0),
            Map.entry(boolean.class, true));
    return samples.get(type);
  }

  @Test
  void aNullInsideIsToldByItsPlace() {
    List<RecordId> ids = Arrays.asList(RecordId.of(1), null);
    assertThatThrownBy(() -> Filter.ids(ids))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("ids[1]");
    assertThatThrownBy(() -> Filter.and(Filter.all(), null)).hasMessage("filters[1]");
    assertThatThrownBy(() -> FieldPath.of("a", null)).hasMessage("segments[1]");
    assertThatThrownBy(() -> Projection.fields("a", null)).hasMessage("keys[1]");
    assertThatThrownBy(() -> WriteBatch.builder().delete("a", ids)).hasMessage("ids[1]");
    assertThatThrownBy(() -> RecordId.derived("a", null)).hasMessage("parts[1]");
  }
}
