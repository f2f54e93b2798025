/**
 * The real process between the Linux kernel's NFS client and real S3 clients. Sees the gateway as a
 * user does: by its launcher and its ports.
 */
@NullMarked
package io.forebay.endtoend;

import org.jspecify.annotations.NullMarked;
