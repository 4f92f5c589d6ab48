/**
 * The contract that every engine passes, as JUnit tests, for engines of anybody.
 *
 * <p>A test class implements {@link dev.vectorstore.testkit.VectorStoreContract}, which has all
 * tests, and fills in the two methods of {@link dev.vectorstore.testkit.EngineContract}: which
 * engine it is ({@link dev.vectorstore.testkit.EngineUnderTest}), and how a store of it is opened.
 * {@link dev.vectorstore.testkit.Rule} on a test names the rules of docs/CONTRACT.md that it
 * proves. {@link dev.vectorstore.testkit.EngineRequirement} is the one condition that such a class
 * may have.
 *
 * <p>To be read in this order: {@code VectorStoreContract}, one of the sections that it is made of,
 * {@code Workspace} (what a test works in), {@code FaultyClient} and {@link
 * dev.vectorstore.testkit.TcpProxy} (the network that breaks), {@code ModelStore} (the plainest
 * store that keeps the contract, with which random runs are compared), {@code ContractCheck} (the
 * contract is taken whole). Nothing here knows an engine.
 */
@NullMarked
package dev.vectorstore.testkit;

import org.jspecify.annotations.NullMarked;
