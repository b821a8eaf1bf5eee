package dev.ilora.cli;

import picocli.CommandLine;

/** {@code ilora model}: gets language models. */
@CommandLine.Command(
    name = "model",
    description = "Download language models.",
    subcommands = {ModelDownloadCommand.class})
final class ModelCommand {}
