package io.forebay.engine.metadata;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.object.DurableDirectories;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets before they are stored, with AES-256-GCM (docs/format.md, section "Secrets"). The
 * key itself is a file outside the metadata: whoever has the bucket, or a copy of the database, has
 * no secrets. Immutable and thread-safe.
 */
public final class MasterKey {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int ID_BYTES = 8;
  private static final int TEXT_LENGTH = KEY_BYTES * 2;

  private final SecretKeySpec key;
  private final String id;
  private final RandomGenerator random;

  private MasterKey(byte[] key, RandomGenerator random) {
    this.key = new SecretKeySpec(key, "AES");
    this.id = idOf(key);
    this.random = random;
  }

  /**
   * Reads the key, or makes one where there is no file; durable on return.
   *
   * @param file 64 hex digits and a line feed; made with mode 0600; may be a symbolic link
   * @param random unpredictable, and thread-safe; for a new key, and for nonces
   * @throws EngineException {@link ErrorCode#IO} when it cannot be read, {@link ErrorCode#CORRUPT}
   *     when it is no key or others may read it
   */
  public static MasterKey open(Path file, RandomGenerator random) {
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        create(file, random);
      }
      return new MasterKey(read(file), random);
    } catch (IOException e) {
      throw new EngineException(ErrorCode.IO, "cannot use the master key " + file + ": " + e, e);
    }
  }

  /** A crash leaves the whole file under its name, or none. */
  private static void create(Path file, RandomGenerator random) throws IOException {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    byte[] text = (HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.US_ASCII);
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer left = ByteBuffer.wrap(text);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      DurableDirectories.force(parent);
    }
  }

  private static byte[] read(Path file) throws IOException {
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    if (!mode.endsWith("------")) {
      throw new EngineException(
          ErrorCode.CORRUPT,
          "others than its owner have access to the master key " + file + ": chmod 600 " + file);
    }
    if (Files.size(file) <= TEXT_LENGTH + 2) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
      if (text.matches("[0-9a-fA-F]{" + TEXT_LENGTH + "}")) {
        return HexFormat.of().parseHex(text);
      }
    }
    throw new EngineException(
        ErrorCode.CORRUPT, "the master key " + file + " is not " + TEXT_LENGTH + " hex digits");
  }

  private static String idOf(byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("forebay master key".getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(key), 0, ID_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Says which key sealed something, and nothing about the key: 16 hex digits. */
  public String id() {
    return id;
  }

  /**
   * Seals.
   *
   * @param subject what the secret belongs to: the sealed text opens for nothing else
   */
  public String seal(String subject, String secret) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, nonce, subject)
              .doFinal(secret.getBytes(StandardCharsets.UTF_8));
      byte[] all = ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
      return Base64.getEncoder().encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** Opens what {@link #seal} made; empty when it is not ours, or was altered. */
  public Optional<String> open(String subject, String sealed) {
    try {
      byte[] all = Base64.getDecoder().decode(sealed);
      if (all.length < NONCE_BYTES) {
        return Optional.empty();
      }
      ByteBuffer buffer = ByteBuffer.wrap(all);
      byte[] nonce = new byte[NONCE_BYTES];
      buffer.get(nonce);
      byte[] text = new byte[buffer.remaining()];
      buffer.get(text);
      byte[] secret = cipher(Cipher.DECRYPT_MODE, nonce, subject).doFinal(text);
      return Optional.of(new String(secret, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | AEADBadTagException altered) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String subject) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(subject.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  @Override
  public String toString() {
    return "master key " + id;
  }
}
