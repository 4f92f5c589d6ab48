package dev.vectorstore.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The JDK's keytool, and stores of keys in a folder that it makes. */
record Keytool(Path folder) {
  private static final String PASSWORD = "password";

  /** Makes a key, and a certificate that it signs itself; both are in a store of that name. */
  void makeKey(String name, String... extensions) {
    List<String> arguments = arguments("-genkeypair", name);
    arguments.addAll(List.of("-keyalg", "RSA", "-dname", "CN=" + name));
    arguments.addAll(List.of(extensions));
    run(arguments);
  }

  /** Lets one key sign the certificate of another; the certificate is in a file in PEM form. */
  Path sign(String signer, String name, String... extensions) {
    Path request = folder.resolve(name + ".csr");
    List<String> asked = arguments("-certreq", name);
    asked.addAll(List.of("-file", request.toString()));
    run(asked);
    Path certificate = folder.resolve(name + ".pem");
    List<String> arguments = arguments("-gencert", signer);
    arguments.addAll(List.of("-rfc", "-infile", request.toString()));
    arguments.addAll(List.of("-outfile", certificate.toString()));
    arguments.addAll(List.of(extensions));
    run(arguments);
    try {
      // keytool ends lines as Windows does, which not every server takes.
      return Files.writeString(certificate, Files.readString(certificate).replace("\r", ""));
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write a certificate", e);
    }
  }

  /** Writes the certificate of a store as PEM. */
  Path certificate(String name) {
    try {
      byte[] der = store(name).getCertificate(name).getEncoded();
      return Files.writeString(folder.resolve(name + ".pem"), pem("CERTIFICATE", der));
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write a certificate", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Can't read a certificate", e);
    }
  }

  /** Writes the private key of a store as PEM. */
  Path key(String name) {
    try {
      byte[] der = store(name).getKey(name, PASSWORD.toCharArray()).getEncoded();
      return Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", der));
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write a key", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Can't read a key", e);
    }
  }

  private List<String> arguments(String command, String alias) {
    Path store = folder.resolve(alias + ".p12");
    return new ArrayList<>(
        List.of(
            command,
            "-alias",
            alias,
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            store.toString()));
  }

  private KeyStore store(String name) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve(name + ".p12"))) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static void run(List<String> arguments) {
    String program = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    ProcessBuilder command = new ProcessBuilder(program);
    command.command().addAll(arguments);
    try {
      Process running = command.redirectErrorStream(true).start();
      String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (running.waitFor() != 0) {
        throw new IllegalStateException("keytool failed: " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Can't run keytool", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a certificate was made", e);
    }
  }

  private static String pem(String type, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
  }
}
