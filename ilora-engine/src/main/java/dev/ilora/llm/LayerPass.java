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
import dev.ilora.adapter.DecoderShape;
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
  private AttentionPart attention;
  private FeedForwardPart feedForward;

  /** What the backward pass needs of attention. */
  private record AttentionPart(
      NormPass norm,
      Tensor normed,
      AdapterPass readers,
      NormPass queryNorm,
      NormPass keyNorm,
      AttentionPass heads,
      Tensor attended,
      AdapterPass output,
      Branch end,
      Tensor result) {

    List<Tensor> tensors() {
      List<Tensor> all = new ArrayList<>(heads.needed());
      all.addAll(norm.neededWithOutput(normed));
      List.of(queryNorm, keyNorm).forEach(head -> all.addAll(head.neededWithInput()));
      List.of(readers, output).forEach(pass -> all.addAll(pass.needed()));
      all.addAll(end.needed());
      all.addAll(List.of(attended, result));
      return all;
    }
  }

  /** What the backward pass needs of the feed-forward layer. */
  private record FeedForwardPart(
      NormPass norm,
      Tensor normed,
      AdapterPass readers,
      Tensor gate,
      Tensor up,
      Tensor opened,
      AdapterPass down,
      Branch end) {

    List<Tensor> tensors() {
      List<Tensor> all = new ArrayList<>(norm.neededWithOutput(normed));
      List.of(readers, down).forEach(pass -> all.addAll(pass.needed()));
      all.addAll(end.needed());
      all.addAll(List.of(gate, up, opened));
      return all;
    }
  }

  /**
   * The end of a branch.
   *
   * @param norm of its result, or null where the result is added as it is
   * @param plain its result where that is added as it is but not by the last product, else null
   */
  private record Branch(BranchEnd end, NormPass norm, Tensor plain) {
    List<Tensor> needed() {
      return norm == null ? List.of() : norm.neededWithInput();
    }

    /** Gradient of the branch's result from that of the sum; the same where they are. */
    Tensor backward(Tensor gradient) {
      return norm == null ? gradient : norm.backward(end.backward(gradient));
    }
  }

  /**
   * @param x (N, C), freed by {@link #backward}
   */
  LayerPass(LlamaBlock block, Tensor x, AttentionPlan plan, Adaptation adaptation) {
    this.block = block;
    this.plan = plan;
    this.adaptation = adaptation;
    this.x = x;
    long width = x.size(1);
    DecoderShape shape = block.config().shape();
    keptByAttention = adaptation.kept(block.index(), x.size(0), width, ATTENTION);
    keptByOutput = adaptation.kept(block.index(), x.size(0), shape.inputOf(O_PROJ), O_PROJ);
    keptByGated = adaptation.kept(block.index(), x.size(0), width, GATED);
    keptByDown = adaptation.kept(block.index(), x.size(0), shape.inputOf(DOWN_PROJ), DOWN_PROJ);
  }

  /**
   * @param remember whether what the backward pass needs is kept; otherwise it is computed again
   * @return (N, C)
   */
  Tensor forward(boolean remember) {
    try (var scope = Scope.open()) {
      AttentionPart first = attentionPart();
      FeedForwardPart second = feedForwardPart(first.result());
      if (remember) {
        first.tensors().forEach(scope::keep);
        second.tensors().forEach(scope::keep);
        attention = first;
        feedForward = second;
      }
      return scope.keep(
          joined(second.end(), first.result(), second.opened(), DOWN_PROJ, second.down()));
    }
  }

  private AttentionPart attentionPart() {
    NormPass norm = NormPass.of(x, block.attentionNorm());
    Tensor h = norm.output();
    AdapterPass readers = adaptation.pass(block.index(), h, keptByAttention, ATTENTION);
    NormPass queryNorm = NormPass.of(project(Q_PROJ, h, readers), block.headNorm(Q_PROJ));
    NormPass keyNorm = NormPass.of(project(K_PROJ, h, readers), block.headNorm(K_PROJ));
    AttentionPass heads =
        new AttentionPass(
            block.config(),
            block.index(),
            plan,
            queryNorm.output(),
            keyNorm.output(),
            project(V_PROJ, h, readers),
            LearnedColumns.of(
                adaptation.prefix(block.index()), plan.look(block.index()), block.config()));
    Tensor attended = heads.output();
    AdapterPass output = adaptation.pass(block.index(), attended, keptByOutput, O_PROJ);
    Branch end = branch(block.attentionEnd(), attended, O_PROJ, output);
    Tensor result = joined(end, x, attended, O_PROJ, output);
    return new AttentionPart(
        norm, h, readers, queryNorm, keyNorm, heads, attended, output, end, result);
  }

  /** All but the product that ends the layer, unless the backward pass needs its result. */
  private FeedForwardPart feedForwardPart(Tensor middle) {
    NormPass norm = NormPass.of(middle, block.feedForwardNorm());
    Tensor h = norm.output();
    AdapterPass readers = adaptation.pass(block.index(), h, keptByGated, GATED);
    Tensor gate = project(GATE_PROJ, h, readers);
    Tensor up = project(UP_PROJ, h, readers);
    Tensor opened = activation().of(gate).mulInPlace(up);
    AdapterPass down = adaptation.pass(block.index(), opened, keptByDown, DOWN_PROJ);
    Branch end = branch(block.feedForwardEnd(), opened, DOWN_PROJ, down);
    return new FeedForwardPart(norm, h, readers, gate, up, opened, down, end);
  }

  private Activation activation() {
    return block.config().form().activation();
  }

  private Branch branch(BranchEnd end, Tensor h, Projection projection, AdapterPass adapters) {
    if (end.isPlain() && !adapters.rescales(projection)) {
      return new Branch(end, null, null);
    }
    Tensor result = project(projection, h, adapters);
    return end.isPlain()
        ? new Branch(end, null, result)
        : new Branch(end, NormPass.of(result, end.norm()), null);
  }

  private Tensor joined(
      Branch branch, Tensor to, Tensor h, Projection projection, AdapterPass adapters) {
    if (branch.norm() != null) {
      return branch.end().join(to, branch.norm().output());
    }
    return branch.plain() == null ? residual(to, h, projection, adapters) : to.add(branch.plain());
  }

  private Tensor project(Projection projection, Tensor h, AdapterPass adapters) {
    boolean rescales = adapters.rescales(projection);
    Tensor bias = block.bias(projection);
    Tensor output = block.weight(projection).linear(h, rescales ? null : bias);
    adapters.addTo(projection, output);
    if (!rescales) {
      return output;
    }
    Tensor rescaled = adapters.rescaled(projection, output);
    return bias == null ? rescaled : rescaled.addInPlace(bias, 1);
  }

  private Tensor residual(Tensor to, Tensor h, Projection projection, AdapterPass adapters) {
    Tensor sum = block.weight(projection).addTo(to, h);
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
      if (attention == null) {
        attention = attentionPart();
        feedForward = feedForwardPart(attention.result());
      }
      backwardFeedForward(gradient);
      Tensor read = backwardAttention(gradient, wanted);
      if (wanted) {
        attention.norm().backward(read, gradient);
      }
      feedForward.tensors().forEach(Tensor::close);
      attention.tensors().forEach(Tensor::close);
      attention = null;
      feedForward = null;
      x.close();
      return wanted ? gradient : null;
    }
  }

  private void backwardFeedForward(Tensor gradient) {
    FeedForwardPart part = feedForward;
    Tensor opened = backward(DOWN_PROJ, part.end().backward(gradient), part.opened(), part.down());
    Tensor up = opened.mul(activation().of(part.gate()));
    Tensor gate = activation().backward(part.gate(), opened.mulInPlace(part.up()));
    gate = takeGradient(GATE_PROJ, gate, part.normed(), part.readers());
    up = takeGradient(UP_PROJ, up, part.normed(), part.readers());
    Tensor read = block.weight(GATE_PROJ).backward(gate);
    block.weight(UP_PROJ).addBackward(read, up);
    part.readers().addInputGradient(read);
    part.norm().backward(read, gradient);
  }

  private Tensor backwardAttention(Tensor gradient, boolean wanted) {
    AttentionPart part = attention;
    Tensor attended =
        backward(O_PROJ, part.end().backward(gradient), part.attended(), part.output());
    List<Tensor> heads = part.heads().backward(attended);
    if (part.heads().learnedGradient() != null) {
      adaptation.addPrefixGradient(block.index(), part.heads().learnedGradient());
    }
    List<Tensor> outputs =
        List.of(
            part.queryNorm().backward(heads.get(0)),
            part.keyNorm().backward(heads.get(1)),
            heads.get(2));
    Tensor read = null;
    for (int i = 0; i < ATTENTION.length; i++) {
      Tensor head = takeGradient(ATTENTION[i], outputs.get(i), part.normed(), part.readers());
      Weight weight = block.weight(ATTENTION[i]);
      if (wanted) {
        read = read == null ? weight.backward(head) : weight.addBackward(read, head);
      }
    }
    part.readers().addInputGradient(read);
    return read;
  }

  /** Gradient of the input of the projection that ends a branch, from that of its result. */
  private Tensor backward(
      Projection projection, Tensor gradient, Tensor input, AdapterPass adapters) {
    Tensor product = takeGradient(projection, gradient, input, adapters);
    Tensor read = block.weight(projection).backward(product);
    adapters.addInputGradient(read);
    return read;
  }

  /**
   * Gradients of what a projection is made of, from that of its output.
   *
   * @return gradient of the product of its weight
   */
  private Tensor takeGradient(
      Projection projection, Tensor gradient, Tensor input, AdapterPass adapters) {
    Tensor product = adapters.takeGradient(projection, gradient);
    Weight weight = block.weight(projection);
    if (weight.requiresGrad()) {
      weight.addGrad(product.transpose(0, 1).matmul(input));
      if (block.bias(projection) != null) {
        block.bias(projection).addGrad(gradient.sum(0, false));
      }
    }
    return product;
  }
}
