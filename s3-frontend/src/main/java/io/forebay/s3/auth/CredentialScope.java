package io.forebay.s3.auth;

/**
 * For which key, day, region and service a signature was made.
 *
 * @param date eight digits
 */
record CredentialScope(String keyId, String date, String region, String service, String terminal) {
  static final String TERMINAL = "aws4_request";
  static final String SERVICE = "s3";

  /** As the string to sign has it, without the key. */
  String text() {
    return date + "/" + region + "/" + service + "/" + terminal;
  }
}
