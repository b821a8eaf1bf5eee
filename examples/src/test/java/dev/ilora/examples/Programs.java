package dev.ilora.examples;

import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.UserSequence;
import dev.ilora.synthetic.DemoWorld;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What tests of examples share: running a program, and the log of the demo world. */
final class Programs {
  /** A program's main method. */
  interface Main {
    void run(String... args) throws IOException;
  }

  private Programs() {}

  /** Runs a program and returns the lines it printed. */
  static List<String> output(Main main, Object... args) throws IOException {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      main.run(List.of(args).stream().map(Object::toString).toArray(String[]::new));
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** Writes the demo world as a log: two CSV files. */
  static Path log(Path folder) throws IOException {
    Dataset world = DemoWorld.generate(1);
    StringBuilder items = new StringBuilder("item,title\n");
    for (Item item : world.items()) {
      items.append(item.key()).append(',').append(item.title()).append('\n');
    }
    StringBuilder interactions = new StringBuilder("user,item,time\n");
    for (UserSequence user : world.users()) {
      for (int i = 0; i < user.length(); i++) {
        String key = world.items().get(user.items()[i]).key();
        interactions.append(user.user()).append(',').append(key).append(',');
        interactions.append(user.times()[i]).append('\n');
      }
    }
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("items.csv"), items);
    Files.writeString(folder.resolve("interactions.csv"), interactions);
    return folder;
  }
}
