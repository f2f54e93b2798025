package io.forebay.engine.file;

import io.forebay.testkit.FileSystemWorld;
import io.forebay.testkit.NamespaceContract;
import java.nio.file.Path;

class StoredNamespaceTest extends NamespaceContract {
  @Override
  protected FileSystemWorld open(Path directory) {
    return new StoredVolume(directory);
  }
}
