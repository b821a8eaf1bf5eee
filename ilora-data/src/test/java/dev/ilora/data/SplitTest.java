package dev.ilora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.testing.RandomDatasets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SplitTest {
  private static Dataset sequences(int[]... items) {
    List<UserSequence> users = new ArrayList<>();
    for (int[] sequence : items) {
      long[] times =
          IntStream.range(0, sequence.length).mapToLong(p -> 10L * p * Times.SECOND).toArray();
      users.add(new UserSequence("u" + users.size(), sequence, new float[0], times));
    }
    return new Dataset("small", RandomDatasets.items(10), users, Map.of());
  }

  @Test
  void partsAreDisjointCompleteAndInTime() {
    for (long seed = 0; seed < 20; seed++) {
      Dataset dataset = RandomDatasets.random(seed, 40, 30, true);
      for (SplitRule rule :
          List.of(
              new SplitRule.UsersByTime(),
              new SplitRule.LeaveOneOut(),
              new SplitRule.CutOff(20, 35))) {
        Split split = rule.apply(dataset, 4);
        long targets = 0;
        for (Part part : Part.values()) {
          List<Case> rows = split.rows(part, Positions.EVERY, 0);
          targets += rows.size();
          for (int r = 0; r < rows.size(); r++) {
            assertEquals(r, rows.get(r).index());
            assertTrue(rows.get(r).history().length <= 4);
          }
        }
        assertEquals(dataset.interactionCount(), targets, rule.text());
        assertEquals(rule, SplitRule.parse(rule.text()));
      }
    }
  }

  @Test
  void usersByTimeRoundsDownAndKeepsTheOrderOfUsers() {
    List<UserSequence> users = new ArrayList<>();
    for (int u = 0; u < 19; u++) {
      users.add(new UserSequence("u" + u, new int[] {0}, new float[0], new long[] {(u * 7) % 19}));
    }
    Split split =
        new SplitRule.UsersByTime()
            .apply(new Dataset("d", RandomDatasets.items(1), users, Map.of()), 10);
    assertEquals(15, split.train().size());
    assertEquals(2, split.valid().size());
    List<String> test = split.users(Part.TEST).stream().map(UserSequence::user).toList();
    assertEquals(List.of("u8", "u16"), test);
  }

  @Test
  void cutOffHistoriesReachBack() {
    Split split = new SplitRule.CutOff(20, 30).apply(sequences(new int[] {1, 2, 3, 4, 5}), 3);
    Case row = split.rows(Part.TEST, Positions.LAST, 3).getFirst();
    assertArrayEquals(new int[] {2, 3, 4}, row.history());
    assertEquals(5, row.target());
    assertEquals(1, split.rows(Part.VALID, Positions.EVERY, 0).size());
    assertEquals(2, split.rows(Part.TRAIN, Positions.EVERY, 0).size());
  }

  @Test
  void leaveOneOutKeepsShortUsersForTraining() {
    Split split =
        new SplitRule.LeaveOneOut().apply(sequences(new int[] {1, 2}, new int[] {3, 4, 5, 6}), 10);
    assertEquals(List.of(2, 2), split.train().stream().map(Window::to).toList());
    assertEquals(5, split.rows(Part.VALID, Positions.LAST, 0).getFirst().target());
    assertEquals(6, split.rows(Part.TEST, Positions.LAST, 0).getFirst().target());
  }

  @Test
  void rowsNeedEnoughHistory() {
    Split split =
        new SplitRule.CutOff(0, 0)
            .apply(sequences(new int[] {1, 2, 3}, new int[] {1, 2, 3, 4, 5}), 10);
    assertEquals(2, split.rows(Part.TEST, Positions.EVERY, 3).size());
    assertEquals(1, split.rows(Part.TEST, Positions.LAST, 3).size());
    assertEquals(8, split.rows(Part.TEST, Positions.EVERY, 0).size());
  }

  @Test
  void samplesAreFixedOrderedAndKeepTheirNumbers() {
    Split split = new SplitRule.LeaveOneOut().apply(RandomDatasets.random(3, 200, 30, false), 10);
    List<Case> rows = split.trainRows(0);
    List<Case> sample = Split.sample(rows, 50, 11);
    assertEquals(50, sample.size());
    assertEquals(sample, Split.sample(rows, 50, 11));
    for (int i = 1; i < 50; i++) {
      assertTrue(sample.get(i - 1).index() < sample.get(i).index());
    }
    assertEquals(rows.get(sample.get(7).index()), sample.get(7));
    assertEquals(rows, Split.sample(rows, rows.size(), 11));
  }

  @Test
  void refusesWhatCannotBeSplit() {
    Dataset timeless = RandomDatasets.random(1, 5, 5, false);
    assertEquals(
        "split users-by-time needs times, and dataset random has none; choose leave-one-out or"
            + " given",
        refusal(() -> new SplitRule.UsersByTime().apply(timeless, 10)));
    assertEquals(
        "dataset random has no given split: no user has split=train",
        refusal(() -> new SplitRule.Given().apply(timeless, 10)));
    assertEquals(
        "unknown split 'random'; choices: users-by-time, users-by-time:TRAIN,VALID, leave-one-out,"
            + " cut-off:VALID_FROM,TEST_FROM (such as cut-off:2024-05-01,2024-06-01), given",
        refusal(() -> SplitRule.parse("random")));
    assertEquals(
        "history length must be at least 1, not 0",
        refusal(() -> new SplitRule.LeaveOneOut().apply(timeless, 0)));
    assertEquals(
        "test must not start before validation: 1 < 2",
        refusal(() -> SplitRule.parse("cut-off:2,1")));
    UserSequence byItem =
        new UserSequence(
            "u", new int[] {0, 1, 2}, new float[0], new long[] {5_000_000, 30_000_000, 10_500_000});
    assertEquals(
        "cut-off:20,25 needs interactions in the order of time; user u has one of 10.5 after one of"
            + " 30",
        refusal(
            () ->
                new SplitRule.CutOff(20, 25)
                    .apply(
                        new Dataset("d", RandomDatasets.items(3), List.of(byItem), Map.of()), 10)));
  }

  @Test
  void cutsAreDatesTimesOrSeconds() {
    SplitRule days = new SplitRule.CutOff(1_714_521_600, 1_717_200_000);
    assertEquals(days, SplitRule.parse("cut-off:2024-05-01,2024-06-01"));
    assertEquals(days, SplitRule.parse("cut-off:2024-05-01T00:00,2024-06-01 02:00+02:00"));
    assertEquals(days, SplitRule.parse("cut-off:1714521600, 2024-06-01T00:00:00Z"));
    assertEquals(days, SplitRule.parse(days.text()));
  }

  @Test
  void aMalformedCutSaysWhatIsExpected() {
    for (String wrong : List.of("01.05.2024", "2024-02-30", "2024-05-01T25:00", "May", "")) {
      String refusal = refusal(() -> SplitRule.parse("cut-off:" + wrong + ",2024-06-01"));
      assertEquals(
          "split cut-off: '"
              + wrong
              + "' is not a time; expected a date (2024-05-01), a time (2024-05-01T18:30, in UTC,"
              + " or 2024-05-01T18:30+02:00) or seconds since 1970",
          refusal);
    }
  }

  private static String refusal(Executable executable) {
    return assertThrows(IllegalArgumentException.class, executable).getMessage();
  }
}
