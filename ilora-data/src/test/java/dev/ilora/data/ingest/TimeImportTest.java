package dev.ilora.data.ingest;

import static dev.ilora.data.ingest.RawFolder.sequences;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Dataset;
import dev.ilora.data.TimeUnit;
import dev.ilora.data.Times;
import dev.ilora.data.atomic.DatasetFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Times of every form give the order they mean, and what ties is decided as said. */
class TimeImportTest {
  @TempDir Path path;
  private RawFolder folder;

  @BeforeEach
  void open() {
    folder = new RawFolder(path);
  }

  private Dataset log(String... times) throws IOException {
    return log(new ImportOptions(), times);
  }

  /** A log of one user, items numbered from 1 and written from the last to the first. */
  private Dataset log(ImportOptions options, String... times) throws IOException {
    write(times);
    return folder.read(options);
  }

  private void write(String... times) throws IOException {
    List<String> lines = new ArrayList<>(List.of("user,item,time"));
    for (int i = times.length; i > 0; i--) {
      lines.add("u,i%d,\"%s\"".formatted(i, times[i - 1]));
    }
    folder.write("interactions.csv", lines.toArray(String[]::new));
  }

  @Test
  void timesOfEveryFormGiveTheOrder() throws IOException {
    String[][] forms = {
      {"1700000000", "1700000001", "1700000100"},
      {"1700000000000", "1700000000001", "1700000000100"},
      {"1700000000000000", "1700000000000001", "1700000000000100"},
      {"1700000000000000000", "1700000000000001000", "1700000000000100000"},
      {"1700000000.25", "1700000000.3", "1700000000.75"},
      {"1.7e9", "1.7000000005E9", "1.700000001e9"},
      {"0.1", "0.25", "0.9"},
      {"-5", "0", "3"},
      {"2024-03-18", "2024-03-19", "2024-04-01"},
      {"2024-03-18 20:37", "2024-03-18 20:37:00.001", "2024-03-18 20:37:01"},
      {"2024/3/8 1:00", "2024/3/8 02:00", "2024/3/18 01:00"},
      {"2024-03-18T20:37:00+02:00", "2024-03-18T18:37:01Z", "2024-03-18T20:00:00-0500"},
      {"1700000000000000000", "1700000000000000001", "1700000000000000002"},
      {"-1700000000000000000", "-1699999999999999999", "-1699999999999999998"},
      {"1700000000.000000000", "1700000000.000000001", "1700000000.000000002"},
      {"2024-03-18T20:00:00.000000001Z", "2024-03-18T20:00:00.000000002Z", "2024-03-19T00:00:00Z"},
      {"28.2.2024", "18.03.2024", "01.04.2024"},
      {"18.03.2024 20:37", "18.3.2024 20:37:01", "19.03.2024 0:00"},
      {"20240318", "20240319", "20240401"},
      {"202403182037", "202403182038", "202403190000"},
      {"20240318203700", "20240318203701", "20240319000000"},
      {"2024-03-18T20:37:00.123456", "2024-03-18T20:37:00.123457", "2024-03-18T20:37:00.2"},
    };
    for (String[] times : forms) {
      assertEquals(List.of("u: i1 i2 i3"), sequences(log(times)), times[0]);
    }
  }

  @Test
  void theUnitIsThatOfTheColumnAndIsSaid() throws IOException {
    long moment = 1_700_000_000_123_456L;
    assertArrayEquals(new long[] {moment}, log("1700000000.123456").users().getFirst().times());
    assertArrayEquals(new long[] {moment}, log("1700000000123456").users().getFirst().times());
    assertArrayEquals(new long[] {moment - 456}, log("1700000000123").users().getFirst().times());
    assertEquals(
        "milliseconds, from 1970-01-01 to 2023-11-14",
        log("1700000000123", "0").provenance().get("times"));
    Dataset small = log(new ImportOptions().with(TimeUnit.MILLISECONDS), "5000", "7");
    assertEquals("u: i2 i1", sequences(small).getFirst());
    assertArrayEquals(new long[] {7000, 5_000_000}, small.users().getFirst().times());
  }

