package dev.ilora.data.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.data.Dataset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Files and options that cannot be meant are refused by file, line and value. */
class ImporterRefusalTest {
  private static final String ITEMS = "item,title,genre\na,Alpha,x|y\nb,\"Beta, or not\",\n";

  @TempDir Path folder;

  private Path write(String name, String... lines) throws IOException {
    return Files.writeString(
        folder.resolve(name), String.join("\n", lines) + "\n", StandardCharsets.ISO_8859_1);
  }

  /** What is wrong, with paths in a folder shortened. */
  static String mistake(Path folder, Executable executable) {
    String message = assertThrows(BadInputException.class, executable).getMessage();
    return message.replace(folder + "/", "").replace(folder.toString(), "DIR");
  }

  private Dataset read(ImportOptions options) throws IOException {
    return Importer.read(folder, DatasetFormat.CSV, options);
  }

  private String mistake(Executable executable) {
    return mistake(folder, executable);
  }

  private String mistake() {
    return mistake(() -> Importer.read(folder));
  }

  @Test
  void namesWhatItLookedForInAnUnknownFolder() throws IOException {
    write("notes.md", "hello");
    assertEquals(
        "DIR: no known format; looked for movielens-100k (u.data and u.item), movielens-1m"
            + " (ratings.dat and movies.dat), movielens-csv (ratings.csv and movies.csv), lastfm"
            + " (user_taggedartists.dat and artists.dat), llara (items.tsv and test.jsonl),"
            + " sequences (items.tsv and users.jsonl), recbole (*.inter), and tables (.csv,"
            + " .tsv, .txt, .jsonl, .parquet); found: notes.md",
        mistake());
    assertEquals(
        "DIR: not lastfm: missing user_taggedartists.dat and artists.dat",
        mistake(() -> Importer.read(folder, DatasetFormat.LASTFM, new ImportOptions())));
    assertEquals(
        "gone: expected a folder, or a table (.csv, .tsv, .txt, .jsonl, .parquet); found nothing"
            + " under that name",
        mistake(() -> Importer.read(folder.resolve("gone"))));
  }

  @Test
  void refusesMissingColumns() throws IOException {
    write("items.csv", "what,name", "a,Alpha");
    write("interactions.csv", "user,item", "u,a");
    assertEquals(
        "items.csv:1: missing a column for the key; found: what, name; name it with --columns"
            + " key=COLUMN",
        mistake());
    Files.writeString(folder.resolve("items.csv"), ITEMS);
    write("interactions.csv", "who,item", "u,a");
    assertEquals(
        "interactions.csv:1: missing a column for the user; found: who, item; name it with"
            + " --columns user=COLUMN",
        mistake());
    write("interactions.csv");
    Files.writeString(folder.resolve("interactions.csv"), "");
    assertEquals("interactions.csv: empty file", mistake());
  }

  @Test
  void refusesLinesItCannotRead() throws IOException {
    Files.writeString(folder.resolve("items.csv"), ITEMS);
    write("interactions.csv", "user,item,rating,time", "u,a,5,1", "u,b,good,2");
    assertEquals(
        "interactions.csv:3: column 'rating': 'good' is not a number; expected one such as 4 or"
            + " 3.5; --columns rating= leaves the column out",
        mistake());
    write("interactions.csv", "user,item,rating,time", "u,a,5,soon");
    assertEquals(
        "interactions.csv:2: column 'time': 'soon' is not a time; expected seconds since 1970 (or"
            + " milliseconds, microseconds, nanoseconds), 2024-03-18, 2024-03-18 20:37:00,"
            + " 2024-03-18T20:37:00Z or 18.03.2024; --columns time= leaves the column out",
        mistake());
    write("interactions.csv", "user,item,rating,time", "u,a,NaN,1");
    assertEquals(
        "interactions.csv:2: column 'rating': 'NaN' is not a number; expected one such as 4 or 3.5;"
            + " --columns rating= leaves the column out",
        mistake());
    write("interactions.csv", "user,item,rating,time", "u,a,5");
    assertEquals("interactions.csv:2: expected 4 cells, found 3: u,a,5", mistake());
    write("interactions.csv", "user,item,rating,time", " ,a,5,1");
    assertEquals("interactions.csv:2: column 'user' is blank; expected a key", mistake());
    write("interactions.csv", "user,item,rating,time", "u,z,5,1");
    assertEquals(
        "interactions.csv:2: unknown item 'z'; expected one of the item file, or --drop-unknown",
        mistake());
  }

