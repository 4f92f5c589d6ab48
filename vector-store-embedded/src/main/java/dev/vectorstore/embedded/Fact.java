package dev.vectorstore.embedded;

/**
 * What is indexed of a payload's value: one term a fact. A filter asks for facts, so most filters
 * are answered by the index alone and mean exactly the same.
 */
enum Fact {
  /** The key is there. */
  EXISTS('e'),
  /** The value is an object. */
  OBJECT('o'),
  /** The value is a list. */
  LIST('l'),
  /** The value is null. */
  NULL('z'),
  /** The value is this boolean. */
  BOOLEAN('b'),
  /** The value is this number. */
  NUMBER('n'),
  /** The value is this string. */
  STRING('s'),
  /** The value is a string that names this instant. */
  INSTANT('i'),
  /** An element of the list is null. */
  NULL_ELEMENT('Z'),
  /** An element of the list is this boolean. */
  BOOLEAN_ELEMENT('B'),
  /** An element of the list is this number. */
  NUMBER_ELEMENT('N'),
  /** An element of the list is this string. */
  STRING_ELEMENT('S'),
  /** An element of the list is a string that names this instant. */
  INSTANT_ELEMENT('I'),
  /** The string, or a string of the list, has this term. */
  TEXT_TERM('t'),
  /** The field was declared as text when the record was written, so its terms are indexed. */
  TEXT_INDEXED('T');

  private final byte tag;

  Fact(char tag) {
    this.tag = (byte) tag;
  }

  byte tag() {
    return tag;
  }
}
