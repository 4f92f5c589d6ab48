package dev.vectorstore.support;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import org.jspecify.annotations.Nullable;

/**
 * Why client and server don't come to terms on encryption: the one table of all engines. No request
 * was carried out by then, and to try again changes nothing, so it is told once. It takes a proof;
 * a connection that just ends while it is being encrypted is none.
 */
public enum TlsFault {
  /** The certificate comes from nobody who is trusted. */
  UNTRUSTED(
      "the certificate of the server at %s isn't trusted%s: it is signed by itself, or by an"
          + " authority that isn't among those trusted; "),
  /** The certificate was valid once. */
  EXPIRED(
      "the certificate of the server at %s has expired%s; renew it there, or set the clock of this"
          + " machine if that is wrong"),
  /** The certificate will be valid. */
  NOT_YET_VALID(
      "the certificate of the server at %s isn't valid yet%s; set the clock of this machine if that"
          + " is wrong, or give the server another certificate"),
  /** The certificate is one of another host. */
  OF_ANOTHER_HOST(
      "the certificate of the server at %s is trusted, and is one of another host's name%s; use the"
          + " name that the certificate has"),
  /** No version of TLS, cipher or protocol in common. */
  NO_COMMON_WAY(
      "no encrypted connection to %s came about, since client and server agree on no way%s; check"
          + " the name in the URL, which versions of TLS and which ciphers the server takes, and"
          + " whether it asks its clients for certificates"),
  /** The server wants to know who the client is. */
  CLIENT_CERTIFICATE(
      "the server at %s asks its clients for a certificate%s, and takes none that it was given; "),
  /** The port has no TLS. */
  LACKING("the server at %s takes no encrypted connections%s"),
  /** The port has nothing else than TLS. */
  NEEDED(
      "the server at %s takes encrypted connections only%s, and this one was in plain text; write"
          + " https:// in the URL");

  private final String message;

  TlsFault(String message) {
    this.message = message;
  }

  /**
   * What differs between engines: what a user does. Each ends a sentence.
   *
   * @param trust how a certificate is trusted
   * @param name what else helps if the certificate is of another host
   * @param certificate how the client shows a certificate of its own
   * @param plain how to do without encryption, or how to have it
   */
  public record Remedies(String trust, String name, String certificate, String plain) {}

  /**
   * The error: never retryable, and nothing is in doubt.
   *
   * @param remedies the engine's
   * @param place where the server is
   * @param said what it said, in brackets with a space before, or empty
   * @param cause what the client or the driver threw
   */
  public VectorStoreException toException(
      Remedies remedies, String place, String said, @Nullable Throwable cause) {
    String text = message.formatted(place, said) + end(remedies);
    return this == LACKING || this == NEEDED
        ? new UnsupportedFeature(text)
        : new AccessDenied(text, cause);
  }

  private String end(Remedies remedies) {
    return switch (this) {
      case UNTRUSTED -> remedies.trust;
      case OF_ANOTHER_HOST -> remedies.name;
      case CLIENT_CERTIFICATE -> remedies.certificate;
      case LACKING -> remedies.plain;
      case EXPIRED, NOT_YET_VALID, NO_COMMON_WAY, NEEDED -> "";
    };
  }

  /**
   * A fault and what showed it.
   *
   * @param fault what is wrong
   * @param said what a library says of it, in brackets with a space before, or empty
   */
  public record Proof(TlsFault fault, String said) {}
}
