/** Specifies the admin port over loopback. */
@NullMarked
package io.forebay.gateway.admin;

import org.jspecify.annotations.NullMarked;
