package io.forebay.engine.file;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Extents that one read has loaded: the read goes on with them even if the file, being at its
 * bound, does not keep them. One thread.
 */
final class LoadedWindows {
  private ExtentWindows windows = empty();
  private long version = -1;
  private long layout = -1;

  private static ExtentWindows empty() {
    return new ExtentWindows(new AtomicLong(), Long.MAX_VALUE, Integer.MAX_VALUE);
  }

  /**
   * Adds what was loaded of the content with this version, in this layout; what is of another is of
   * no use.
   */
  void add(ExtentWindow window, long ofVersion, long ofLayout) {
    if (version != ofVersion || layout != ofLayout) {
      windows = empty();
      version = ofVersion;
      layout = ofLayout;
    }
    windows.add(window);
  }

  /** The window around an offset, if it is of this version; else null. */
  @Nullable ExtentWindow at(long offset, long ofVersion, long ofLayout) {
    return version == ofVersion && layout == ofLayout ? windows.at(offset) : null;
  }
}
