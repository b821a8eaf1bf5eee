package dev.ilora.hybrid;

import dev.ilora.data.Case;
import dev.ilora.llm.Attention;
import dev.ilora.llm.TrainingPass;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Tensor;
import java.util.List;

/** The loss of a prompt model on the answers of examples, as a graph or straight as gradients. */
final class PromptLoss {
  private PromptLoss() {}

  /** See {@link PromptModel#loss}. */
  static PromptModel.Loss graph(PromptModel model, List<Example> examples) {
    AnswerBatch answers = answers(model, examples);
    EmbeddedBatch batch = embedded(model, answers, examples);
    Tensor hidden =
        model
            .llama()
            .hiddenAt(
                batch.embeddings(),
                Attention.causal(batch.tokens().lengths()),
                batch.adaptation(),
                answers.flatPositions(model.device()));
    Tensor sum = answers.loss(model.llama().logits(hidden).to(DType.F32));
    return new PromptModel.Loss(sum, answers.answers().length, batch.tokens().tokens());
  }

  /** See {@link PromptModel#accumulate}. */
  static PromptModel.Accumulated accumulate(
      PromptModel model, List<Example> examples, double divisor, boolean checkpoint) {
    AnswerBatch answers = answers(model, examples);
    EmbeddedBatch batch = embedded(model, answers, examples);
    TrainingPass pass =
        model
            .llama()
            .trainingPass(
                batch.embeddings(),
                Attention.causal(batch.tokens().lengths()),
                batch.adaptation(),
                answers.flatPositions(model.device()),
                checkpoint);
    double loss =
        pass.backward(
            answers.targets(model.device()), answers.weights(1 / divisor, model.device()));
    return new PromptModel.Accumulated(loss, batch.tokens().tokens());
  }

  private static AnswerBatch answers(PromptModel model, List<Example> examples) {
    return AnswerBatch.of(examples, model::encoder, model.llama().lengthMultiple());
  }

  private static EmbeddedBatch embedded(
      PromptModel model, AnswerBatch answers, List<Example> examples) {
    List<Case> cases = examples.stream().map(Example::asked).toList();
    return model.embedded(answers.tokens(), cases, true);
  }
}
