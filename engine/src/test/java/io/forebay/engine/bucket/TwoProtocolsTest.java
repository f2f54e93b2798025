package io.forebay.engine.bucket;

import io.forebay.testkit.ManualClock;
import io.forebay.testkit.TwoProtocolsContract;
import io.forebay.testkit.VolumeUnderTest;
import java.nio.file.Path;

class TwoProtocolsTest extends TwoProtocolsContract {
  @Override
  protected VolumeUnderTest open(Path where) {
    return new StoredVolume(where, new ManualClock());
  }
}
