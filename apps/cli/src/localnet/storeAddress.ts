/** Where the content store of a process of this machine listens; port 0 is a free one. */
export function storeAddress(port: number): string {
  return `/ip4/127.0.0.1/tcp/${port}`;
}
