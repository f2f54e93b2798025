/** HTTP over loopback sockets, with clients that behave and clients that do not. */
@NullMarked
package io.forebay.s3.http;

import org.jspecify.annotations.NullMarked;
