package io.forebay.engine.file;

import io.forebay.testkit.AttributesContract;
import io.forebay.testkit.FileSystemWorld;
import java.nio.file.Path;

class StoredAttributesTest extends AttributesContract {
  @Override
  protected FileSystemWorld open(Path directory) {
    return new StoredVolume(directory);
  }
}
