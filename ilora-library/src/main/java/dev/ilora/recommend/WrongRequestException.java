package dev.ilora.recommend;

/** Says which request of several cannot be answered, and why. */
final class WrongRequestException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final int place;
  private final String reason;

  /**
   * @param place of the request, from 0
   * @param count of all requests
   */
  WrongRequestException(int place, int count, IllegalArgumentException cause) {
    super(
        count == 1
            ? cause.getMessage()
            : "request %s of %s: %s".formatted(place + 1, count, cause.getMessage()),
        cause);
    this.place = place;
    this.reason = cause.getMessage();
  }

  int place() {
    return place;
  }

  String reason() {
    return reason;
  }
}
