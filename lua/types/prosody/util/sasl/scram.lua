---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Keys for SCRAM (RFC 5802).
---@class util.sasl.scram.library
local lib = {}

return lib
