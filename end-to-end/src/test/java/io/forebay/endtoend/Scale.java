package io.forebay.endtoend;

import java.util.List;

/**
 * How much the scenarios do. {@code -Dforebay.e2e.scale=full} asks for the sizes of the
 * requirement; the default leaves the same steps and makes them fit into minutes on two cores.
 *
 * @param treeDirectories of the source tree's package, what is unpacked; "." for all
 * @param bigFileMiB the file that is overwritten at random
 * @param overwrites how often
 * @param directoryEntries the directory that is listed while it changes
 * @param multipartMiB the object uploaded in parts
 */
record Scale(
    List<String> treeDirectories,
    int bigFileMiB,
    int overwrites,
    int directoryEntries,
    int multipartMiB) {
  private static final Scale FULL = new Scale(List.of("."), 4096, 10_000, 100_000, 5120);
  private static final Scale TEST =
      new Scale(
          List.of("src/runtime", "src/go", "src/net", "src/internal", "test"),
          512,
          2_000,
          20_000,
          256);

  /** Where the backing bucket is a second server on the same two cores. */
  private static final Scale SMALL = new Scale(TEST.treeDirectories, 128, 500, 5_000, 64);

  static Scale ofTest() {
    return isFull() ? FULL : TEST;
  }

  static Scale ofSecondBackend() {
    return isFull() ? FULL : SMALL;
  }

  private static boolean isFull() {
    return System.getProperty("forebay.e2e.scale", "test").equals("full");
  }
}
