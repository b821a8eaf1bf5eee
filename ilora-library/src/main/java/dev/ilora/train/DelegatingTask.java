package dev.ilora.train;

import dev.ilora.nn.Adam;
import dev.ilora.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** A task that is another one, but for what a subclass changes. */
abstract class DelegatingTask implements Task {
  private final Task task;

  DelegatingTask(Task task) {
    this.task = task;
  }

  @Override
  public String name() {
    return task.name();
  }

  @Override
  public List<Adam.Group> groups() {
    return task.groups();
  }

  @Override
  public Adam.Options optimiser() {
    return task.optimiser();
  }

  @Override
  public Map<String, Tensor> buffers() {
    return task.buffers();
  }

  @Override
  public StepLoss accumulate(long step) {
    return task.accumulate(step);
  }

  @Override
  public void afterUpdate(Trainer.Step report) {
    task.afterUpdate(report);
  }

  @Override
  public boolean isFinished(long done) {
    return task.isFinished(done);
  }

  @Override
  public String detail(Trainer.Step report, double smoothedLoss) {
    return task.detail(report, smoothedLoss);
  }
}
