package io.forebay.engine.file;

import io.forebay.testkit.ContentContract;
import io.forebay.testkit.FileSystemWorld;
import java.nio.file.Path;

class StoredContentTest extends ContentContract {
  @Override
  protected FileSystemWorld open(Path directory) {
    return new StoredVolume(directory);
  }
}
