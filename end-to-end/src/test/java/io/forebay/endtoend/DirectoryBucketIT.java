package io.forebay.endtoend;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** With a local directory as the backing bucket, the embedded default. */
final class DirectoryBucketIT extends BothWays {
  @Override
  Backing backing(Path directory) {
    return new Backing(List.of("--bucket-url", "file://" + directory), Map.of());
  }

  @Override
  void stopBacking() {}

  @Override
  Scale scale() {
    return Scale.ofTest();
  }
}