  @Test
  void refusesOptionsThatWouldHaveNoEffect() throws IOException {
    Files.writeString(folder.resolve("items.csv"), ITEMS);
    write("interactions.csv", "user,item,ts", "u,a,2", "u,b,1");
    assertEquals(
        "DIR: has no ratings to drop those below 4.0",
        mistake(() -> read(new ImportOptions().withMinRating(4))));
    assertEquals(
        "interactions.csv:1: missing column 'tss'; found: user, item, ts; name it with --columns"
            + " time=COLUMN",
        mistake(() -> read(new ImportOptions().with(Columns.parse("time=tss")))));
    ImportOptions timeless = new ImportOptions().with(Columns.parse("time="));
    assertEquals(
        "DIR: has no times that could tie",
        mistake(() -> read(timeless.with(ImportOptions.Ties.ITEM))));
  }

  @Test
  void refusesColumnsThatCouldNotBeReadBack() throws IOException {
    write("items.tsv", "id\ttitle\ta:b", "0\tA\tc");
    write("users.jsonl", "{\"user\":\"A1\",\"items\":[0]}");
    assertEquals(
        "items.tsv:2: a column is named 'a:b'; expected a name without a colon", mistake());
  }

  @Test
  void refusesBadItems() throws IOException {
    write("interactions.csv", "user,item", "u,a");
    write("items.csv", "item,title", "a,Alpha", "b, ");
    assertEquals(
        "items.csv:3: item 'b' has no title; --missing-titles key takes its key, --missing-titles"
            + " drop leaves it out",
        mistake());
    write("items.csv", "item,title", "a,Alpha", "a,Beta");
    assertEquals(
        "items.csv:3: item 'a' is given twice, first in line 2; --drop-duplicates keeps the first"
            + " one",
        mistake());
    write("items.csv", "item,title", ",Alpha");
    assertEquals("items.csv:2: column 'item' is blank; expected a key", mistake());
  }

  @Test
  void refusesEmptyDatasets() throws IOException {
    Files.writeString(folder.resolve("items.csv"), ITEMS);
    write("interactions.csv", "user,item,rating");
    assertEquals("DIR: empty dataset: no interactions", mistake());
    write("interactions.csv", "user,item,rating", "u,a,2");
    assertEquals(
        "DIR: empty dataset: no interactions with a rating of at least 3.0",
        mistake(() -> read(new ImportOptions().withMinRating(3))));
  }

  @Test
  void refusesBadMovieLensLines() throws IOException {
    write("u.item", "1|Toy Story (1995)|01-Jan-1995");
    write("u.data", "1\t1\t5\t874965758");
    assertEquals("u.item:1: expected 24 cells, found 3: 1|Toy Story (1995)|01-Jan-1995", mistake());
    write("u.item", "1|Toy Story (1995)|||" + "|0".repeat(18) + "|1");
    write("u.data", "1\t1\t5\t874965758", "1 1 5 874965758");
    assertEquals("u.data:2: expected 4 cells, found 1: 1 1 5 874965758", mistake());
    write("u.data", "1\t2\t5\t874965758");
    assertEquals(
        "u.data:1: unknown item '2'; expected one of the item file, or --drop-unknown", mistake());
  }