  @Test
  void aMixtureOfUnitsOrFormsIsRefused() throws IOException {
    write("1700000000123", "1700000000");
    assertEquals(
        "interactions.csv:3: column 'time': '1700000000123' looks like milliseconds, but"
            + " '1700000000' (line 2) like seconds; expected one unit in the whole column, or"
            + " --time-unit",
        folder.mistake());
    write("1700000000123", "17");
    assertEquals(
        "interactions.csv: column 'time': '17' (line 2) is too small for milliseconds, such as"
            + " '1700000000123' (line 3); expected one unit in the whole column, or --time-unit",
        folder.mistake());
    write("2024-03-18", "1700000000");
    assertTrue(folder.mistake().contains("is a date without a zone, but '1700000000' (line"));
    write("2024-03-18T20:37:00Z", "2024-03-18T20:37:00");
    assertTrue(folder.mistake().contains("is a date with a zone, but"), folder.mistake());
  }

  @Test
  void whatIsNoTimeIsRefused() throws IOException {
    for (String time :
        List.of(
            "soon",
            "",
            "NaN",
            "1e999",
            "0x10",
            "1f",
            "2024-02-30",
            "03/18/2024",
            "18.13.2024",
            "٣",
            "24:00")) {
      write(time);
      String said = folder.mistake();
      String start =
          "interactions.csv:2: column 'time': '%s' is not a time; expected".formatted(time);
      assertTrue(said.startsWith(start), said);
    }
  }

  @Test
  void whatIsFinerThanAMicrosecondGivesTheOrderAndIsSaid() throws IOException {
    Dataset dataset = log("1700000000000000001", "1700000000000000999");
    assertEquals("0.000", dataset.provenance().get("tied_neighbours"));
    assertEquals(
        "nanoseconds, from 2023-11-14 to 2023-11-14; ordered by nanoseconds, kept to the"
            + " microsecond",
        dataset.provenance().get("times"));
    assertArrayEquals(
        new long[] {1_700_000_000_000_000L, 1_700_000_000_000_000L},
        dataset.users().getFirst().times());
    ImportOptions distinct = new ImportOptions().withDuplicatesDropped(true);
    folder.write(
        "interactions.csv", "user,item,time", "u,i,1700000000000000001", "u,i,1700000000000000002");
    assertEquals(List.of("u: i i"), sequences(folder.read(distinct)));
  }

  @Test
  void zerosAmongTimesAndDaysAmongTimesOfDayAreRemarked() throws IOException {
    assertEquals(
        "column 'time': 2 zeros read as 1970-01-01, the first in line 2; if 0 stands for no time,"
            + " leave these lines out",
        odd(log("1700000000", "0", "0")));
    assertNull(odd(log("0", "1", "2")));
    assertEquals(
        "column 'time': 1 date without a time of day read as midnight, the first in line 3",
        odd(log(new ImportOptions().withMidnights(true), "2024-03-18", "2024-03-18 20:37")));
    assertNull(odd(log("2024-03-18", "2024-03-19")));
  }

  @Test
  void daysAmongTimesOfDayAreRefusedUnlessEveryTimeIsMidnight() throws IOException {
    String end =
        "expected one form in the whole column, or --midnight, which reads days as midnight;"
            + " --columns time= leaves the column out";
    write("2024-03-18", "2024-03-18 20:37", "2024-03-18");
    assertEquals(
        "interactions.csv:3: column 'time': '2024-03-18 20:37' has a time of day, but '2024-03-18'"
            + " (line 2) has none; "
            + end,
        folder.mistake());
    write("2024-03-18", "2024-03-18 00:00:00", "18.03.2024 20:37");
    assertEquals(
        "interactions.csv:4: column 'time': '2024-03-18' has no time of day, but '18.03.2024 20:37'"
            + " (line 2) has one; "
            + end,
        folder.mistake());
    Dataset midnights = log("2024-03-18", "2024-03-19 00:00:00", "20240320");
    assertEquals(List.of("u: i1 i2 i3"), sequences(midnights));
    assertNull(odd(midnights));
  }

