---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Where the log goes: the server's has one place.
---@class core.loggingmanager.library
local lib = {}

---Does nothing.
---@param name string
---@param f function
function lib.register_sink_type(name, f) end

return lib
