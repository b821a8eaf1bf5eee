package dev.ilora.cli;

import picocli.CommandLine;

/** {@code ilora model}: language models on disk. */
@CommandLine.Command(
    name = "model",
    description = "Describe and check language models on disk.",
    subcommands = {ModelDescribeCommand.class, ModelVerifyCommand.class})
final class ModelCommand {}
