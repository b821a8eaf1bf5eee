package dev.ilora.cli;

import dev.ilora.config.ConfigException;
import dev.ilora.data.download.Archive;
import dev.ilora.data.download.Downloader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ilora data download}: fetches a published data set, verified, and continues where it
 * stopped.
 */
@CommandLine.Command(
    name = "download",
    description = {
      "Download a published data set and unpack it: ml-100k, ml-1m, ml-latest-small, ml-20m,",
      "ml-25m, ml-32m or lastfm. Mind the licence in its README."
    })
final class DataDownloadCommand implements Command {
  @Parameters(paramLabel = "NAME", description = "Which data set.")
  private String name;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder to put it in (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("data", "raw");

  @Option(
      names = "--base-url",
      paramLabel = "URL",
      description = "Mirror of the publisher's datasets folder.")
  private URI base = Downloader.OFFICIAL;

  @Override
  public void run(Terminal terminal) throws IOException {
    Archive archive;
    Downloader downloader;
    try {
      archive = Archive.parse(name);
      downloader = new Downloader(base, terminal.progress());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
    Path folder = downloader.fetch(archive, out);
    terminal.line(folder.toString());
    terminal.remark("next: ilora data import " + ShellWord.of(folder));
    terminal.json(Map.of("name", archive.label(), "folder", folder.toString()));
  }
}
