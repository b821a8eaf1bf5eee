package dev.ilora.recommender;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Tensor;

/** Positions of right-padded sequences. */
final class Padding {
  private Padding() {}

  /** The vector at the last item of each sequence: (B, L, C) and (B) to (B, C). */
  static Tensor last(Tensor x, Tensor lengths) {
    Tensor one = Tensor.ones(DType.I64, x.device(), 1);
    Tensor at = lengths.sub(one).view(-1, 1, 1).expand(x.size(0), 1, x.size(2));
    return x.gather(1, at).squeeze(1);
  }

  /** True at padding: (B, L). */
  static Tensor mask(Tensor lengths, int length) {
    return Tensor.arange(length, lengths.device()).unsqueeze(0).ge(lengths.unsqueeze(1));
  }
}
