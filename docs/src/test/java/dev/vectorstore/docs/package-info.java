/** Pages whose snippets compile and run, and the rules of the house as tests. Not published. */
@NullMarked
package dev.vectorstore.docs;

import org.jspecify.annotations.NullMarked;
