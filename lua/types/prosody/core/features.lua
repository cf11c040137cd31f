---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---What the server can do, by name: the set `available`.
---@class core.features.library
local lib = {}

return lib
