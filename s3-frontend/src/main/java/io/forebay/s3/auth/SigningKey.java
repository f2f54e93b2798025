package io.forebay.s3.auth;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a secret key becomes for one day and region (AWS Signature Version 4, "Calculate the signing
 * key").
 */
final class SigningKey {
  private static final String HMAC = "HmacSHA256";

  private final SecretKeySpec key;

  private SigningKey(byte[] key) {
    this.key = new SecretKeySpec(key, HMAC);
  }

  /**
   * Derives.
   *
   * @param date eight digits
   */
  static SigningKey derive(String secret, String date, String region) {
    byte[] root = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    SigningKey day = new SigningKey(new SigningKey(root).mac(date));
    SigningKey service = new SigningKey(new SigningKey(day.mac(region)).mac("s3"));
    return new SigningKey(service.mac(CredentialScope.TERMINAL));
  }

  /** 64 hex digits. */
  String sign(String text) {
    return HexFormat.of().formatHex(mac(text));
  }

  /** Compares in constant time. */
  boolean matches(String text, String signature) {
    return MessageDigest.isEqual(
        sign(text).getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] mac(String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has " + HMAC, e);
    }
  }
}
