package dev.ilora.cli;

import picocli.CommandLine;

/** {@code ilora model}: language models on disk. */
@CommandLine.Command(
    name = "model",
    description = "Download, describe, check and convert language models.",
    subcommands = {
      ModelDownloadCommand.class,
      ModelDescribeCommand.class,
      ModelVerifyCommand.class,
      ModelConvertCommand.class
    })
final class ModelCommand {}
