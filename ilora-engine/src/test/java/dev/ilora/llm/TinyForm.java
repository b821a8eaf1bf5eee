package dev.ilora.llm;

import dev.ilora.llm.DecoderForm.Biases;
import dev.ilora.llm.DecoderForm.HeadNorms;
import dev.ilora.llm.DecoderForm.Norms;
import dev.ilora.llm.DecoderForm.Scales;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Everything in which decoders differ, for tiny ones. */
enum TinyForm {
  /** Windows shorter and longer than a block of queries, and a layer that sees everything. */
  WINDOWS,
  /** Norms around branches, of each head, zero-centred; other gates; layers of two kinds. */
  GEMMA,
  /** Norms after branches and over all heads. */
  OLMO,
  /** Constants everywhere, and biases. */
  GRANITE,
  /** A part of each head is turned, by factors that depend on the length. */
  LONG_ROPE,
  /** A part of each head is turned, and one layer knows no positions. */
  YARN,
  /** Angles that depend on the length. */
  DYNAMIC;

  /** A small configuration with layers like these. */
  LlamaConfig of(LlamaConfig config) {
    return config.withForm(form(config.headWidth(), config.layers()));
  }

  private DecoderForm form(int width, int layers) {
    Rope plain = new Rope(width, 1e4, new RopeScaling.None());
    return switch (this) {
      case WINDOWS -> llama(width, windows(plain, plain, layers));
      case GEMMA ->
          new DecoderForm(
              Norms.AROUND,
              HeadNorms.EACH_HEAD,
              true,
              Activation.GELU_TANH,
              Biases.NONE,
              new Scales(4, 0.3, 1, 1),
              windows(plain, new Rope(width, 100, new RopeScaling.Linear(4)), layers));
      case OLMO ->
          new DecoderForm(
              Norms.AFTER,
              HeadNorms.ALL_HEADS,
              false,
              Activation.SILU,
              Biases.NONE,
              Scales.usual(width),
              Collections.nCopies(layers, Sight.everything(plain)));
      case GRANITE ->
          new DecoderForm(
              Norms.BEFORE,
              HeadNorms.NONE,
              false,
              Activation.SILU,
              Biases.ALL,
              new Scales(3, 0.2, 0.5, 4),
              Collections.nCopies(layers, Sight.everything(plain)));
      case LONG_ROPE -> llama(width, everything(longRope(width), layers));
      case YARN -> {
        List<Sight> sights = new ArrayList<>(everything(yarn(width), layers));
        sights.set(1, Sight.everything(Rope.none()));
        yield llama(width, sights);
      }
      case DYNAMIC ->
          llama(width, everything(new Rope(width, 1e4, new RopeScaling.Dynamic(2, 64)), layers));
    };
  }

  private static DecoderForm llama(int width, List<Sight> layers) {
    return new DecoderForm(
        Norms.BEFORE,
        HeadNorms.NONE,
        false,
        Activation.SILU,
        Biases.INPUTS,
        Scales.usual(width),
        layers);
  }

  private static List<Sight> everything(Rope rope, int layers) {
    return Collections.nCopies(layers, Sight.everything(rope));
  }

  private static List<Sight> windows(Rope near, Rope far, int layers) {
    List<Sight> sights =
        List.of(new Sight(2, near), new Sight(60, near), Sight.everything(far), new Sight(5, near));
    return sights.subList(0, layers);
  }

  private static Rope longRope(int width) {
    int turned = width / 4 * 2;
    List<Double> shorter = Collections.nCopies(turned / 2, 1.5);
    List<Double> longer = Collections.nCopies(turned / 2, 6.0);
    return new Rope(turned, 1e4, new RopeScaling.LongRope(shorter, longer, 64, 1.2));
  }

  private static Rope yarn(int width) {
    return new Rope(width / 4 * 2, 100, new RopeScaling.Yarn(4, 16, 8, 1, true, 1.1));
  }
}
