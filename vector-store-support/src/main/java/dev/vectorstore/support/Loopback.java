package dev.vectorstore.support;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Tells by its name alone whether a host is this machine, to which a key may go in plain text. */
public final class Loopback {
  private static final Pattern NAME =
      Pattern.compile("localhost|127(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");

  private Loopback() {}

  /**
   * Whether a host is this machine. Nothing is looked up: that would be I/O, and who answers could
   * lie.
   *
   * @param host a name or an address, IPv6 ones with or without brackets
   * @return true for {@code localhost} and for the addresses of the loopback interface
   */
  public static boolean is(String host) {
    String name = host.replaceAll("[\\[\\]]", "");
    return name.contains(":")
        ? isAddress(name)
        : NAME.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  /** In brackets nothing is looked up. */
  private static boolean isAddress(String digits) {
    try {
      return InetAddress.getByName("[" + digits + "]").isLoopbackAddress();
    } catch (UnknownHostException malformed) {
      return false;
    }
  }
}
