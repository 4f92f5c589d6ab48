/** Copies one store to another and proves that search still answers the same. */
@NullMarked
package dev.vectorstore.migration;

import org.jspecify.annotations.NullMarked;
