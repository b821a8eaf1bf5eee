package dev.ilora.adapter;

/**
 * The sizes of a base model that decide the shapes of its adapters.
 *
 * @param layers decoder layers
 * @param hidden width of the residual stream, C
 * @param intermediate width of the feed-forward layer, F
 * @param queryWidth heads x head width
 * @param keyValueWidth key/value heads x head width
 */
public record DecoderShape(
    int layers, int hidden, int intermediate, int queryWidth, int keyValueWidth) {
  /** Most layers of a decoder; none has as many. */
  public static final int MOST_LAYERS = 1 << 10;

  /** Width a projection reads. */
  public int inputOf(Projection projection) {
    return switch (projection) {
      case Q_PROJ, K_PROJ, V_PROJ, GATE_PROJ, UP_PROJ -> hidden;
      case O_PROJ -> queryWidth;
      case DOWN_PROJ -> intermediate;
    };
  }

  /** Width a projection writes. */
  public int outputOf(Projection projection) {
    return switch (projection) {
      case Q_PROJ -> queryWidth;
      case K_PROJ, V_PROJ -> keyValueWidth;
      case O_PROJ, DOWN_PROJ -> hidden;
      case GATE_PROJ, UP_PROJ -> intermediate;
    };
  }
}
