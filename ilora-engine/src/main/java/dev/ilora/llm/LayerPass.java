package dev.ilora.llm;

import static dev.ilora.adapter.Projection.DOWN_PROJ;
import static dev.ilora.adapter.Projection.GATE_PROJ;
import static dev.ilora.adapter.Projection.K_PROJ;
import static dev.ilora.adapter.Projection.O_PROJ;
import static dev.ilora.adapter.Projection.Q_PROJ;
import static dev.ilora.adapter.Projection.UP_PROJ;
import static dev.ilora.adapter.Projection.V_PROJ;

import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.AdapterPass;
import dev.ilora.adapter.Projection;
import dev.ilora.nn.DropoutMask;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * One decoder layer with adapters through a forward and a backward pass written out by hand: the
 * values of {@link LlamaBlock#forward} and the gradients of its graph. Gradients are formed for the
 * input, the adapters and the weights that are trained alone, and added in place.
 *
 * <p>N = B·T tokens, C width. To be used without a graph.
 */
final class LayerPass {
  private static final Projection[] ATTENTION = {Q_PROJ, K_PROJ, V_PROJ};
  private static final Projection[] GATED = {GATE_PROJ, UP_PROJ};

  private final LlamaBlock block;
  private final AttentionPlan plan;
  private final Adaptation adaptation;
  private final Tensor x;
  private final DropoutMask keptByAttention;
  private final DropoutMask keptByOutput;
  private final DropoutMask keptByGated;
  private final DropoutMask keptByDown;
  private Saved saved;

  /** What the backward pass needs of the forward pass. */
  private record Saved(
      NormPass inputNorm,
      Tensor normed,
      AdapterPass readers,
      AttentionPass attention,
      Tensor attended,
      AdapterPass output,
      NormPass innerNorm,
      Tensor inner,
      AdapterPass gated,
      Tensor gate,
      Tensor up,
      Tensor opened,
      AdapterPass down,
      List<Tensor> tensors) {}

  /**
   * @param x (N, C), freed by {@link #backward}
   */
  LayerPass(LlamaBlock block, Tensor x, AttentionPlan plan, Adaptation adaptation) {
    this.block = block;
    this.plan = plan;
    this.adaptation = adaptation;
    this.x = x;
    long width = x.size(1);
    keptByAttention = adaptation.kept(x.size(0), width, ATTENTION);
    keptByOutput = adaptation.kept(x.size(0), block.weight(O_PROJ).size(1), O_PROJ);
    keptByGated = adaptation.kept(x.size(0), width, GATED);
    keptByDown = adaptation.kept(x.size(0), block.weight(DOWN_PROJ).size(1), DOWN_PROJ);
  }

  /**
   * @param remember whether what the backward pass needs is kept; otherwise it is computed again
   * @return (N, C)
   */
  Tensor forward(boolean remember) {
    try (var scope = Scope.open()) {
      Saved all = allButLastProduct();
      if (remember) {
        all.tensors().forEach(scope::keep);
        saved = all;
      }
      return scope.keep(residual(all.innerNorm().x(), all.opened(), DOWN_PROJ, all.down()));
    }
  }

  /** What the backward pass needs; the product that ends the layer is nothing of it. */
  private Saved allButLastProduct() {
    double epsilon = block.config().normEpsilon();
    NormPass inputNorm = NormPass.of(x, block.inputNorm(), epsilon);
    Tensor h = inputNorm.output();
    AdapterPass readers = adaptation.pass(block.index(), h, keptByAttention, ATTENTION);
    AttentionPass attention =
        new AttentionPass(
            block.config(),
            plan,
            project(Q_PROJ, h, readers),
            project(K_PROJ, h, readers),
            project(V_PROJ, h, readers));
    Tensor attended = attention.output();
    AdapterPass output = adaptation.pass(block.index(), attended, keptByOutput, O_PROJ);
    Tensor middle = residual(x, attended, O_PROJ, output);
    NormPass innerNorm = NormPass.of(middle, block.innerNorm(), epsilon);
    Tensor inner = innerNorm.output();
    AdapterPass gated = adaptation.pass(block.index(), inner, keptByGated, GATED);
    Tensor gate = project(GATE_PROJ, inner, gated);
    Tensor up = project(UP_PROJ, inner, gated);
    Tensor opened = gate.silu().mulInPlace(up);
    AdapterPass down = adaptation.pass(block.index(), opened, keptByDown, DOWN_PROJ);
    List<Tensor> tensors = new ArrayList<>(attention.needed());
    tensors.addAll(List.of(inputNorm.inverse(), h, attended, middle, innerNorm.inverse()));
    tensors.addAll(List.of(inner, gate, up, opened));
    List.of(readers, output, gated, down).forEach(pass -> tensors.addAll(pass.needed()));
    return new Saved(
        inputNorm, h, readers, attention, attended, output, innerNorm, inner, gated, gate, up,
        opened, down, tensors);
  }

  private Tensor project(Projection projection, Tensor h, AdapterPass adapters) {
    Tensor output = h.linear(block.weight(projection), block.bias(projection));
    adapters.addTo(projection, output);
    return output;
  }

  private Tensor residual(Tensor to, Tensor h, Projection projection, AdapterPass adapters) {
    Tensor sum = to.addmm(h, block.weight(projection).transpose(0, 1));
    if (block.bias(projection) != null) {
      sum.addInPlace(block.bias(projection), 1);
    }
    adapters.addTo(projection, sum);
    return sum;
  }

  /**
   * Adds the gradients of the adapters, of their scales and of trained weights to them, and frees
   * what this pass holds.
   *
   * @param gradient of the output, (N, C); overwritten
   * @param wanted whether the gradient of the input is wanted
   * @return gradient of the input, (N, C), or null
   */
  Tensor backward(Tensor gradient, boolean wanted) {
    try (var _ = Scope.open()) {
      if (saved == null) {
        saved = allButLastProduct();
      }
      backwardFeedForward(gradient);
      Tensor read = backwardAttention(gradient, wanted);
      if (wanted) {
        saved.inputNorm().backward(read, gradient);
      }
      saved.tensors().forEach(Tensor::close);
      saved = null;
      x.close();
      return wanted ? gradient : null;
    }
  }

  private void backwardFeedForward(Tensor gradient) {
    Tensor opened = backward(DOWN_PROJ, gradient, saved.opened(), saved.down());
    Tensor up = opened.mul(saved.gate().silu());
    Tensor gate = saved.gate().siluBackward(opened.mulInPlace(saved.up()));
    Tensor inner = gate.matmul(block.weight(GATE_PROJ));
    inner.addmmInPlace(up, block.weight(UP_PROJ));
    takeGradient(GATE_PROJ, gate, saved.inner(), saved.gated());
    takeGradient(UP_PROJ, up, saved.inner(), saved.gated());
    saved.gated().addInputGradient(inner);
    saved.innerNorm().backward(inner, gradient);
  }

  private Tensor backwardAttention(Tensor gradient, boolean wanted) {
    Tensor attended = backward(O_PROJ, gradient, saved.attended(), saved.output());
    List<Tensor> heads = saved.attention().backward(attended);
    Tensor read = null;
    for (int i = 0; i < ATTENTION.length; i++) {
      Tensor head = heads.get(i);
      takeGradient(ATTENTION[i], head, saved.normed(), saved.readers());
      Tensor weight = block.weight(ATTENTION[i]);
      if (wanted) {
        read = read == null ? head.matmul(weight) : read.addmmInPlace(head, weight);
      }
    }
    saved.readers().addInputGradient(read);
    return read;
  }

  /** Gradient of the input of a projection that writes into the residual stream. */
  private Tensor backward(
      Projection projection, Tensor gradient, Tensor input, AdapterPass adapters) {
    Tensor read = gradient.matmul(block.weight(projection));
    takeGradient(projection, gradient, input, adapters);
    adapters.addInputGradient(read);
    return read;
  }

  /** Gradients of what a projection is made of, from that of its output. */
  private void takeGradient(
      Projection projection, Tensor gradient, Tensor input, AdapterPass adapters) {
    adapters.takeGradient(projection, gradient);
    Tensor weight = block.weight(projection);
    if (weight.requiresGrad()) {
      weight.addGrad(gradient.transpose(0, 1).matmul(input));
      if (block.bias(projection) != null) {
        block.bias(projection).addGrad(gradient.sum(0, false));
      }
    }
  }
}
