package dev.ilora.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ilora.report.MadeUpRuns;
import dev.ilora.report.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class CheckReportTest {
  @TempDir Path folder;

  @BeforeEach
  void needsABrowser() {
    assumeTrue(Chromium.find().isPresent(), "skipped: no chromium on the path");
  }

  @Test
  void aReportIsFreeOfFaultsInABrowser() throws Exception {
    Path page = folder.resolve("report.html");
    Report.of(MadeUpRuns.read(MadeUpRuns.all(folder)), "iLoRA", "LLaRA", Instant.EPOCH).write(page);
    List<PageCheck> checks = CheckReport.of(page, folder);
    assertEquals(View.ALL, checks.stream().map(PageCheck::view).toList());
    for (PageCheck check : checks) {
      assertEquals(List.of(), check.findings(), check::toString);
    }
  }

  @Test
  void whatIsWrongIsFound() throws Exception {
    Path page = folder.resolve("wrong.html");
    Files.writeString(
        page,
        """
        <!DOCTYPE html>
        <html><head><title>Wrong</title></head><body>
        <h1>One</h1><h3>Three</h3>
        <p style="color:#999;background:#fff">Pale <div style="width:2000px">Wide</div></p>
        <table><tr><th>Head</th></tr></table>
        <svg></svg><img src="http://127.0.0.1:9/x.png"/>
        </body></html>
        """);
    String findings = String.join("\n", CheckReport.of(page, folder).getFirst().findings());
    for (String expected :
        List.of(
            "px wide in a window of 1280",
            "no language",
            "follows a heading h1",
            "no caption",
            "no scope",
            "a drawing without a name",
            "contrast 2.8",
            "the HTML is not valid there",
            "asks for http://127.0.0.1:9/x.png")) {
      assertTrue(findings.contains(expected), expected + " in\n" + findings);
    }
  }
}
