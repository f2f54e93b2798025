@NullMarked
package io.forebay.s3.op;

import org.jspecify.annotations.NullMarked;
