package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * How long source files and their methods are, and how many parameters a method has, as the parser
 * of the JDK sees it. A method's lines are those from its annotations to its last brace, its
 * comment not counted.
 */
final class SourceSizes {
  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  private final List<Size> files = new ArrayList<>();
  private final List<Size> methods = new ArrayList<>();
  private final List<Size> bodies = new ArrayList<>();

  /**
   * The size of a file, which has no parameters, or of a method.
   *
   * @param name the file's package and its name, and the method's
   */
  private record Size(String name, int lines, int parameters) {}

  private SourceSizes() {}

  /**
   * The sizes of the project's files of a kind.
   *
   * @param kind "main" or "test"
   */
  static SourceSizes ofProject(String kind) throws IOException {
    String folder = "/src/" + kind + "/java/";
    try (Stream<Path> files =
            Files.find(
                Pages.ROOT,
                14,
                (path, attributes) -> {
                  String name = "/" + Pages.ROOT.relativize(path).toString().replace('\\', '/');
                  return name.endsWith(".java")
                      && name.contains(folder)
                      && !name.contains("/target/");
                });
        StandardJavaFileManager manager = COMPILER.getStandardFileManager(null, null, null)) {
      return of(manager.getJavaFileObjectsFromPaths(files.toList()));
    }
  }

  /** The sizes of these files. */
  static SourceSizes of(Iterable<? extends JavaFileObject> sources) throws IOException {
    SourceSizes sizes = new SourceSizes();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    JavacTask task =
        (JavacTask) COMPILER.getTask(null, null, diagnostics, List.of("-proc:none"), null, sources);
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    for (CompilationUnitTree unit : task.parse()) {
      sizes.add(unit, positions);
    }
    // What can't be parsed would be measured as short.
    assertThat(diagnostics.getDiagnostics()).isEmpty();
    return sizes;
  }

  private void add(CompilationUnitTree unit, SourcePositions positions) throws IOException {
    String file = name(unit);
    long lines = unit.getSourceFile().getCharContent(true).toString().lines().count();
    files.add(new Size(file, (int) lines, 0));
    LineMap map = unit.getLineMap();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitMethod(MethodTree method, Void unused) {
        long start = positions.getStartPosition(unit, method);
        long end = positions.getEndPosition(unit, method);
        Size size =
            new Size(
                file + "#" + method.getName(),
                (int) (map.getLineNumber(end) - map.getLineNumber(start) + 1),
                method.getParameters().size());
        methods.add(size);
        if (method.getBody() != null) {
          bodies.add(size);
        }
        return super.visitMethod(method, null);
      }
    }.scan(unit, null);
  }

  private static String name(CompilationUnitTree unit) {
    String path = unit.getSourceFile().getName().replace('\\', '/');
    String file = path.substring(path.lastIndexOf('/') + 1, path.length() - ".java".length());
    return unit.getPackageName() == null ? file : unit.getPackageName() + "." + file;
  }

  /** The files of more lines. */
  Map<String, Integer> filesOver(int lines) {
    return over(files, Size::lines, lines);
  }

  /** The methods of more lines. */
  Map<String, Integer> methodsOver(int lines) {
    return over(bodies, Size::lines, lines);
  }

  /** The methods of more parameters. */
  Map<String, Integer> parametersOver(int parameters) {
    return over(methods, Size::parameters, parameters);
  }

  /** Half of the files have no more lines. */
  int medianOfFiles() {
    return median(files);
  }

  /** Half of the methods that have a body have no more lines. */
  int medianOfMethods() {
    return median(bodies);
  }

  private static Map<String, Integer> over(
      List<Size> sizes, ToIntFunction<Size> measure, int most) {
    Map<String, Integer> over = new TreeMap<>();
    for (Size size : sizes) {
      int measured = measure.applyAsInt(size);
      if (measured > most) {
        over.merge(size.name(), measured, Math::max);
      }
    }
    return over;
  }

  private static int median(List<Size> sizes) {
    return sizes.stream().map(Size::lines).sorted().toList().get(sizes.size() / 2);
  }
}
