/** The engine over a Qdrant server. */
@NullMarked
package dev.vectorstore.qdrant;

import org.jspecify.annotations.NullMarked;
