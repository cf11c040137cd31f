---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The methods of `module`, to which modules may add.
---@type module
local lib

return lib
