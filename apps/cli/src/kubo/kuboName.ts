/** The one Kubo of a localnet: its kind and its name. */
export const kuboName = "kubo";
