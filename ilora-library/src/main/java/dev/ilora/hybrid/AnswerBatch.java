package dev.ilora.hybrid;

import dev.ilora.prompt.Prompt;
import dev.ilora.prompt.PromptEncoder;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Layers;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Prompts with the answers they should get, P tokens in all, each read at the position before it.
 *
 * @param tokens prompts, each followed by its answer without the last token
 * @param positions positions within each prompt that predict a token of the answer
 * @param answers the tokens predicted there, P
 */
record AnswerBatch(TokenBatch tokens, List<int[]> positions, long[] answers) {

  /**
   * @param encoder what encodes an example
   * @param multiple what the length of the batch is rounded up to
   */
  static AnswerBatch of(
      List<Example> examples, Function<Example, PromptEncoder> encoder, int multiple) {
    List<Prompt> prompts = new ArrayList<>();
    List<int[]> following = new ArrayList<>();
    List<int[]> positions = new ArrayList<>();
    List<Long> answers = new ArrayList<>();
    for (Example example : examples) {
      PromptEncoder own = encoder.apply(example);
      Prompt prompt = own.encode(example.asked().history(), example.asked().candidates());
      int[] answer = own.answer(example.asked().target(), prompt);
      prompts.add(prompt);
      following.add(Arrays.copyOf(answer, answer.length - 1));
      int[] at = new int[answer.length];
      for (int i = 0; i < answer.length; i++) {
        at[i] = prompt.length() - 1 + i;
        answers.add((long) answer[i]);
      }
      positions.add(at);
    }
    return new AnswerBatch(
        TokenBatch.of(prompts, following, multiple),
        positions,
        answers.stream().mapToLong(Long::longValue).toArray());
  }

  /** Flat positions b·T + t, (P). */
  Tensor flatPositions(Device device) {
    return tokens.positions(positions, device);
  }

  /** The tokens predicted, I64, (P). */
  Tensor targets(Device device) {
    return Tensor.of(answers, answers.length).to(device);
  }

  /** The same weight for each of them, (P). */
  Tensor weights(double weight, Device device) {
    return Tensor.full(weight, DType.F32, device, answers.length);
  }

  /** Cross-entropy summed over the answers' tokens of logits (P, V), F32. */
  Tensor loss(Tensor logits) {
    return Layers.crossEntropy(logits, targets(logits.device())).mul(answers.length);
  }
}
