/** The port, its values, what filters and scores mean, and the errors. */
@NullMarked
package dev.vectorstore;

import org.jspecify.annotations.NullMarked;
