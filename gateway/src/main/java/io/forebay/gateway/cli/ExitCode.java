package io.forebay.gateway.cli;

/** How the process ends. Scripts and service managers rely on the numbers. */
public enum ExitCode {
  OK(0, "stopped after SIGTERM, SIGINT or SIGHUP, requests finished; or a command did its work"),
  FAILURE(1, "anything else; the last line of the log says what"),
  USAGE(2, "the command line or the configuration is wrong; nothing was started"),
  PORT_TAKEN(3, "a port is taken or may not be used; also the JVM's own code when memory runs out"),
  DATA_DIRECTORY(4, "another process has the data directory, or it cannot be used"),
  BUCKET(
      5,
      "the backing bucket cannot be used, holds another volume, or another gateway has the volume");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  public int number() {
    return number;
  }

  /** For the reference. */
  public String meaning() {
    return meaning;
  }
}
