/** Where the explorer's records are, for the server of the pages passes it on. */
export const explorer = "/explorer/v1";
