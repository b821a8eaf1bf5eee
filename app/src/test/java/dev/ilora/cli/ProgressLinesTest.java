package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
  private long millis;
  private final StringWriter out = new StringWriter();
  private final InstantSource clock = () -> Instant.ofEpochMilli(millis);

  private ProgressLines progress(int columns) {
    return new ProgressLines(new PrintWriter(out), columns, clock);
  }

  @Test
  void plainLinesComeAtTheStartNowAndThenAndAtTheEnd() {
    ProgressLines progress = progress(0);
    for (int step = 0; step <= 100; step++) {
      progress.update("training", step, 100, "loss 1.5");
      millis += 300;
    }
    assertEquals(
        """
        training  0/100 (0 %)  loss 1.5
        training  34/100 (34 %)  3.3/s  loss 1.5  19 s left
        training  68/100 (68 %)  3.3/s  loss 1.5  9 s left
        training  100/100 (100 %)  3.3/s  loss 1.5  took 30 s
        """,
        out.toString());
  }

  @Test
  void theTimeLeftOfWorkTakenUpAgainCountsOnlyWhatWasDoneSince() {
    ProgressLines progress = progress(0);
    progress.update("training", 900, 1000, "");
    millis += 10_000;
    progress.update("training", 920, 1000, "");
    assertEquals(
        "training  900/1000 (90 %)\ntraining  920/1000 (92 %)  2.0/s  40 s left\n", out.toString());
  }

  @Test
  void aTerminalShowsOneLineThatFitsAndKeepsTheLast() {
    ProgressLines progress = progress(30);
    progress.update("reading", 0, 0, "");
    millis += 100;
    progress.update("reading", 5, 0, "");
    millis += 200;
    progress.update("reading", 12, 0, "a detail much longer than the line");
    progress.update("sorting", 3, 3, "");
    assertEquals(
        "\r\u001b[Kreading  0\r\u001b[Kreading  12  a detail much lo"
            + "\r\u001b[Ksorting  3/3 (100 %)  took 0 "
            + System.lineSeparator(),
        out.toString());
  }

  @Test
  void theTimeLeftOfAllTheWorkStandsInPlaceOfThePiecesOwn() {
    ProgressLines progress = progress(0);
    progress.update("training", 0, 10, "", Duration.ofMinutes(5));
    millis += 10_000;
    progress.update("training", 5, 10, "", Duration.ofSeconds(200));
    assertEquals(
        """
        training  0/10 (0 %)  5 min 00 s left in all
        training  5/10 (50 %)  0.5/s  3 min 20 s left in all
        """,
        out.toString());
  }

  @Test
  void aPieceThatOthersInterruptIsTimedFromItsOwnBeginning() {
    ProgressLines progress = progress(0);
    progress.update("training", 0, 10, "");
    millis += 5000;
    progress.update("evaluating", 1, 1, "");
    millis += 5000;
    progress.update("training", 10, 10, "");
    assertEquals(
        """
        training  0/10 (0 %)
        evaluating  1/1 (100 %)  took 0 s
        training  10/10 (100 %)  1.0/s  took 10 s
        """,
        out.toString());
  }

  @Test
  void aRemarkStandsAlone() {
    ProgressLines progress = progress(0);
    progress.remark("3 prompts were cut");
    assertEquals("3 prompts were cut\n", out.toString());
  }

  @Test
  void remarksClearTheLine() {
    ProgressLines progress = progress(80);
    progress.update("reading", 1, 2, "");
    ProgressLines.clear(progress);
    ProgressLines.clear(progress);
    assertEquals("\r\u001b[Kreading  1/2 (50 %)\r\u001b[K", out.toString());
  }

  @Test
  void longWorkIsToldInMinutesAndHours() {
    ProgressLines progress = progress(0);
    progress.update("training", 0, 1000, "");
    millis += 3_600_000;
    progress.update("training", 100, 1000, "");
    assertEquals(
        "training  0/1000 (0 %)\ntraining  100/1000 (10 %)  1.7/min  9 h 00 min left\n",
        out.toString());
  }
}
