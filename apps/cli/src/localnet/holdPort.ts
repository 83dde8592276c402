/** Takes a TCP port of the loopback, which is the only sure way to know that it is free. Whoever connects is turned away at once. */
import { createServer } from "node:net";

export type HeldPort = { readonly port: number; readonly release: () => Promise<void> };

/** Null when the port is in use, or needs rights that this user has not. */
export function holdPort(port: number): Promise<HeldPort | null> {
  const server = createServer((socket) => void socket.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(null);
      else reject(error);
    });
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address() as { readonly port: number };
      const release = () => new Promise<void>((done) => server.close(() => done()));
      resolve({ port: address.port, release });
    });
  });
}
