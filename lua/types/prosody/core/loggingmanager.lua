---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Where else the log goes.
---@class core.loggingmanager.library
local lib = {}

---Does nothing.
---@param name string
---@param f function
function lib.register_sink_type(name, f) end

---Does nothing.
function lib.reload_logging() end

return lib
