package dev.ilora.cli;

import picocli.CommandLine;

/** {@code ilora recommender}: trains, imports and evaluates sequence recommenders. */
@CommandLine.Command(
    name = "recommender",
    header = "Train, import and evaluate SASRec, GRU4Rec, Caser and Popularity.",
    subcommands = {
      RecommenderTrainCommand.class,
      RecommenderImportCommand.class,
      RecommenderEvalCommand.class
    })
final class RecommenderCommand {}