  @Test
  void refusesBadAtomicFiles() throws IOException {
    write("x.item", "item_id\ttitle", "a\tAlpha");
    write("x.inter", "user_id:token\tmovie:token", "u\ta");
    assertEquals("x.item:1: expected a header of name:type cells, found 'item_id'", mistake());
    write("x.item", "item_id:token\ttitle:token_seq", "a\tAlpha");
    write("x.inter", "user_id:token\twhat:token", "u\ta");
    assertEquals(
        "x.inter:1: missing a column for the item; found: user_id, what; name it with --columns"
            + " item=COLUMN",
        mistake());
  }

  @Test
  void refusesBadLastFmFiles() throws IOException {
    write("artists.dat", "id\tname\turl\tpictureURL", "5\tFive\t-\t-");
    write("user_taggedartists.dat", "userID\tartistID\ttagID\tday\tmonth", "2\t5\t1\t1\t4");
    assertEquals(
        "user_taggedartists.dat:1: missing column 'year'; found: userID, artistID, tagID, day,"
            + " month",
        mistake());
    write(
        "user_taggedartists.dat",
        "userID\tartistID\ttagID\tday\tmonth\tyear",
        "2\t5\t1\t31\t2\t2009");
    assertEquals(
        "user_taggedartists.dat:2: '2009-2-31' is not a date; expected year, month and day",
        mistake());
  }

  @Test
  void refusesBadGivenSplits() throws IOException {
    write("items.tsv", "id\ttitle", "0\tA", "1\tB");
    write("test.jsonl", "{\"history\":[0],\"next\":2}");
    write("valid.jsonl", "{\"history\":[0],\"next\":1}");
    assertEquals("DIR: expected one file train*.jsonl, found 0", mistake());
    write("train.jsonl", "{\"history\":[0],\"next\":\"x\"}");
    assertEquals("train.jsonl:1: field 'next' must be an integer, not \"x\"", mistake());
    write("train.jsonl", "{\"history\":[0]}");
    assertEquals("train.jsonl:1: field 'next' is missing: {\"history\":[0]}", mistake());
    write("train.jsonl", "{\"history\":[0],");
    assertEquals("train.jsonl:1: not a JSON object: {\"history\":[0],", mistake());
    write("train.jsonl", "{\"history\":[0],\"next\":1}");
    assertEquals("test.jsonl:1: item 2 is outside 0 .. 1", mistake());
    write("users.jsonl", "{\"user\":1,\"items\":[0]}");
    assertEquals("users.jsonl:1: field 'split' is missing: {\"user\":1,\"items\":[0]}", mistake());
    write("users.jsonl", "{\"user\":1,\"split\":\"dev\",\"items\":[0]}");
    assertEquals("users.jsonl:1: split must be train, valid or test, not 'dev'", mistake());
    write("users.jsonl", "{\"user\":1,\"split\":\"test\",\"items\":[0],\"ts\":[1,2]}");
    assertEquals("users.jsonl:1: user 1 has 1 item, 1 rating and 2 times", mistake());
  }

  @Test
  void refusesBadSequences() throws IOException {
    write("items.tsv", "id\tkeywords_not_title", "0\tcup", "1\tmug");
    write("users.jsonl", "{\"user\":\"A1\",\"items\":[0,2]}");
    assertEquals("users.jsonl:1: item 2 is outside 0 .. 1", mistake());
    write("users.jsonl", "{\"user\":\"A1\",\"items\":[0]}", "{\"user\":\"A1\",\"items\":[1]}");
    assertEquals("users.jsonl:2: user 'A1' is given twice, first in line 1", mistake());
    write("users.jsonl", "{\"user\":[1,1],\"items\":[0]}");
    assertEquals(
        "users.jsonl:1: field 'user' must be a text or a whole number, not [1,1]", mistake());
    write("users.jsonl", "{\"user\":\"A1\"}");
    assertEquals("users.jsonl:1: field 'items' is missing: {\"user\":\"A1\"}", mistake());
  }
}
