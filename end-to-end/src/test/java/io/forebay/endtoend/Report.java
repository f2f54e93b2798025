package io.forebay.endtoend;

/** Lines for whoever watches {@code ./test}. */
final class Report {
  private Report() {}

  static void line(String text) {
    System.out.println(">> " + text);
  }
}
