package dev.ilora.cli;

import java.util.List;

/** All commands, in the order {@code --help} lists them. */
final class Commands {
  static final List<Class<?>> ALL = List.of(DataCommand.class, ReportCommand.class, DoctorCommand.class);

  private Commands() {}
}
