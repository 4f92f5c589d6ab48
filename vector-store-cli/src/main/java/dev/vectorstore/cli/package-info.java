/** The program vector-store. */
@NullMarked
package dev.vectorstore.cli;

import org.jspecify.annotations.NullMarked;
