/** JMH runs of our engines beside others. Not published. */
@NullMarked
package dev.vectorstore.benchmarks;

import org.jspecify.annotations.NullMarked;
