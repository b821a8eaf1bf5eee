package dev.ilora;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The library writes the same files and says the same under every locale of the program it runs in:
 * numbers are put into texts by {@code %s}, or with {@link Locale#ROOT}.
 */
class LocaleTest {
  private static final Path ROOT = Path.of(System.getProperty("ilora.root", ".."));
  private static final List<String> LIBRARY =
      List.of("ilora-data", "ilora-engine", "ilora-library");

  /** What a formatter writes with the digits and signs of a locale. */
  private static final Pattern NUMBER =
      Pattern.compile("%(\\d+\\$)?[-#+ 0,(]*\\d*(\\.\\d+)?([doeEfgGaAS]|[tT]\\w)");

  /** Methods that look at the default locale whatever they are given. */
  private static final Set<String> ALWAYS =
      Set.of(
          "java/lang/String.toLowerCase()Ljava/lang/String;",
          "java/lang/String.toUpperCase()Ljava/lang/String;",
          "java/text/NumberFormat.getInstance()Ljava/text/NumberFormat;",
          "java/text/NumberFormat.getNumberInstance()Ljava/text/NumberFormat;",
          "java/text/NumberFormat.getPercentInstance()Ljava/text/NumberFormat;",
          "java/text/DecimalFormat.<init>(Ljava/lang/String;)V",
          "java/text/SimpleDateFormat.<init>(Ljava/lang/String;)V",
          "java/text/Collator.getInstance()Ljava/text/Collator;",
          "java/text/BreakIterator.getWordInstance()Ljava/text/BreakIterator;",
          "java/time/format/DateTimeFormatter.ofPattern(Ljava/lang/String;)"
              + "Ljava/time/format/DateTimeFormatter;");

  /** Methods that do where they write numbers. */
  private static final Set<String> OF_NUMBERS =
      Set.of(
          "java/lang/String.formatted([Ljava/lang/Object;)Ljava/lang/String;",
          "java/lang/String.format(Ljava/lang/String;[Ljava/lang/Object;)Ljava/lang/String;",
          "java/io/PrintStream.printf(Ljava/lang/String;[Ljava/lang/Object;)"
              + "Ljava/io/PrintStream;",
          "java/io/PrintWriter.printf(Ljava/lang/String;[Ljava/lang/Object;)"
              + "Ljava/io/PrintWriter;");

  @Test
  void nothingInTheLibraryDependsOnTheDefaultLocale() throws IOException {
    Set<String> found = new TreeSet<>();
    for (String module : LIBRARY) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("target/classes"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
          found.addAll(violations(ClassFile.of().parse(file)));
        }
      }
    }
    assertEquals(Set.of(), found);
  }

  /** The test can fail: it finds the two forms in the methods below. */
  @Test
  void bothFormsAreFound() throws IOException {
    Path file =
        ROOT.resolve("app/target/test-classes").resolve("dev/ilora/LocaleTest$Examples.class");
    assertEquals(
        Set.of(
            "dev/ilora/LocaleTest$Examples.lower: java/lang/String.toLowerCase()Ljava/lang/String;",
            "dev/ilora/LocaleTest$Examples.number: '%,d of %s' without a locale"),
        new TreeSet<>(violations(ClassFile.of().parse(file))));
  }

  /** What the library must not do, and what it may. */
  @SuppressWarnings({"unused", "StringCaseLocaleUsage"})
  private static final class Examples {
    static String lower(String text) {
      return text.toLowerCase();
    }

    static String number(int number) {
      return "%,d of %s".formatted(number, number);
    }

    static String text(int number) {
      return "%s of 100 %%".formatted(number);
    }

    static String rooted(int number) {
      return String.format(Locale.ROOT, "%,d", number);
    }
  }

  private static List<String> violations(ClassModel model) {
    List<String> found = new ArrayList<>();
    for (MethodModel method : model.methods()) {
      String name =
          model.thisClass().asInternalName() + "." + method.methodName().stringValue() + ": ";
      List<String> texts = new ArrayList<>();
      boolean formats = false;
      for (CodeElement element : method.code().map(CodeModel::elementList).orElse(List.of())) {
        switch (element) {
          case InvokeInstruction call -> {
            String called =
                call.owner().asInternalName()
                    + "."
                    + call.name().stringValue()
                    + call.type().stringValue();
            formats |= OF_NUMBERS.contains(called);
            if (ALWAYS.contains(called)) {
              found.add(name + called);
            }
          }
          case ConstantInstruction constant -> texts.add(constant.constantValue().toString());
          case InvokeDynamicInstruction joined ->
              joined.bootstrapArgs().forEach(part -> texts.add(part.toString()));
          default -> {}
        }
      }
      if (formats) {
        texts.stream()
            .filter(text -> NUMBER.matcher(text.replace("%%", "")).find())
            .forEach(text -> found.add(name + "'" + text + "' without a locale"));
      }
    }
    return found;
  }
}
