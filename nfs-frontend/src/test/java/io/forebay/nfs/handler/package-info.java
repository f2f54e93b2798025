/** Tests of COMPOUND execution over a real engine. */
@NullMarked
package io.forebay.nfs.handler;

import org.jspecify.annotations.NullMarked;
