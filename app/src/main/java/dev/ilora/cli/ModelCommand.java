package dev.ilora.cli;

import picocli.CommandLine;

/** {@code ilora model}: language models on disk. */
@CommandLine.Command(
    name = "model",
    description = "Describe, check and convert language models on disk.",
    subcommands = {ModelDescribeCommand.class, ModelVerifyCommand.class, ModelConvertCommand.class})
final class ModelCommand {}
