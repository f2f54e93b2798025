package io.forebay.engine.file;

import io.forebay.testkit.ExtendedAttributeContract;
import io.forebay.testkit.FileSystemWorld;
import java.nio.file.Path;

class StoredExtendedAttributeTest extends ExtendedAttributeContract {
  @Override
  protected FileSystemWorld open(Path directory) {
    return new StoredVolume(directory);
  }
}
