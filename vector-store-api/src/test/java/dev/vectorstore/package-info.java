/** Tests of the port's values and their meaning. */
@NullMarked
package dev.vectorstore;

import org.jspecify.annotations.NullMarked;
