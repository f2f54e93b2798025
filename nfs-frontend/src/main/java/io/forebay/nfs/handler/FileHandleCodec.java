package io.forebay.nfs.handler;

import io.forebay.engine.InodeId;
import io.forebay.engine.RecordStore;
import io.forebay.engine.VolumeId;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.xdr.Opaque;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * File handles on the wire: 48 bytes, the same for the same object for ever (RFC 8881 section
 * 4.2.2, persistent). The seal, made with a key that is kept with the volume, is why a client
 * cannot make up a handle of a file it was never shown, beside its export, say.
 *
 * <pre>
 *  0  version, 1          2  zero (2)           8  volume (16)     32  inode or pseudo node (8)
 *  1  kind, 1 or 2        4  generation (4)    24  export (8)      40  seal of bytes 0 to 39 (8)
 * </pre>
 */
final class FileHandleCodec {
  /** Every handle's length. */
  static final int BYTES = 48;

  private static final String SPACE = "nfs";
  private static final String KEY = "file-handle-key";
  private static final byte VERSION = 1;
  private static final byte INODE = 1;
  private static final byte PSEUDO = 2;
  private static final int SEALED_BYTES = 40;

  private final VolumeId volume;
  private final SipHash seal;

  FileHandleCodec(VolumeId volume, SipHash seal) {
    this.volume = volume;
    this.seal = seal;
  }

  /** With the volume's key, which is made at the first start. */
  static FileHandleCodec open(VolumeId volume, RecordStore records, RandomGenerator random) {
    Optional<byte[]> stored = records.get(SPACE, KEY);
    if (stored.isPresent()) {
      ByteBuffer key = ByteBuffer.wrap(stored.get());
      return new FileHandleCodec(volume, new SipHash(key.getLong(), key.getLong()));
    }
    SipHash made = new SipHash(random.nextLong(), random.nextLong());
    ByteBuffer key = ByteBuffer.allocate(2 * Long.BYTES);
    key.putLong(made.key0()).putLong(made.key1());
    records.put(SPACE, KEY, key.array());
    return new FileHandleCodec(volume, made);
  }

  Opaque encode(FileHandle handle) {
    return switch (handle) {
      case FileHandle.OfInode file ->
          encode(INODE, file.generation(), file.export(), file.inode().value());
      case FileHandle.OfPseudo pseudo -> encode(PSEUDO, 0, 0, pseudo.node());
    };
  }

  private Opaque encode(byte kind, int generation, long export, long object) {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.put(VERSION).put(kind).putShort((short) 0).putInt(generation);
    out.putLong(volume.uuid().getMostSignificantBits());
    out.putLong(volume.uuid().getLeastSignificantBits());
    out.putLong(export).putLong(object);
    out.putLong(seal.hash(out.array(), SEALED_BYTES));
    return Opaque.of(out.array());
  }

  /**
   * Reads a handle; whether its object still exists is another question.
   *
   * @throws NfsException BADHANDLE for what this server never gave out; STALE for a handle of
   *     another volume
   */
  FileHandle decode(Opaque handle) {
    byte[] bytes = handle.toBytes();
    if (bytes.length != BYTES || bytes[0] != VERSION) {
      throw new NfsException(NfsStatus.BADHANDLE);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getLong(8) != volume.uuid().getMostSignificantBits()
        || in.getLong(16) != volume.uuid().getLeastSignificantBits()) {
      throw new NfsException(NfsStatus.STALE);
    }
    if (in.getLong(SEALED_BYTES) != seal.hash(bytes, SEALED_BYTES)) {
      throw new NfsException(NfsStatus.BADHANDLE);
    }
    long object = in.getLong(32);
    return switch (bytes[1]) {
      case INODE -> new FileHandle.OfInode(in.getLong(24), new InodeId(object), in.getInt(4));
      case PSEUDO -> new FileHandle.OfPseudo(object);
      default -> throw new NfsException(NfsStatus.BADHANDLE);
    };
  }
}
