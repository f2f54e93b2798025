/** Signatures against S3's published examples, the SDK's signer, and those who tamper. */
@NullMarked
package io.forebay.s3.auth;

import org.jspecify.annotations.NullMarked;
