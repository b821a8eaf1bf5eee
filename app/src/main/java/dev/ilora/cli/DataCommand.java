package dev.ilora.cli;

import picocli.CommandLine;

/** {@code ilora data}: gets data, imports them, and says what they are like. */
@CommandLine.Command(
    name = "data",
    description = "Download, import and describe data sets.",
    subcommands = {DataDownloadCommand.class, DataImportCommand.class, DataDescribeCommand.class})
final class DataCommand {}
