package dev.ilora.synthetic;

import dev.ilora.BadInputException;
import dev.ilora.files.Hashes;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * English words, common ones more often: each file of words is drawn from with a weight of 1, 1/2,
 * 1/3 and so on, and a file's words equally often.
 *
 * <p>Files hold one word a line, UTF-8, as Debian's package {@code scowl} provides them; words with
 * anything but letters (an apostrophe, a hyphen) are left out.
 */
public final class WordList {
  private final List<List<String>> files;

  private WordList(List<List<String>> files) {
    this.files = files;
  }

  /**
   * Reads files of words.
   *
   * @param files the one with the commonest words first, at least one
   * @throws BadInputException if a file is missing, cannot be read or holds no word
   */
  public static WordList read(List<Path> files) {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("expected at least 1 file of words, got 0");
    }
    List<List<String>> lists = new ArrayList<>();
    for (Path file : files) {
      lists.add(words(file));
    }
    return new WordList(lists);
  }

  /** Content hash of the words. */
  public String hash() {
    return Hashes.sha256(files.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> words(Path file) {
    try (var lines = Files.lines(file)) {
      List<String> words =
          lines.map(String::strip).filter(word -> word.matches("\\p{L}{1,24}")).toList();
      if (words.isEmpty()) {
        throw new BadInputException(file, "holds no words; expected one a line");
      }
      return words;
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          file, "no such file; a list of English words, as in Debian's package scowl");
    } catch (CharacterCodingException | java.io.UncheckedIOException e) {
      throw new BadInputException(file, "is not UTF-8 text");
    } catch (IOException e) {
      throw new BadInputException(file, "cannot be read: " + e.getMessage());
    }
  }

  /** Draws a word. */
  public String draw(RandomGenerator random) {
    double weights = 0;
    for (int i = 0; i < files.size(); i++) {
      weights += 1.0 / (i + 1);
    }
    double left = random.nextDouble() * weights;
    int file = 0;
    while (file + 1 < files.size() && (left -= 1.0 / (file + 1)) >= 0) {
      file++;
    }
    List<String> words = files.get(file);
    return words.get(random.nextInt(words.size()));
  }

  /** The number of words. */
  public int size() {
    return files.stream().mapToInt(List::size).sum();
  }
}
