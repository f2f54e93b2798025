@NullMarked
package io.forebay.s3.handler;

import org.jspecify.annotations.NullMarked;
