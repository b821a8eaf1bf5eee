package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartUpTest {
  @Test
  void helpLoadsNeitherNativesNorHeavyClasses() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:stdout",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.ilora.cli.Main",
                "--help")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    List<String> heavy =
        output
            .lines()
            .filter(
                line ->
                    line.matches(".* (org\\.bytedeco|ai\\.djl|tools\\.jackson|org\\.knowm)\\..*"))
            .toList();
    assertEquals(List.of(), heavy);
  }
}
