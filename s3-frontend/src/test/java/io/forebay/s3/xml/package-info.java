@NullMarked
package io.forebay.s3.xml;

import org.jspecify.annotations.NullMarked;
