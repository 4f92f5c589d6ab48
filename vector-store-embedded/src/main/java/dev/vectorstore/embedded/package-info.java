/** The engine in your own process, on Apache Lucene. */
@NullMarked
package dev.vectorstore.embedded;

import org.jspecify.annotations.NullMarked;
