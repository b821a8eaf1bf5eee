package dev.ilora.study;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The time that a study still takes, told from its first minute on. */
class WorkLeftTest {
  private long seconds;

  private WorkLeft work(int lanes) {
    WorkLeft work = new WorkLeft(lanes, () -> Instant.ofEpochSecond(seconds));
    work.ranking("evaluating zero-shot", 100);
    work.training("training a", 600);
    work.ranking("evaluating a", 100);
    work.training("training b", 600);
    work.ranking("evaluating b", 100);
    return work;
  }

  private Optional<Duration> after(WorkLeft work, int passed, String what, long done, long total) {
    seconds += passed;
    return work.after(what, done, total);
  }

  @Test
  void rowsOfAKindNotSeenYetTakeAsLongAsThoseSeen() {
    WorkLeft work = work(1);
    assertEquals(Optional.empty(), after(work, 5, "evaluating zero-shot", 0, 100));
    // 0.2 s a row, 1,450 rows are left
    assertEquals(
        Optional.of(Duration.ofSeconds(290)), after(work, 10, "evaluating zero-shot", 50, 100));
  }

  @Test
  void eachKindIsEstimatedAtItsOwnSpeed() {
    WorkLeft work = work(1);
    after(work, 0, "evaluating zero-shot", 0, 100);
    after(work, 20, "evaluating zero-shot", 100, 100);
    after(work, 0, "training a", 0, 30);
    // 0.1 s a row: 580 and 600 rows are left to train on, 200 to rank at 0.2 s
    assertEquals(
        Optional.of(Duration.ofSeconds(58 + 60 + 40)), after(work, 2, "training a", 1, 30));
  }

  @Test
  void theSlowStartIsForgottenOnceEnoughWasSeenAfterIt() {
    WorkLeft work = new WorkLeft(1, () -> Instant.ofEpochSecond(seconds));
    work.training("a", 1000);
    after(work, 0, "a", 0, 100);
    // 8 s for 10 rows
    assertEquals(Optional.of(Duration.ofSeconds(792)), after(work, 8, "a", 1, 100));
    // 2 s for 20 rows after that: 970 rows are left
    assertEquals(Optional.of(Duration.ofSeconds(97)), after(work, 2, "a", 3, 100));
  }

  @Test
  void runsAtTheSameTimeShareTheWorkButOneIsNotDivided() {
    WorkLeft work = new WorkLeft(2, () -> Instant.ofEpochSecond(seconds));
    work.training("a", 1000);
    work.training("b", 100);
    after(work, 0, "a", 0, 10);
    assertEquals(Optional.of(Duration.ofSeconds(90)), after(work, 10, "a", 1, 10));
  }

  @Test
  void workTakenUpAgainIsMeasuredFromThereOn() {
    WorkLeft work = new WorkLeft(1, () -> Instant.ofEpochSecond(seconds));
    work.training("a", 1000);
    after(work, 0, "a", 90, 100);
    assertEquals(Optional.of(Duration.ofSeconds(50)), after(work, 50, "a", 95, 100));
  }

  @Test
  void aListenerHearsTheTimeLeftAndRemarksAsTheyAre() {
    List<String> heard = new ArrayList<>();
    Progress told =
        work(1)
            .telling(
                new Progress() {
                  @Override
                  public void update(String what, long done, long total, String detail) {
                    heard.add(what);
                  }

                  @Override
                  public void update(
                      String what, long done, long total, String detail, Duration left) {
                    heard.add(what + " " + left.toSeconds());
                  }

                  @Override
                  public void remark(String text) {
                    heard.add("remark: " + text);
                  }
                });
    told.update("reading", 1, 2, "");
    told.update("training a", 0, 6, "");
    seconds += 10;
    told.update("training a", 1, 6, "");
    told.remark("prompts were cut");
    assertEquals(
        List.of("reading", "training a", "training a 140", "remark: prompts were cut"), heard);
  }
}
