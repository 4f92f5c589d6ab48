/** The contract that every engine passes, as JUnit tests. */
@NullMarked
package dev.vectorstore.testkit;

import org.jspecify.annotations.NullMarked;
