package dev.ilora.cli;

/**
 * One thing {@code ilora doctor} looked at.
 *
 * @param name what was looked at
 * @param status whether it is good
 * @param found what was found
 * @param advice what to do about it; empty when it is good
 */
record Check(String name, Status status, String found, String advice) {
  /** How good a finding is. */
  enum Status {
    OK,
    WARNING,
    FAILED
  }

  static Check ok(String name, String found) {
    return new Check(name, Status.OK, found, "");
  }

  static Check warning(String name, String found, String advice) {
    return new Check(name, Status.WARNING, found, advice);
  }

  static Check failed(String name, String found, String advice) {
    return new Check(name, Status.FAILED, found, advice);
  }
}
