/** Configuration of the S3 frontend: leaf package, depends on the JDK only. Immutable. */
@NullMarked
package io.forebay.s3;

import org.jspecify.annotations.NullMarked;
