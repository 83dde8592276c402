/** What the door to Node hashes with. */
#ifndef R3MES_HASHES_H
#define R3MES_HASHES_H

#define NAPI_VERSION 8
#include <node_api.h>
#include <stdbool.h>

/** Exports `sha256Each`, `hashTiles`, `topOfTiles` and `rootOfTiles`. */
bool r3mes_export_hashes(napi_env env, napi_value exports);

#endif
