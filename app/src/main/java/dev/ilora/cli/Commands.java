package dev.ilora.cli;

import java.util.List;

/** All commands, in the order {@code --help} lists them. */
final class Commands {
  static final List<Class<?>> ALL =
      List.of(
          DemoCommand.class,
          StartCommand.class,
          DataCommand.class,
          ModelCommand.class,
          RecommenderCommand.class,
          PretrainCommand.class,
          ProbeCommand.class,
          TrainCommand.class,
          EvalCommand.class,
          StudyCommand.class,
          RecommendCommand.class,
          ExportCommand.class,
          ReproduceCommand.class,
          ReportCommand.class,
          BenchCommand.class,
          DoctorCommand.class);

  private Commands() {}
}
