/** JMH runs of the engines. Not published. */
@NullMarked
package dev.vectorstore.benchmarks;

import org.jspecify.annotations.NullMarked;