  @Test
  void digitsBeyondTheNanosecondAreCounted() throws IOException {
    Dataset finer = log("1700000000.0000000001", "1700000000.1234567890", "1700000001.00000000049");
    assertEquals(
        "column 'time': 2 times finer than a nanosecond rounded to it, the first in line 2",
        finer.provenance().get("rounded_times"));
    Dataset exact = log("1700000000.123456789", "1.70000000125E9", "1700000001.0000000000000");
    assertNull(exact.provenance().get("rounded_times"));
  }

  private static String odd(Dataset dataset) {
    return dataset.provenance().get("odd_times");
  }

  @Test
  void datesWithoutSignsAreNumbersOnceTheirUnitIsSaid() throws IOException {
    Dataset dates = log("20240315101500");
    assertEquals("dates, read as UTC, from 2024-03-15 to 2024-03-15", said(dates));
    assertEquals("dates, read as UTC, from 2024-03-15 to 2024-03-15", said(log("20240315")));
    ImportOptions numbers = new ImportOptions().with(TimeUnit.SECONDS);
    assertEquals("seconds, from 1970-08-23 to 1970-08-23", said(log(numbers, "20240315")));
    assertEquals("small numbers, from 20241399 to 20241399", said(log("20241399")));
    write("1000000000000000000");
    assertTrue(folder.mistake(numbers).contains("is not a time"), folder.mistake(numbers));
  }

  private static String said(Dataset dataset) {
    return dataset.provenance().get("times");
  }

  @Test
  void fractionsOfASecondAreKeptOnDisk() throws IOException {
    Dataset dataset = log("1700000000.000001", "1700000000.5", "1700000001");
    DatasetFolder.write(dataset, path.resolve("out"));
    assertArrayEquals(
        dataset.users().getFirst().times(),
        DatasetFolder.read(path.resolve("out")).users().getFirst().times());
    assertTrue(
        Files.readString(path.resolve("out/dataset.inter")).contains("\t1700000000.000001\n"));
    assertEquals("-0.5", Times.text(-500_000));
    assertEquals("-1.25", Times.text(-1_250_000));
  }

  @Test
  void whereMostNeighboursTieTheirOrderIsDrawn() throws IOException {
    Dataset tied = log("5", "5", "5", "5", "5", "5", "5", "9");
    assertEquals("random:0", tied.provenance().get("ties"));
    assertEquals("0.857", tied.provenance().get("tied_neighbours"));
    Dataset file = log("5", "5", "6", "7");
    assertEquals("file", file.provenance().get("ties"));
    assertEquals("u: i2 i1 i3 i4", sequences(file).getFirst());
    ImportOptions asked = new ImportOptions().with(ImportOptions.Ties.FILE);
    assertEquals("u: i3 i2 i1", sequences(log(asked, "5", "5", "5")).getFirst());
  }

  @Test
  void lotsDependOnTheSeedAndNotOnTheOrderOfTheFile() throws IOException {
    List<String> lines = new ArrayList<>();
    List<String> items = new ArrayList<>(List.of("item,title"));
    for (int i = 0; i < 40; i++) {
      items.add("i%d,T%d".formatted(i, i));
      lines.add("u%d,i%d,5".formatted(i % 2, i));
    }
    folder.write("items.csv", items.toArray(String[]::new));
    List<List<String>> orders = new ArrayList<>();
    for (int seed = 0; seed < 3; seed++) {
      List<String> shuffled = new ArrayList<>(lines);
      Collections.shuffle(shuffled.subList(2, shuffled.size()), new Random(seed));
      shuffled.addFirst("user,item,time");
      folder.write("interactions.csv", shuffled.toArray(String[]::new));
      orders.add(sequences(folder.read(new ImportOptions().withRandomTies(7))));
      assertNotEquals(
          orders.getLast(), sequences(folder.read(new ImportOptions().withRandomTies(8))));
    }
    assertEquals(orders.get(0), orders.get(1));
    assertEquals(orders.get(0), orders.get(2));
  }
}
