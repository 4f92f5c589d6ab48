/** What two or more engines share. No promise to users. */
@NullMarked
package dev.vectorstore.support;

import org.jspecify.annotations.NullMarked;
