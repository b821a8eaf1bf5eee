import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks ({@code check DIR...}) or repairs ({@code fix DIR...}) the format of all Java sources below folders. */
public class Format {
  public static void main(String[] args) throws Exception {
    boolean fix = args[0].equals("fix");
    List<Path> unformatted = new ArrayList<>();
    for (String folder : List.of(args).subList(1, args.length)) {
      for (Path file : sources(Path.of(folder))) {
        String text = Files.readString(file);
        String formatted = new Formatter().formatSourceAndFixImports(text);
        if (!formatted.equals(text)) {
          unformatted.add(file);
          if (fix) {
            Files.writeString(file, formatted);
          }
        }
      }
    }
    if (!fix && !unformatted.isEmpty()) {
      System.err.println("Not formatted (repair with ./mvnw validate -Dformat=fix):");
      unformatted.forEach(f -> System.err.println("  " + f));
      System.exit(1);
    }
  }

  private static List<Path> sources(Path folder) throws Exception {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.walk(folder)) {
      return files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
    }
  }
}
