package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.InodeId;
import io.forebay.engine.RecordStore;
import io.forebay.engine.VolumeId;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.testkit.Seeds;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** RFC 8881 section 4.2: file handles. */
class FileHandleCodecTest {
  private static final VolumeId VOLUME = new VolumeId(new UUID(0x1122334455667788L, -7));
  private static final FileHandle FILE =
      new FileHandle.OfInode(0x0102030405060708L, new InodeId(77), 5);

  private final FileHandleCodec codec = new FileHandleCodec(VOLUME, new SipHash(1, 2));

  @Test
  void aHandleSaysWhatItWasMadeOf() {
    FileHandle pseudo = new FileHandle.OfPseudo(99);

    assertThat(codec.decode(codec.encode(FILE))).isEqualTo(FILE);
    assertThat(codec.decode(codec.encode(pseudo))).isEqualTo(pseudo);
  }

  @Test
  void theFormOfAHandleNeverChanges() {
    assertThat(codec.encode(FILE).toHex())
        .startsWith(
            "01010000"
                + "00000005"
                + "1122334455667788fffffffffffffff9"
                + "0102030405060708"
                + "000000000000004d")
        .hasSize(2 * FileHandleCodec.BYTES);
  }

  @Test
  void theKeyIsMadeOnceAndKept() {
    Keeping records = new Keeping();
    Opaque first = FileHandleCodec.open(VOLUME, records, new Random(1)).encode(FILE);
    Opaque afterRestart = FileHandleCodec.open(VOLUME, records, new Random(2)).encode(FILE);

    assertThat(afterRestart).isEqualTo(first);
    assertThat(FileHandleCodec.open(VOLUME, new Keeping(), new Random(2)).encode(FILE))
        .isNotEqualTo(first);
  }

  @Test
  void aHandleOfAnotherVolumeIsStale() {
    VolumeId other = new VolumeId(new UUID(1, 1));
    Opaque theirs = new FileHandleCodec(other, new SipHash(1, 2)).encode(FILE);

    assertThat(refusal(theirs)).isEqualTo(NfsStatus.STALE);
  }

  @Test
  void aHandleSealedWithAnotherKeyIsBad() {
    Opaque forged = new FileHandleCodec(VOLUME, new SipHash(1, 3)).encode(FILE);

    assertThat(refusal(forged)).isEqualTo(NfsStatus.BADHANDLE);
  }

  @Test
  void noChangedBitPasses() {
    byte[] handle = codec.encode(FILE).toBytes();
    for (int bit = 0; bit < handle.length * Byte.SIZE; bit++) {
      byte[] changed = handle.clone();
      changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);

      assertThat(refusal(Opaque.of(changed))).isIn(NfsStatus.BADHANDLE, NfsStatus.STALE);
    }
  }

  @Test
  void noOtherLengthPasses() {
    byte[] handle = codec.encode(FILE).toBytes();
    for (int length = 0; length <= 128; length++) {
      if (length != handle.length) {
        byte[] other = Arrays.copyOf(handle, length);

        assertThat(refusal(Opaque.of(other))).isEqualTo(NfsStatus.BADHANDLE);
      }
    }
  }

  @Test
  void randomBytesAreBad() {
    Random random = Seeds.random("randomBytesAreBad");
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = Seeds.bytes(random, random.nextInt(129));
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[0] = 1;
      }

      assertThat(refusal(Opaque.of(bytes))).isIn(NfsStatus.BADHANDLE, NfsStatus.STALE);
    }
  }

  private NfsStatus refusal(Opaque handle) {
    try {
      FileHandle unused = codec.decode(handle);
      return NfsStatus.OK;
    } catch (NfsException e) {
      return e.status();
    }
  }

  private static final class Keeping implements RecordStore {
    private final Map<String, byte[]> kept = new HashMap<>();

    @Override
    public Optional<byte[]> get(String space, String key) {
      return Optional.ofNullable(kept.get(space + "/" + key));
    }

    @Override
    public void put(String space, String key, byte[] value) {
      kept.put(space + "/" + key, value);
    }

    @Override
    public void remove(String space, String key) {
      kept.remove(space + "/" + key);
    }

    @Override
    public List<Entry> list(String space, String afterKey, int limit) {
      throw new UnsupportedOperationException();
    }
  }
}
